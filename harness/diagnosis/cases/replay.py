"""Trains a seed of a declared case once more, on the reference backend, under watch."""

from dataclasses import replace

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import EagerRun
from harness.diagnosis.cases.observe import at_start, missed, of_case
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch.torch_observe import observe_all
from harness.diagnosis.watch.torch_recorder import Recorder
from harness.scenario import Case


def replay(case: Case, seed: int) -> Observations | None:
    """Train a seed under watch.

    Args:
        case: declared.
        seed: which one.

    Returns:
        What was observed, ``None`` if nothing was trained that can be watched.
    """
    with quiet_torch(seed):
        run = EagerRun(case, seed, "cpu")
        with Recorder(every=1) as recorder:
            history = run.train(_unwatched)
        found = observe_all(recorder, {})
    if not found:
        weights = {
            name: each.detach().cpu().numpy() for name, each in run.model.state_dict().items()
        }
        broken = at_start(run.data, weights, history)
        return broken and replace(broken, missed=missed(case, history))
    return of_case(case, run.data, history, found[0])


def _unwatched(_: int, __: int) -> None:
    """Nobody waits for a replay's progress."""
