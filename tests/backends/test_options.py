"""Every option trains alike on all backends that take it, seed by seed; the page says which do."""

import numpy as np
import pytest
import torch

from harness.backends.base import get
from harness.backends.torch.eager import Eager
from harness.backends.torch.own_checks import own_optimizer
from harness.history import History
from harness.reference import Reference
from harness.scenario import Case
from harness.scenario.vocabulary import OPTIMIZERS, PRECISIONS
from harness.scenario.vocabulary.optimizers import BY_REFERENCE, NOT_OF_A_LOOP
from tests.backends.options import OPTIONS, PAGE, case_with, table
from tests.backends.small_cases import silent

SEEDS = range(8)
STEPS = 20
ROUNDOFFS = 200
"""Roundoffs by which losses may part within twenty steps of Adam, two layers deep."""


def test_the_page_of_options_says_what_the_code_does() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "python -m tests.backends.options"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ensemble", "compiled", "keras"])
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_trains_as_on_eager_seed_by_seed(option: str, name: str) -> None:
    numbers = {"epochs": 7, "epsilon": 1e-6} | of_ids(option)
    backend, case = get(name), case_with(option, **numbers)
    reason = backend.unavailable("cpu") or backend.unsupported(case) or backend.lacks(case, "cpu")
    if reason is not None:
        pytest.skip(reason)
    if name == "compiled":
        reset_compiler()
    found, expected = (each.train(case, SEEDS, "cpu", silent) for each in (backend, Eager()))
    for one, other in zip(found, expected, strict=True):
        assert_alike(case, one, other)


@pytest.mark.slow
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_trains_on_eager_as_in_the_reference(option: str) -> None:
    case = case_with(option, epochs=7, **of_ids(option))
    if reason := Eager().lacks(case, "cpu"):
        pytest.skip(reason)
    for seed, history in zip(SEEDS, Eager().train(case, SEEDS, "cpu", silent), strict=True):
        losses = Reference(case, seed).train(STEPS).losses
        np.testing.assert_allclose(history.first_losses, losses, rtol=allowed(case))


def of_ids(option: str) -> dict[str, float]:
    """Return an epsilon above gradients of rounding's size, which some vectors of ids have.

    They start within 0.05, and a batch may have an id once.
    """
    return {"epsilon": 1e-3} if case_with(option).model.embedding else {}


def allowed(case: Case) -> float:
    precision = case.training.precision or case.training.dtype
    return ROUNDOFFS * max(PRECISIONS[precision].roundoff, 2.0**-40)


def assert_alike(case: Case, one: History, other: History) -> None:
    assert (one.message, one.stopped, one.layers) == (other.message, other.stopped, other.layers)
    np.testing.assert_allclose(one.first_losses, other.first_losses, rtol=allowed(case))
    np.testing.assert_allclose(one.train_loss, other.train_loss, rtol=allowed(case))
    np.testing.assert_allclose(one.validation_loss, other.validation_loss, rtol=allowed(case))


def reset_compiler() -> None:
    import torch  # noqa: PLC0415  # what other tests compiled counts towards Dynamo's limit

    torch._dynamo.reset()


def test_each_optimizer_of_torch_is_known_or_named_or_refused() -> None:
    theirs = {
        name
        for name, made in vars(torch.optim).items()
        if isinstance(made, type) and made is not torch.optim.Optimizer
    }
    by_case = {name.casefold(): name for name in theirs}
    known = {by_case[name] for name in OPTIMIZERS}
    assert theirs <= known | {*BY_REFERENCE} | {*NOT_OF_A_LOOP}


@pytest.mark.parametrize("name", BY_REFERENCE)
def test_an_optimizer_of_torch_that_is_named_steps_a_model(name: str) -> None:
    model = torch.nn.Linear(2, 3)
    before = model.bias.detach().clone()
    optimizer = own_optimizer(f"torch.optim:{name}", list(model.parameters()), 1e-2)
    model(torch.ones(4, 2)).sum().backward()
    optimizer.step()
    assert not torch.equal(model.bias, before)
