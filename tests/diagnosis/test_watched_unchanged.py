import gc
import re
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

import harness
from harness.diagnosis.watch.torch_recorder import Recorder

FIRST = 8


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 6, num_layers=2, dropout=0.2, batch_first=True)
        self.norm = nn.BatchNorm1d(6)
        self.head = nn.Linear(6, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.head(torch.relu(self.norm(self.lstm(x)[0][:, -1]))))


def setting() -> tuple[Net, torch.optim.Optimizer]:
    torch.manual_seed(3)
    net = Net()
    return net, torch.optim.Adam(net.parameters(), lr=1e-2)


def train(net: Net, optimizer: torch.optim.Optimizer, steps: int = 24) -> list[float]:
    losses = []
    x = torch.randn(40, 5, 2)
    y = (x[:, 0, 0] > 0).long()
    for _ in range(steps):
        picked = torch.randint(0, 40, (FIRST,))
        loss = nn.functional.cross_entropy(net(x[picked]), y[picked])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_a_watched_training_is_the_same_bit_for_bit() -> None:
    net, optimizer = setting()
    plain = train(net, optimizer)
    again, optimizer = setting()
    with harness.watch(again, optimizer) as watch:
        watched = train(again, optimizer)
    assert plain == watched
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), again.parameters(), strict=True))
    state = torch.get_rng_state()
    before = {k: v.clone() for k, v in again.state_dict().items()}
    watch.report()
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(v, before[k]) for k, v in again.state_dict().items())


def test_nothing_is_left_behind_after_a_watch_even_if_the_loop_raises() -> None:
    net, optimizer = setting()
    names = [(torch.Tensor, "__eq__"), (torch.autograd, "backward"), (nn.functional, "mse_loss")]
    before = [getattr(owner, name) for owner, name in names]
    with suppress(ZeroDivisionError), harness.watch(net, optimizer):
        train(net, optimizer, 2)
        _ = 1 / 0
    assert [getattr(owner, name) for owner, name in names] == before
    assert not module_hooks._global_forward_hooks
    assert not module_hooks._global_forward_pre_hooks
    assert not optimizer_hooks._global_optimizer_post_hooks


def test_no_graph_is_kept_alive_after_its_update() -> None:
    net, optimizer = setting()
    with harness.watch(net, optimizer):
        loss = net(torch.randn(4, 5, 2)).square().mean()
        kept = weakref.ref(loss)
        loss.backward()
        optimizer.step()
        del loss
        gc.collect()
        assert kept() is None


def test_a_second_watch_inside_the_first_is_refused_and_the_first_goes_on() -> None:
    net, optimizer = setting()
    with harness.watch(net, optimizer) as watch:
        with pytest.raises(RuntimeError, match="already watching"), harness.watch(net, optimizer):
            pass
        train(net, optimizer, 3)
    assert "3 updates" in watch.report()


def test_a_model_without_anything_to_train_is_refused() -> None:
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for parameter in net.parameters():
        parameter.requires_grad = False
    with pytest.raises(ValueError, match="no parameter that can be trained"):
        harness.watch(net, optimizer)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((None, None), "as model, not None"),
        (("x", torch.optim.SGD([torch.zeros(1)])), "as model, not str ('x')"),
        ((nn.Linear, None), "as model, not the class Linear"),
        ((torch.optim.SGD([torch.zeros(1)]), nn.Linear(1, 1)), "the wrong order"),
        ((nn.Linear(1, 1), "adam"), "as optimizer, not str ('adam')"),
        ((nn.Linear(1, 1), None), "as optimizer, not None"),
        ((nn.Linear(1, 1), torch.optim.SGD), "as optimizer, not the class SGD"),
    ],
)
def test_what_is_no_network_and_no_optimizer_is_refused_and_named(given: Any, named: str) -> None:
    with pytest.raises(TypeError, match=re.escape(named)):
        harness.watch(*given)


@pytest.mark.parametrize(("every", "kind"), [(0, ValueError), (1.5, TypeError), (True, TypeError)])
def test_close_looks_come_every_whole_number_of_updates(every: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="every"):
        harness.watch(*setting(), every=every)


def test_a_report_before_the_first_update_says_so_and_is_not_kept() -> None:
    net, optimizer = setting()
    with harness.watch(net, optimizer) as watch:
        assert "no update could be seen" in watch.report()
        train(net, optimizer, 3)
    assert "3 updates" in watch.report()


SCRIPT = """
import sys, torch
torch.manual_seed(0)
x = torch.randn(64, 3); y = x.sum(1, keepdim=True)
net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Dropout(0.1), torch.nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for i in torch.utils.data.DataLoader(range(64), batch_size=8, shuffle=True):
    loss = ((net(x[i]) - y[i]) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
print(sys.argv, __name__, __file__.endswith("script.py"))
print([p.double().sum().item().hex() for p in net.parameters()], torch.rand(1).item().hex())
"""


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, cwd=folder, check=False
    )


def test_a_script_prints_the_same_when_it_is_diagnosed(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    plain = run("script.py", "a", "-b", folder=tmp_path)
    root = str(Path(harness.__file__).parents[1])
    watched = run(
        "-c",
        f"import sys; sys.path.insert(0, {root!r}); sys.argv[1:] = ['script.py', 'a', '-b'];"
        "import runpy; runpy.run_module('harness.diagnosis', run_name='__main__')",
        folder=tmp_path,
    )
    assert plain.returncode == 0
    assert watched.stdout.startswith(plain.stdout)


BY_NAME: dict[str, Callable[[torch.Tensor], object]] = {
    "clip_grad_norm_": lambda x: nn.utils.clip_grad_norm_(parameters=[x], max_norm=1.0),
    "clip_grad_value_": lambda x: nn.utils.clip_grad_value_(parameters=[x], clip_value=1.0),
    "cross_entropy": lambda x: functional.cross_entropy(input=x, target=x.softmax(1)),
    "cosine_similarity": lambda x: functional.cosine_similarity(x1=x, x2=x),
    "eq": lambda x: torch.eq(input=x, other=x),
    "sub": lambda x: torch.sub(input=x, other=x),
    "Tensor.eq": lambda x: x.eq(other=x),
    "Tensor.gt": lambda x: x.gt(other=0.5),
    "argmax": lambda x: torch.argmax(input=x, dim=1),
    "max": lambda x: torch.max(input=x, dim=1),
    "sum": lambda x: torch.sum(input=x),
    "sigmoid": lambda x: torch.sigmoid(input=x),
    "dropout": lambda x: functional.dropout(input=x, p=0.5, training=False),
    "autograd.grad": lambda x: torch.autograd.grad(outputs=x.sum(), inputs=[x]),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_arguments_may_be_passed_by_pytorchs_own_names(name: str) -> None:
    x = torch.rand(3, 2, requires_grad=True)
    x.grad = torch.ones(3, 2)
    with Recorder():
        BY_NAME[name](x)
