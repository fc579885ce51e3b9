"""A model that changes its process, trained and probed there, beside a case that is healthy."""

from typing import Any

import pytest

from tests.pytest_plugin.runner import QUICK, Runner

HOSTILE = (
    """
[[case]]
name = "hostile"
expect = "converges"
model.factory = "hostile_neighbour:Net"
""",
    """
import os, random, sys
import numpy as np
import torch
from torch import nn
torch.set_default_dtype(torch.float64)
os.chdir("/")

class Net(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        torch.manual_seed(1); np.random.seed(1); random.seed(1)
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.mkldnn.enabled = False
        sys.path.clear()
        self.lstm = nn.LSTM(features, 8, batch_first=True)
        self.head = nn.Linear(8, outputs)
        nn.functional.mse_loss = nn.functional.l1_loss
        if os.environ.get("PATCHES"):
            nn.LSTM.forward = lambda self, x: (x.repeat(1, 1, 8), None)

    def forward(self, x):
        torch.set_grad_enabled(True)
        return self.head(self.lstm(x)[0][:, -1])
""",
)


@pytest.mark.slow
@pytest.mark.parametrize("patches", [False, True], ids=["state", "state and functions"])
def test_a_healthy_case_is_trained_bit_for_bit_as_it_is_alone(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, patches: bool
) -> None:
    lines, module = HOSTILE
    if not patches:
        module = module.replace("nn.functional.mse_loss =", "unused =")
    monkeypatch.setenv("PATCHES", "1" * patches)
    first, second = QUICK.split("[[case]]", 1)
    (runner.folder / "hostile_neighbour.py").write_text(module, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(runner.folder))
    runner.scenario()
    options = ("scenarios", "-ktrain", "--convergence-seeds=2")
    runner.alone(*options)
    alone = trained(runner)
    runner.scenario(f"{first}{lines}[[case]]{second}")
    runner.alone(*options)
    beside = trained(runner)
    hostile = beside.pop("hostile")
    assert beside == alone
    told = "training replaced torch.nn.LSTM.forward, torch.nn.functional.mse_loss"
    assert (told in hostile["sentence"]) is patches
    assert ("converged" in hostile["stopped"]) is not patches


def trained(runner: Runner) -> dict[str, Any]:
    """Return what must not depend on neighbours, by the name of the case."""
    return {
        case["case"]: {
            "sentence": case["sentence"],
            "probes": [probe["value"] for probe in case["probes"]],
            "stopped": [run["stopped"] for run in case["runs"]],
            "losses": [(run["train_loss"], run["first_losses"]) for run in case["runs"]],
            "rounding": case["rounding"],
        }
        for case in runner.cases()
    }
