"""Healthy controls: changes of nothing but rounding, at which the gate has to stay silent."""

from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch

import torch
from torch import Tensor

from harness.backends.torch import eager
from harness.selftest.both_ways import BothWays
from harness.selftest.fault import Control
from harness.selftest.modules import MODULES
from harness.selftest.optimizer_variants import PythonNAdam, PythonNesterov
from harness.selftest.python_cells import PythonGRU, PythonProjected
from harness.selftest.python_lstm import PythonLSTM
from harness.selftest.python_optimizers import PythonAdam, PythonSGD


def two_threads() -> AbstractContextManager[object]:
    """Train on two threads, where the eager backend asks for one."""
    return patch.object(torch, "set_num_threads", lambda _, right=torch.set_num_threads: right(2))


def rounding() -> AbstractContextManager[object]:
    """Move every gradient to the next float32, up or down by chance."""
    right, generator = eager.EagerRun.backward, torch.Generator().manual_seed(0)

    def backward(run: eager.EagerRun, batch: Tensor) -> None:
        right(run, batch)
        for gradient in [p.grad for p in run.parameters if p.grad is not None]:
            sign = torch.rand(gradient.shape, generator=generator) - 0.5
            gradient.copy_(torch.nextafter(gradient, sign.to(gradient) * torch.inf))

    return patch.object(eager.EagerRun, "backward", backward)


CONTROLS = (
    Control("unchanged", "the same code once more", "adam", nullcontext),
    Control("python_lstm", "a correct LSTM written in Python", "adam", PythonLSTM().inject),
    Control("python_dropout", "the same with dropout", "dropout", PythonLSTM().inject),
    Control("python_gru", "a correct GRU written in Python", "gru", PythonGRU().inject),
    Control(
        "python_projection",
        "a correct projected LSTM in Python",
        "projected",
        PythonProjected().inject,
    ),
    Control("python_two_ways", "both directions put together", "two_ways", BothWays().inject),
    *(
        Control(f"{name}_case", f"the case of faults once more: {name}", name, nullcontext)
        for name in ("gru", "two_ways", "projected", "stateful", "float16", "bfloat16")
    ),
    Control("padded", "records that end early once more", "padded_both_ways", nullcontext),
    Control("embedded", "token ids once more", "embedded", nullcontext),
    Control("ensemble", "the ensemble once more", "ensemble", nullcontext, "ensemble"),
    *(
        Control(f"module_{kind}", f"a healthy module: {kind}", f"module_{kind}", nullcontext)
        for kind in MODULES
    ),
    Control("python_adam", "a correct Adam written in Python", "adam_l2", PythonAdam().inject),
    Control("python_sgd", "a correct SGD with momentum in Python", "sgd", PythonSGD().inject),
    Control("python_nadam", "a correct NAdam in Python", "nadam", PythonNAdam().inject),
    Control(
        "python_nesterov", "a correct look ahead in Python", "nesterov", PythonNesterov().inject
    ),
    *(
        Control(f"unchanged_{case}", "the same code once more", case, nullcontext)
        for case in (
            *("smoothed", "weighted", "bce", "bce_weighted", "huber"),
            *("adagrad", "plateau", "one_cycle"),
        )
    ),
    Control("two_threads", "two threads instead of one", "brief", two_threads, slow=True),
    Control("rounding", "every gradient off by one unit in its last place", "adam", rounding),
)
