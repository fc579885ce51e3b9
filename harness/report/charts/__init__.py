"""Pictures as SVG: loss, metric and gradients of a case, and maps of trainability."""

from harness.report.charts.arms import arms_chart
from harness.report.charts.curve import loss_curve, metric_curve
from harness.report.charts.map_chart import map_chart
from harness.report.charts.norms import norm_curve

__all__ = ["arms_chart", "loss_curve", "map_chart", "metric_curve", "norm_curve"]
