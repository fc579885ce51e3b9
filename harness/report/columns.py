"""The words that stand in a cell, the same in every report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from harness.results.outcome import Outcome

MILLISECOND = 1e-3
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Column:
    """A column of the table of cases: its heading, its cell, whether it holds numbers."""

    header: str
    cell: Callable[[Outcome], str]
    numeric: bool = False


def claim(outcome: Outcome) -> str:
    """Return what was claimed, with the stated reason."""
    return f"{outcome.expect}: {outcome.stated}" if outcome.stated else outcome.expect


def share(outcome: Outcome) -> str:
    """Return how many seeds converged: ``9/24``."""
    return f"{outcome.converged}/{outcome.seeds}"


def share_interval(outcome: Outcome) -> str:
    """Return how many seeds converged, with the interval of the rate: ``9/24 (21-57 %)``."""
    low, high = outcome.interval
    return f"{share(outcome)} ({100 * low:.0f}-{100 * high:.0f} %)"


def converged_epochs(outcome: Outcome) -> list[int]:
    """Return the epochs of the seeds that converged."""
    return [epoch for epoch in outcome.epochs_to_converge if epoch is not None]


def epochs(outcome: Outcome) -> str:
    """Return median and range over the seeds that converged: ``18 (15-22)``."""
    values = converged_epochs(outcome)
    return f"{median(values):g} ({min(values)}-{max(values)})" if values else "-"


def median_epochs(outcome: Outcome) -> str:
    """Return the median over the seeds that converged."""
    values = converged_epochs(outcome)
    return f"{median(values):g}" if values else "-"


def plateau(outcome: Outcome) -> str:
    """Return the median number of epochs before the loss began to move."""
    return f"{median(outcome.plateau_epochs):g}" if outcome.plateau_epochs else "-"


def median_transition(outcome: Outcome) -> float | None:
    """Return the median epochs from the plateau's end to convergence, of seeds that converged."""
    values = [run.transition for run in outcome.runs if run.converged_at is not None]
    return median(values) if values else None


def transition(outcome: Outcome) -> str:
    """Return the median transition."""
    epochs = median_transition(outcome)
    return "-" if epochs is None else f"{epochs:g}"


def symptom(outcome: Outcome) -> str:
    """Return how seeds failed, the commonest way first."""
    return outcome.symptom.replace("_", " ") if outcome.symptom else "-"


def step_time(outcome: Outcome) -> str:
    """Return the time of an optimisation step, to three digits."""
    seconds = outcome.seconds_per_step
    if seconds is None:
        return NOT_MEASURED
    if seconds < MILLISECOND:
        return f"{seconds * 1e6:.3g} us"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def baseline_status(outcome: Outcome) -> str:
    """Return a comparison's status in words."""
    return outcome.comparison.status.replace("_", " ")


def baseline(outcome: Outcome) -> str:
    """Return how the case compares with what was accepted."""
    status = baseline_status(outcome)
    return "-" if status == "none" else status


CLAIM = Column("claim", claim)
SHORT_CLAIM = Column("claim", lambda outcome: outcome.expect)
CONVERGED = Column("converged", share_interval, numeric=True)
SHORT_CONVERGED = Column("converged", share, numeric=True)
EPOCHS = Column("epochs", epochs, numeric=True)
SHORT_EPOCHS = Column("epochs", median_epochs, numeric=True)
PLATEAU = Column("plateau", plateau, numeric=True)
TRANSITION = Column("transition", transition, numeric=True)
SYMPTOM = Column("symptom", symptom)
STEP_TIME = Column("a step", step_time, numeric=True)
BACKEND = Column("backend", lambda outcome: outcome.backend)
DEVICE = Column("device", lambda outcome: outcome.device)
BASELINE = Column("baseline", baseline)

MEASURED = (CONVERGED, EPOCHS, PLATEAU, TRANSITION, SYMPTOM, STEP_TIME)


def telling(outcomes: Sequence[Outcome]) -> tuple[list[Column], list[Column]]:
    """Return the columns that only some reports need: where a case ran, and its baseline."""
    where = []
    if len({outcome.backend for outcome in outcomes}) > 1:
        where.append(BACKEND)
    if len({outcome.device for outcome in outcomes}) > 1:
        where.append(DEVICE)
    compared = any(baseline(outcome) != "-" for outcome in outcomes)
    return where, [BASELINE] if compared else []
