"""Trains a seed of a case once more, on the reference backend, under watch."""

from dataclasses import replace

from harness.backends.own.backend import train_of
from harness.backends.own.generator import record
from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import EagerRun
from harness.diagnosis.cases.observe import at_fault, at_start, missed, of_case
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch.hooks import Listeners
from harness.diagnosis.watch.torch_observe import observe_all
from harness.diagnosis.watch.torch_recorder import Recorder
from harness.scenario import Case, OwnCase


def replay(case: Case | OwnCase, seed: int) -> Observations | None:
    """Train a seed under watch.

    Args:
        case: declared, or a function of the user's.
        seed: which one.

    Returns:
        What was observed, ``None`` if nothing was trained that can be watched.
    """
    return _own(case, seed) if isinstance(case, OwnCase) else _declared(case, seed)


def _declared(case: Case, seed: int) -> Observations | None:
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


def _own(case: OwnCase, seed: int) -> Observations | None:
    with quiet_torch(seed), Listeners(str(case.directory)) as listeners:
        history = record(train_of(case, "cpu"), seed, case.rule, _unwatched, case.called)
    found: list[Observations] = []
    if listeners.torch is not None:
        found += observe_all(listeners.torch, {})
    if listeners.keras is not None:
        from harness.diagnosis.watch.keras_observe import observe_all as of_keras  # noqa: PLC0415  # Keras is optional

        found += of_keras(listeners.keras, {})
    if not found:
        return None
    return replace(at_fault(found[-1]), missed=missed(case, history))


def _unwatched(_: int, __: int) -> None:
    """Nobody waits for a replay's progress."""
