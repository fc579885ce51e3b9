"""A state that goes from batch to batch: as in a loop written by hand, and as in the reference."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from harness.backends.ensemble.backend import Ensemble
from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import Eager, EagerRun
from harness.backends.torch.network import Network
from harness.probes import probe
from harness.reference import Reference
from harness.scenario import Case
from harness.scenario.vocabulary import CELLS
from tests.backends.small_cases import assert_same_record, case_of, silent


def stateful(**options: Any) -> Case:
    """Return a case of three batches an epoch, the last one smaller."""
    training = {"stateful": True, "shuffle": False, "dtype": "float64", "epochs": 4}
    model = options.pop("model", {})
    return case_of({}, model, training | options)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("reset_every", [0, 1, 2])
def test_steps_and_evaluations_are_those_of_the_reference(kind: str, reset_every: int) -> None:
    case = stateful(reset_every=reset_every, model={"kind": kind, "units": (4, 3)})
    [history] = Eager().train(case, [3], "cpu", silent)
    reference = Reference(case, 3)
    losses = [reference.evaluate()]
    trace = reference.train(12)
    np.testing.assert_allclose(history.first_losses, trace.losses, rtol=1e-10)
    data = reference.data
    validation = reference.outputs(data.x_validation)
    losses += [reference.evaluate(), reference.loss(validation, data.y_validation)[0]]
    found = [history.train_loss[0], history.train_loss[-1], history.validation_loss[-1]]
    np.testing.assert_allclose(found, np.array(losses), rtol=1e-9)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("reset_every", [0, 2])
def test_the_ensemble_equals_eager_seed_by_seed(kind: str, reset_every: int) -> None:
    case = stateful(reset_every=reset_every, model={"kind": kind, "units": (4, 3)})
    ours, theirs = (each.train(case, [0, 3], "cpu", silent) for each in (Ensemble(), Eager()))
    for one, other in zip(ours, theirs, strict=True):
        assert_same_record(one, other, 1e-9)


def test_the_ensemble_batches_no_cases_that_reset_at_other_times() -> None:
    cases = [stateful(reset_every=n) for n in (0, 1)]
    together = Ensemble().train_many([(case, 0) for case in cases], "cpu", silent)
    alone = [Eager().train(case, [0], "cpu", silent)[0] for case in cases]
    for one, other in zip(together, alone, strict=True):
        assert_same_record(one, other, 1e-9)


def test_every_probe_of_the_ensemble_is_made_and_silent() -> None:
    found = probe(stateful(reset_every=2), Ensemble(), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


def test_an_epoch_is_the_loop_that_one_writes_by_hand() -> None:
    case = stateful(optimizer="sgd", learning_rate=0.5)
    with quiet_torch(0):
        run, twin = EagerRun(case, 0, "cpu"), EagerRun(case, 0, "cpu")
    run.epoch(0)
    run.epoch(1)
    model, optimizer = twin.model, torch.optim.SGD(twin.parameters, 0.5)
    assert isinstance(model, Network)
    for _ in range(2):
        hidden: tuple[torch.Tensor, ...] = ()
        for batch in twin.batches(0):
            optimizer.zero_grad()
            start = tuple(h[:, : len(batch)] for h in hidden) or None
            outputs, hidden = model.recurrent[0](twin.x[batch], start)
            hidden = tuple(h.detach() for h in hidden)
            loss = nn.functional.cross_entropy(model.head(outputs[:, -1]), twin.y[batch])
            torch.autograd.backward(loss)
            optimizer.step()
    for one, other in zip(run.parameters, twin.parameters, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


def test_the_state_that_is_carried_changes_what_is_learnt() -> None:
    [carried], [fresh] = (
        Eager().train(case, [0], "cpu", silent) for case in (stateful(), stateful(stateful=False))
    )
    assert carried.first_losses[0] == fresh.first_losses[0]
    assert not np.isclose(carried.first_losses[1], fresh.first_losses[1], rtol=1e-6)
    [reset] = Eager().train(stateful(reset_every=1), [0], "cpu", silent)
    np.testing.assert_array_equal(reset.first_losses, fresh.first_losses)


def test_an_evaluation_leaves_the_state_of_training_alone() -> None:
    with quiet_torch(0):
        run, twin = (EagerRun(stateful(), 0, "cpu") for _ in range(2))
    for each in (run, twin):
        each.step(each.batches(0)[0])
    run.evaluate()
    for each in (run, twin):
        each.step(each.batches(0)[1])
    assert run.recorder.first_losses == twin.recorder.first_losses
