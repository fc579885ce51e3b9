"""Scripts under other seeds than they set."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch

from harness.diagnosis.seeds import Seeds
from harness.diagnosis.watch.patches import Patches


@contextmanager
def run(number: int) -> Iterator[None]:
    patches = Patches()
    before = torch.random.get_rng_state()
    seeds = Seeds(number, patches)
    seeds.imported("torch")
    try:
        yield
    finally:
        patches.restore()
        torch.random.set_rng_state(before)


def drawn() -> list[float]:
    """What a script draws that seeds all it knows."""
    random.seed(0)
    np.random.seed(seed=0)  # noqa: NPY002 - as scripts do
    torch.manual_seed(0)
    return [
        random.random(),  # noqa: S311 - as scripts do
        np.random.random(),  # noqa: NPY002
        np.random.default_rng(0).random(),
        np.random.default_rng([0, 1]).random(),
        torch.rand(()).item(),
    ]


def test_a_run_of_another_number_draws_everything_anew_and_the_same_each_time() -> None:
    plain = drawn()
    for number in (0, 1, 2):
        with run(number):
            one, two = drawn(), drawn()
        assert one == two
        assert (np.array(one) == np.array(plain)).all() == (number == 0)
        assert ((np.array(one) == np.array(plain)).any()) == (number == 0)
    assert drawn() == plain


def test_pytorch_which_has_a_seed_of_its_own_is_seeded_where_the_script_does_not() -> None:
    found = []
    for number in (1, 1, 2):
        torch.manual_seed(67280421310721)  # PyTorch's default
        with run(number):
            found.append(torch.rand(()).item())
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize("seed", [None, 2**32 - 1, np.int64(7), np.random.SeedSequence(1)])
def test_every_seed_that_numpy_takes_is_taken(seed: Any) -> None:
    with run(3):
        np.random.default_rng(seed)
