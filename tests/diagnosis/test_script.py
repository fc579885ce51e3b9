"""Scripts that end in ways of their own, run as `harness diagnose` runs them."""

from pathlib import Path

import pytest

from harness.diagnosis.script import Run, run


def ended(folder: Path, text: str) -> Run:
    (folder / "script.py").write_text(text)
    return run(folder / "script.py", [])


LOOP = """
import os, sys, torch
net = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), 0.1)
for _ in range(3):
    loss = net(torch.ones(4, 2)).square().mean()
    opt.zero_grad(); loss.backward(); opt.step()
"""


@pytest.mark.parametrize(
    ("last", "status"), [("os._exit(0)", 0), ("os._exit(4)", 4), ("sys.exit(3)", 3), ("", 0)]
)
def test_a_script_that_leaves_in_any_way_is_heard_to_its_end(
    tmp_path: Path, last: str, status: int
) -> None:
    done = ended(tmp_path, LOOP + last)
    assert (done.code, done.crashed) == (status, False)
    assert done.listeners.torch.made.updates == 3


def test_a_loss_without_a_graph_shows_the_script_and_the_framework_but_no_frame_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ended(tmp_path, LOOP.replace("loss.backward()", "loss.detach().backward()"))
    shown = capsys.readouterr().err
    assert done.place == "script.py:7"
    assert "does not require grad" in shown
    assert "_tensor.py" in shown
    assert "torch_functions.py" not in shown


NESTED = """
import torch, harness
net = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), 0.1)
with harness.watch(net, opt) as watch:
    for _ in range(3):
        loss = net(torch.ones(4, 2)).square().mean()
        opt.zero_grad(); loss.backward(); opt.step()
seen = watch.diagnosis.seen
loss = net(torch.ones(4, 2)).square().mean()
loss.backward(); opt.step()
"""


def test_a_watch_in_a_script_that_is_diagnosed_joins_it_and_ends_nothing(tmp_path: Path) -> None:
    done = ended(tmp_path, NESTED)
    assert not done.crashed
    assert done.namespace["seen"].startswith("3 updates")
    assert done.listeners.torch.made.updates == 4
