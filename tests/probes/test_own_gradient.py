"""The gradient of a user's own module: what is cut off is seen, what is declared fixed is not."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from harness.dataset import build
from harness.probes.reductions.opened import for_model
from harness.results.probe import Probe
from harness.scenario import Case

UNITS = 5
WORDS = 8


class Stacked(nn.Module):
    """An LSTM and a head; subclasses say what lies between."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(features, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.between(x))
        return outputs

    def last(self, x: Tensor) -> Tensor:
        hidden: Tensor = self.recurrent(x)[0][:, -1]
        return hidden

    def between(self, x: Tensor) -> Tensor:
        return self.last(x)


class Detached(Stacked):
    def between(self, x: Tensor) -> Tensor:
        return self.last(x).detach()


class Data(Stacked):
    def between(self, x: Tensor) -> Tensor:
        return self.last(x).data


class WeightData(Stacked):
    """Reads one weight past autograd."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__(features, outputs)
        self.scale = nn.Parameter(torch.ones(UNITS))

    def between(self, x: Tensor) -> Tensor:
        return self.last(x) * self.scale.data


class _NoGradient(torch.autograd.Function):
    @staticmethod
    def forward(_context: Any, x: Tensor, scale: Tensor) -> Tensor:
        return x * scale

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient, None


class OwnFunction(WeightData):
    """Has a derivative of its own, which forgets the weight."""

    def between(self, x: Tensor) -> Tensor:
        return _NoGradient.apply(self.last(x), self.scale)  # type: ignore[no-any-return, no-untyped-call]  # PyTorch leaves it untyped


class Reentrant(Stacked):
    """Computes anew on the way back, from inputs that need no gradient: so nothing gets one."""

    def between(self, x: Tensor) -> Tensor:
        hidden: Tensor = checkpoint(self.last, x, use_reentrant=True)
        return hidden


class NoGrad(Stacked):
    def between(self, x: Tensor) -> Tensor:
        assert self.recurrent.weight_ih_l0.requires_grad  # a look at a parameter is no use of it
        with torch.no_grad():
            return self.last(x)


class Frozen(Stacked):
    def __init__(self, features: int, outputs: int) -> None:
        super().__init__(features, outputs)
        self.recurrent.requires_grad_(requires_grad=False)


class FrozenWords(Stacked):
    """Embeds words by a table that is not trained."""

    def __init__(self, features: int, outputs: int) -> None:
        del features
        super().__init__(UNITS, outputs)
        self.words = nn.Embedding(WORDS, UNITS).requires_grad_(requires_grad=False)

    def between(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            embedded = self.words((3 * x[..., 0]).long().abs() % WORDS)
        return self.last(embedded)


class Unused(WeightData):
    def between(self, x: Tensor) -> Tensor:
        return self.last(x)


class Hooked(Stacked):
    """Prunes: a hook keeps gradients of removed weights at zero."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__(features, outputs)
        self.head.weight.register_hook(lambda slope: 0 * slope)  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped


class Chaotic(Stacked):
    """Multiplies by what goes up and down within the narrowest step."""

    def between(self, x: Tensor) -> Tensor:
        hidden = self.last(x)
        return hidden * torch.sin(1e5 * hidden)


class Brittle(nn.Module):
    """Is finite at its starting weights and nowhere beside them."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(features, outputs))

    def forward(self, x: Tensor) -> Tensor:
        moved = bool((self.scale != 1).any())
        return x.mean(1) @ self.scale / (0.0 if moved else 1.0)


class Root(Stacked):
    """Takes a root of what is negative in some records."""

    def between(self, x: Tensor) -> Tensor:
        return self.last(x) * x[:, 0].sqrt()


@pytest.fixture
def gradient_of(
    make_case: Callable[..., Case], ask: Callable[..., Probe]
) -> Callable[[type[nn.Module]], Probe]:
    def made(kind: type[nn.Module]) -> Probe:
        return ask("gradient", make_case(f"model.factory = '{__name__}:{kind.__name__}'"))

    return made


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [
        (Detached, "recurrent."),
        (Data, "recurrent."),
        (WeightData, "scale"),
        (OwnFunction, "scale"),
        (Reentrant, "recurrent."),
    ],
)
@pytest.mark.filterwarnings("ignore:.*Gradients will be None:UserWarning")
def test_a_graph_that_is_cut_is_a_failure_that_names_the_parameter(
    gradient_of: Any, kind: type[nn.Module], parameter: str
) -> None:
    found = gradient_of(kind)
    assert found.status == "fail", found.sentence
    assert f": {parameter}" in found.sentence
    assert "gets no gradient though the loss follows it" in found.sentence


@pytest.mark.parametrize("kind", [Stacked, NoGrad, Frozen, FrozenWords, Unused, Hooked])
def test_what_is_declared_fixed_or_not_used_is_no_failure(
    gradient_of: Any, kind: type[nn.Module]
) -> None:
    found = gradient_of(kind)
    assert found.status == "pass", found.sentence


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            NoGrad,
            "recurrent.weight_hh_l0, recurrent.bias_ih_l0 and 1 more (no_grad)",
        ),
        (Hooked, "but not of head.weight (a hook changes its gradient)"),
        (Chaotic, "(differences of the loss disagree)"),
    ],
)
def test_what_is_not_compared_is_named_with_its_reason(
    gradient_of: Any, kind: type[nn.Module], told: str
) -> None:
    assert told in gradient_of(kind).sentence


def test_a_gradient_that_is_not_decided_at_all_is_told_with_the_case(gradient_of: Any) -> None:
    found = gradient_of(Brittle)
    assert found.status == "error"
    assert "it is chaotic" in found.sentence


def test_a_first_loss_that_is_not_finite_is_told_with_its_layer_and_record(
    ask: Callable[..., Probe], make_case: Callable[..., Case]
) -> None:
    case = make_case(f"model.factory = '{__name__}:Root'")
    first = int((build(for_model(case), 0).x[:, 0, 0] < 0).argmax())
    found = ask("gradient", case)
    assert found.status == "skipped"
    assert f"the output of head for training record {first} is not" in found.sentence
