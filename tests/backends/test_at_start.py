"""A loss that is not finite before any update is told apart, with what made it so."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from harness.backends.torch.at_start import not_finite
from harness.backends.torch.eager import Eager
from harness.history import History, Stop
from harness.verdict import Symptom, symptom_of
from tests.backends.small_cases import case_of, silent


def trained(**sections: Any) -> History:
    case = case_of(converged={"at_least": 1.0}, **sections)
    (history,) = Eager().train(case, [0], "cpu", silent)
    return history


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        (
            {"data": {"offset": 1e300}, "model": {"cell_activation": "linear"}},
            "the inputs of training record 0 are not finite",
        ),
        (
            {"model": {"init": "constant", "init_scale": 1e30, "cell_activation": "linear"}},
            "all inputs are finite; the output of recurrent.0 for training record 0 is not",
        ),
    ],
)
def test_a_loss_that_is_not_finite_at_the_start_names_the_record_or_the_layer(
    sections: dict[str, Any], told: str
) -> None:
    history = trained(**sections)
    assert (history.stopped, history.steps) == (Stop.NON_FINITE, 0)
    assert symptom_of(history, case_of().converged) is Symptom.NON_FINITE_AT_START
    assert told in history.message


def test_a_target_that_is_not_finite_is_named() -> None:
    records = torch.zeros(3, 2, 1), torch.tensor([0.0, float("nan"), 1.0])
    assert not_finite(nn.Identity(), {"validation": records}) == (
        "the target of validation record 1 is not finite"
    )


def test_a_loss_that_alone_is_not_finite_is_told_nothing_of() -> None:
    assert not not_finite(nn.Identity(), {"training": (torch.zeros(3, 2, 1), torch.zeros(3))})


def test_the_innermost_layer_is_named() -> None:
    class Log(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.log(x)

    model = nn.Sequential(nn.Identity(), nn.Sequential(Log(), nn.Identity()))
    assert "the output of 1.0 for" in not_finite(
        model, {"training": (torch.zeros(3, 2, 1), torch.zeros(3))}
    )
