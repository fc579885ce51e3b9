"""Overlapping windows are told from records that only share values by chance."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.dataset.overlap import overlapping
from harness.scenario.data import Floats


def windows(timesteps: int, stride: int = 1, features: int = 1, rows: int = 400) -> Floats:
    series = np.random.default_rng(0).normal(size=(rows, features)).cumsum(axis=0)
    starts = np.arange(0, rows - timesteps, stride)
    return np.asarray(series[starts[:, None] + np.arange(timesteps)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("timesteps", "stride", "features"),
    [(2, 1, 1), (3, 1, 2), (10, 1, 1), (10, 5, 1), (50, 7, 3), (100, 1, 1)],
)
def test_windows_are_seen_in_any_order(
    timesteps: int, stride: int, features: int, seed: int
) -> None:
    x = windows(timesteps, stride, features)
    assert overlapping(np.random.default_rng(seed).permutation(x))


RELATIVE: dict[str, Callable[[Any], Any]] = {
    "over their first value": lambda x: x / x[:, :1],
    "returns since it, in float32": lambda x: (x / x[:, :1] - 1).astype(np.float32),
    "above their mean": lambda x: x - x.mean(axis=1, keepdims=True),
    "standardised": lambda x: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True),
    "from 0 to 1": lambda x: (x - x.min(1, keepdims=True)) / np.ptp(x, 1, keepdims=True),
}


@pytest.mark.parametrize("name", RELATIVE)
@pytest.mark.parametrize(("timesteps", "apart"), [(20, 1), (20, 5), (6, 3)])
def test_windows_relative_to_values_of_their_own_are_seen(
    name: str, timesteps: int, apart: int
) -> None:
    rows = 100 * np.exp(np.random.default_rng(0).normal(0, 0.01, (900, 2)).cumsum(axis=0))
    places = np.arange(0, 800, apart)[:, None] + np.arange(timesteps)
    assert overlapping(RELATIVE[name](rows[places]))


SHAPES: dict[str, Callable[[Any, Any], Any]] = {
    "ramps": lambda a, t: a * t,
    "decays": lambda a, t: a * np.exp(-t),
    "powers": lambda a, t: np.exp(a * t / 10),
    "sines": lambda a, t: np.sin(t / 3 + 6 * a),
    "parabolas": lambda a, t: (t - 5 * a) ** 2,
    "steps": lambda a, t: np.sign(t - 5 * a),
    "walks": lambda a, t: np.random.default_rng(0).normal(size=(len(a), t.shape[1])).cumsum(1),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("timesteps", [4, 10, 30])
def test_independent_courses_of_one_kind_are_not(name: str, timesteps: int) -> None:
    scale = np.random.default_rng(0).normal(1, 0.5, (400, 1))
    assert not overlapping(SHAPES[name](scale, np.arange(timesteps)[None])[..., None])


def test_windows_laid_out_in_columns_are_seen() -> None:
    assert overlapping(windows(12).transpose(0, 2, 1))


def test_prices_to_two_decimals_are_seen() -> None:
    assert overlapping(np.round(windows(10), 2))


INDEPENDENT: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Floats]] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "digits": lambda rng, shape: rng.integers(0, 10, shape).astype(float),
    "bits": lambda rng, shape: rng.integers(0, 2, shape).astype(float),
    "ids": lambda rng, shape: rng.integers(0, 1000, shape).astype(float),
    "steps": lambda rng, shape: np.round(rng.normal(size=shape), 1).cumsum(axis=1),
    "constant": lambda _, shape: np.ones(shape),
}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("timesteps", [1, 2, 3, 8, 40])
@pytest.mark.parametrize("kind", INDEPENDENT)
def test_independent_records_are_not(kind: str, timesteps: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert not overlapping(INDEPENDENT[kind](rng, (300, timesteps, 1)))


def test_windows_that_share_less_than_half_are_left_alone() -> None:
    assert not overlapping(windows(10, stride=10))
