"""The words of a cell: numbers of a case, as people read them."""

from collections.abc import Sequence
from statistics import median
from typing import Protocol

from harness.results.outcome import Outcome

MILLISECOND = 1e-3


class Seeds(Protocol):
    """How many seeds there were and when they converged: of a case, or of a point of a map."""

    @property
    def seeds(self) -> int: ...  # noqa: D102  # said above

    @property
    def converged(self) -> int: ...  # noqa: D102

    @property
    def interval(self) -> tuple[float, float]: ...  # noqa: D102

    @property
    def epochs_to_converge(self) -> Sequence[int | None]: ...  # noqa: D102


def claim(outcome: Outcome) -> str:
    """Return what was claimed, with the stated reason."""
    return f"{outcome.expect}: {outcome.stated}" if outcome.stated else outcome.expect


def share(of: Seeds) -> str:
    """Return how many seeds converged: ``9/24``."""
    return f"{of.converged}/{of.seeds}"


def share_interval(of: Seeds) -> str:
    """Return how many seeds converged, with the interval of the rate: ``9/24 (21-57 %)``."""
    low, high = of.interval
    return f"{share(of)} ({100 * low:.0f}-{100 * high:.0f} %)"


def middle(values: Sequence[float]) -> float | None:
    """Return the median, ``None`` of nothing."""
    return median(values) if values else None


def converged_epochs(of: Seeds) -> list[int]:
    """Return the epochs of the seeds that converged."""
    return [epoch for epoch in of.epochs_to_converge if epoch is not None]


def epochs(of: Seeds) -> str:
    """Return median and range over the seeds that converged: ``18 (15-22)``."""
    values = converged_epochs(of)
    return f"{median(values):g} ({min(values)}-{max(values)})" if values else "-"


def median_epochs(of: Seeds) -> str:
    """Return the median over the seeds that converged."""
    values = converged_epochs(of)
    return f"{median(values):g}" if values else "-"


def median_transition(outcome: Outcome) -> float | None:
    """Return the median epochs from the plateau's end to convergence, of seeds that converged."""
    return middle([run.transition for run in outcome.runs if run.converged_at is not None])


def skill(outcome: Outcome) -> str:
    """Return the median skill over guessing, to two digits, "-" where it is not known."""
    return "-" if outcome.skill is None else f"{outcome.skill:.2f}"


def words(name: str | None) -> str:
    """Return a name of ours in words: ``still improving``."""
    return name.replace("_", " ") if name else "-"


def duration(seconds: float) -> str:
    """Return a time as a person would say it: ``0.36 s``, ``21 min``, ``2.5 h``."""
    if seconds < 100:  # noqa: PLR2004  # from there on minutes are read sooner
        return f"{seconds:.3g} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"  # noqa: PLR2004  # as above


def step_time(outcome: Outcome) -> str:
    """Return the time of an optimisation step, to three digits."""
    seconds = outcome.seconds_per_step
    return "not measured" if seconds is None else short_time(seconds)


def short_time(seconds: float) -> str:
    """Return a time below a minute, to three digits: ``38 us``, ``1.25 ms``."""
    if seconds < MILLISECOND:
        return f"{seconds * 1e6:.3g} us"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def baseline(outcome: Outcome) -> str:
    """Return that comparison in words, "-" where there is none."""
    status = outcome.comparison.status
    return "-" if status == "none" else words(status)
