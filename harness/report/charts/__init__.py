"""Pictures as SVG: the loss of a case, and maps of trainability."""

from harness.report.charts.arms import arms_chart
from harness.report.charts.curve import curve
from harness.report.charts.map_chart import map_chart
from harness.report.charts.svg import STYLE

__all__ = ["STYLE", "arms_chart", "curve", "map_chart"]
