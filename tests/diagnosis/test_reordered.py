from pathlib import Path

import pytest

from harness.diagnosis.reordered import orders_apart


@pytest.mark.parametrize(
    "text",
    [
        "random.shuffle(idx)\nx = x[idx]\nrandom.shuffle(idx)\ny = y[idx]\n",
        "shuffle(k)\nx = [x[i] for i in k]\nshuffle(k)\ny = [y[i] for i in k]\n",
        "p = torch.randperm(8)\nx = x[p]\np = torch.randperm(8)\ny = y[p]\n",
        "p = r.permutation(8)\nq = r.permutation(8)\nx = x[p]\ny = y[q]\n",
    ],
)
def test_an_order_that_is_drawn_anew_between_two_arrays_is_two_orders(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "script.py"
    path.write_text(text)
    assert orders_apart(path).endswith("not in the order of x")


@pytest.mark.parametrize(
    "text",
    [
        "random.shuffle(idx)\nx = x[idx]\ny = y[idx]\n",
        "for e in r:\n    random.shuffle(idx)\n    a, b = x[idx], y[idx]\n",
        "shuffle(i)\na = x[i]\nb = y[i]\nshuffle(i)\nc = u[i]\nd = v[i]\n",
    ],
)
def test_an_order_that_both_arrays_are_given_is_one(text: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(text)
    assert orders_apart(path) == ""
