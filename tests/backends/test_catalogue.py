"""The ensemble equals `eager` over the whole catalogue: first losses, convergence, epochs, masks.

Losses are compared as far as rounding leaves them where they are (`steadiness`); epochs are
compared for every seed, and how they are distributed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm, wilcoxon

from harness.backends.ensemble.backend import Ensemble
from harness.backends.torch.eager import Eager
from harness.baseline.crossing_times import CrossingTimes
from harness.baseline.logrank import logrank
from harness.history import History, converged_epoch
from harness.scenario import Case
from tests.backends.shipped import all_cases, in_double
from tests.backends.steadiness import relative_difference, steady_steps, tolerance

pytestmark = pytest.mark.slow

SIGNIFICANT = 0.01


@dataclass(frozen=True)
class Pair:
    """A case as it trained in both backends, the same seeds in the same order."""

    case: Case
    eager: list[History]
    ensemble: list[History]

    @property
    def seeds(self) -> Iterator[tuple[History, History]]:
        return zip(self.eager, self.ensemble, strict=True)

    def epochs(self) -> list[tuple[int | None, int | None]]:
        """Return when each seed converged in either backend."""
        return [(_epoch(self.case, one), _epoch(self.case, other)) for one, other in self.seeds]


def _epoch(case: Case, history: History) -> int | None:
    return converged_epoch(history.judged_metric(case.converged), case.converged)


def train_both(case: Case, seeds: int) -> Pair:
    eager, ensemble = (
        backend.train(case, range(seeds), "cpu", lambda _seed, _epoch: None)
        for backend in (Eager(), Ensemble())
    )
    assert not any(history.message for history in (*eager, *ensemble))
    return Pair(case, eager, ensemble)


def batched_cases() -> list[Case]:
    """Return every shipped case that the ensemble trains."""
    return [case for case in all_cases() if Ensemble().unsupported(case) is None]


@pytest.fixture(scope="module")
def catalogue() -> list[Pair]:
    """Everything that is shipped, trained as declared."""
    return [train_both(case, seeds=20) for case in batched_cases()]


@pytest.fixture(scope="module")
def without_masks(catalogue: list[Pair]) -> list[Pair]:
    """All that draws nothing while it trains."""
    return [pair for pair in catalogue if not pair.case.model.dropout]


@pytest.fixture(scope="module")
def with_masks(catalogue: list[Pair]) -> list[Pair]:
    """What trains with dropout: masks are drawn in another order, so seeds do not pair."""
    found = [pair for pair in catalogue if pair.case.model.dropout]
    assert len(found) >= 2
    return found


def test_the_first_losses_agree_as_far_as_rounding_lets_them(without_masks: list[Pair]) -> None:
    assert_first_losses_agree(without_masks)


def test_in_double_precision_they_agree_to_ten_digits() -> None:
    cases = [in_double(case) for case in batched_cases() if not case.model.dropout]
    assert_first_losses_agree([train_both(case, seeds=6) for case in cases])


def assert_first_losses_agree(pairs: list[Pair]) -> None:
    """Assert it for each seed and step, and that nine seeds in ten need no excuse."""
    excused = []
    for pair in pairs:
        for eager, ensemble in pair.seeds:
            assert len(eager.first_losses) == len(ensemble.first_losses)
            agree = relative_difference(eager.first_losses, ensemble.first_losses) <= tolerance(
                pair.case
            )
            excused.append(not agree.all())
            if excused[-1]:
                steady = steady_steps(pair.case, eager.seed, len(agree))
                assert agree[:steady].all(), (pair.case.id, eager.seed, agree, steady)
    assert np.mean(excused) <= 0.1


def test_the_same_seeds_converge(without_masks: list[Pair]) -> None:
    differ = [
        (pair.case.id, seed)
        for pair in without_masks
        for seed, (eager, ensemble) in enumerate(pair.epochs())
        if (eager is None) != (ensemble is None)
    ]
    assert differ == []


def test_at_least_nine_seeds_in_ten_converge_at_the_same_epoch(without_masks: list[Pair]) -> None:
    both = [epochs for pair in without_masks for epochs in pair.epochs() if epochs != (None, None)]
    assert np.mean([eager == ensemble for eager, ensemble in both]) >= 0.9


def test_epochs_to_converge_are_distributed_alike(catalogue: list[Pair]) -> None:
    p_values = [logrank_p(pair) for pair in catalogue]
    adjusted = false_discovery_control(p_values)
    worst = int(np.argmin(adjusted))
    assert adjusted[worst] > SIGNIFICANT, catalogue[worst].case.id


def logrank_p(pair: Pair) -> float:
    eager, ensemble = (crossings(pair.case, side) for side in (pair.eager, pair.ensemble))
    if not (eager.crossed | ensemble.crossed).any():
        return 1.0
    return float(2 * norm.sf(abs(logrank(ensemble, eager, 0.0))))


def crossings(case: Case, histories: list[History]) -> CrossingTimes:
    """Return the epochs to converge, censored at the budget."""
    at = [_epoch(case, history) for history in histories]
    crossed = np.array([epoch is not None for epoch in at])
    seen = [case.training.epochs if epoch is None else epoch for epoch in at]
    return CrossingTimes(np.log(np.maximum(seen, 0.1)), crossed, np.zeros_like(crossed))


def test_under_other_masks_first_losses_are_distributed_alike(with_masks: list[Pair]) -> None:
    for pair in with_masks:
        changes = [
            np.mean(np.log(ensemble.first_losses)) - np.mean(np.log(eager.first_losses))
            for eager, ensemble in pair.seeds
        ]
        assert len(set(changes)) == len(changes), "masks are the same: seeds can be compared"
        assert wilcoxon(changes).pvalue > SIGNIFICANT, pair.case.id
