import math
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from harness.report.charts import loss_curve, metric_curve
from harness.report.charts.axis import Axis, loss_axis
from harness.results.bands import bands, kept_band, loss_bands
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.seed_run import Numbers, SeedRun

Make = Callable[..., Outcome]


def test_a_picture_is_xml_with_band_median_plateau_and_convergence(make: Make) -> None:
    root = ET.fromstring(loss_curve(make()))  # noqa: S314  # our own text
    classes = [element.get("class") for element in root.iter() if element.get("class")]
    for name in ("band", "median", "plateau", "converged", "grid"):
        assert name in classes


def with_losses(make: Make, *losses: Numbers) -> tuple[SeedRun, ...]:
    return tuple(replace(make().runs[0], train_loss=each) for each in losses)


@pytest.mark.parametrize(
    "losses",
    [
        (),
        (None,),
        (0.7,),
        (0.7, None),
        (0.0, 0.0),
        (-1.0, -2.0),
        (0.7, 1e30),
        (1.0,) * 5000,
        (1e-300, 1e300),
        (1e-300,) * 3,
    ],
)
def test_any_loss_can_be_drawn(make: Make, losses: Numbers) -> None:
    runs = with_losses(make, losses)
    text = loss_curve(make(runs=runs))
    ET.fromstring(text)  # noqa: S314  # our own text
    assert "nan" not in text
    assert "inf" not in text.replace("infinite", "").replace("no finite", "")
    assert len(text) < 12_000


def test_a_case_without_seeds_can_be_drawn(make: Make) -> None:
    assert "no finite loss" in loss_curve(make(epochs=()))


def test_the_accepted_band_is_drawn_behind_and_both_fit(make: Make) -> None:
    accepted = kept_band([(0.7, 90.0, 0.1, 0.01), (0.6, 80.0, 0.1, 0.01)])
    assert accepted
    comparison = Comparison("slower", accepted_bands={"loss": accepted, "metric": accepted})
    outcome = make(runs=with_losses(make, (0.7, 0.6)), comparison=comparison)
    for picture in (loss_curve(outcome), metric_curve(outcome)):
        behind = picture.partition('<g class="accepted">')[2].partition("</g>")
        assert behind[0].count('class="median"') == 1
        assert 'class="median"' in behind[2], "the new seeds come last, in front"
        heights = [float(y) for y in re.findall(r"[ML]\d+\.\d (\d+\.\d)", behind[0])]
        assert min(heights) >= 16
        assert max(heights) <= 152


def test_without_an_accepted_band_nothing_is_drawn_behind(make: Make) -> None:
    assert '<g class="accepted">\n</g>' in loss_curve(make())


def test_a_kept_band_is_what_was_recorded_at_few_epochs() -> None:
    curves = [tuple(float(10 + n - epoch) for epoch in range(100)) for n in range(3)]
    found = kept_band([*curves, (None,)])
    assert found
    assert len(found.epochs) <= 24
    assert (found.epochs[0], found.epochs[-1]) == (0, 99)
    whole = bands(curves)
    for epoch, *values in zip(found.epochs, found.low, found.median, found.high, strict=True):
        assert values == whole[:, epoch].tolist()
    assert kept_band([(None, None)]) is None


def test_a_seed_that_stopped_keeps_its_last_loss(make: Make) -> None:
    runs = with_losses(make, (4.0, 2.0), (4.0, 3.0, 1.0, 0.0))
    assert loss_bands(runs).tolist() == [[4, 2, 1, 0], [4, 2.5, 1.5, 1], [4, 3, 2, 2]]


def test_a_diverged_seed_leaves_the_band_to_the_others(make: Make) -> None:
    runs = with_losses(make, (4.0, None), (4.0, 3.0), (2.0,))
    assert loss_bands(runs).tolist() == [[2, 2], [4, 2.5], [4, 3]]
    assert np.isnan(loss_bands(with_losses(make, (None,)))).all()


def test_an_axis_has_few_round_marks() -> None:
    assert Axis(0, 60, 0, 1).ticks == [0, 20, 40, 60]
    assert [round(tick, 9) for tick in Axis(0, 0.72, 0, 1).ticks] == [0, 0.2, 0.4, 0.6]
    assert loss_axis(0.001, 1.0, 0, 1).ticks == pytest.approx([0.001, 0.01, 0.1, 1.0])


def test_a_loss_over_more_than_two_decades_is_drawn_logarithmically() -> None:
    assert loss_axis(0.001, 1.0, 0, 3).at(0.1) == pytest.approx(2)
    assert loss_axis(0.1, 1.0, 0, 1.05).at(0.5) == pytest.approx(0.5)
    assert math.isfinite(loss_axis(0.0, 0.0, 0, 1).at(0.0))


def test_losses_are_summed_up_as_numpy_does(make: Make) -> None:
    losses = np.random.default_rng(0).normal(size=(7, 40))
    losses[np.random.default_rng(1).random((7, 40)) < 0.3] = np.nan
    losses[:, -1] = 1.0  # a seed that stops keeps its last loss
    runs = with_losses(make, *(tuple(None if np.isnan(v) else v for v in row) for row in losses))
    numpy = [each(losses, axis=0) for each in (np.nanmin, np.nanmedian, np.nanmax)]
    np.testing.assert_allclose(loss_bands(runs), numpy)


def test_a_name_is_text_in_a_picture(make: Make) -> None:
    picture = loss_curve(make("<b>&", scenario="a"))
    assert "Training loss of a/&lt;b&gt;&amp;, 12/12" in picture
    assert not re.search("<b>", picture)
