"""Under the masks that `eager` drew, the ensemble trains with dropout as `eager` does."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from harness.backends.ensemble.backend import Ensemble
from harness.backends.ensemble.records import Dropout
from harness.backends.torch.eager import Eager
from harness.history import FIRST_STEPS
from tests.backends.shipped import all_cases, in_double
from tests.backends.steadiness import TOLERANCE


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_under_eager_s_own_masks_dropout_is_the_same(
    dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [half] = [case for case in all_cases() if case.id == "model/dropout/half"]
    case = in_double(half)
    training = case.training.model_copy(update={"dtype": dtype})
    case = case.model_copy(update={"training": training})
    with DrawnMasks() as drawn:
        [eager] = Eager().train(case, [0], "cpu", lambda _seed, _epoch: None)
    masks = iter(drawn.in_steps(len(case.model.units), case.model.dropout))
    monkeypatch.setattr(Dropout, "masks", lambda *_: next(masks))
    [ensemble] = Ensemble().train(case, [0], "cpu", lambda _seed, _epoch: None)
    assert len(eager.first_losses) == FIRST_STEPS
    np.testing.assert_allclose(ensemble.first_losses, eager.first_losses, TOLERANCE[dtype])


class DrawnMasks(TorchDispatchMode):  # type: ignore[no-untyped-call]  # PyTorch leaves its hook untyped
    """Keeps what PyTorch draws for dropout, also inside `nn.LSTM`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.draws: list[torch.Tensor] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func is torch.ops.aten.bernoulli_.float:
            self.draws.append(result.clone())
        return result

    def in_steps(self, layers: int, rate: float) -> Iterator[list[torch.Tensor]]:
        """Yield the factors `[timesteps, 1, units, batch]` of each layer, step by step.

        `nn.LSTM` draws `[timesteps, batch, units]` between its layers; what follows the last one is
        drawn `[batch, timesteps, units]`.
        """
        assert len(self.draws) % layers == 0
        for first in range(0, len(self.draws), layers):
            *inner, last = (mask / (1 - rate) for mask in self.draws[first : first + layers])
            yield [mask.permute(0, 2, 1).unsqueeze(1) for mask in (*inner, last.transpose(0, 1))]
