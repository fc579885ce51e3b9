"""Starting weights follow the distributions that their sources define."""

import numpy as np
import pytest

from harness.initial import KERAS_HEAD_LIMIT, draw
from harness.scenario import Model
from harness.scenario.vocabulary import INITIALISERS, InitialiserName

FEATURES, UNITS, OUTPUTS = 24, 40, 4
DRAWN = [name for name, facts in INITIALISERS.items() if not facts.by_framework]


def weights(init: InitialiserName, seed: int = 0, **options: float) -> dict[str, np.ndarray]:
    model = Model(units=(UNITS, UNITS), init=init, **options)  # type: ignore[arg-type]  # test options
    return draw(model, FEATURES, OUTPUTS, seed)


def gates(matrix: np.ndarray) -> list[np.ndarray]:
    """Split `[4 * units, ...]` into its input, forget, cell and output gates."""
    return np.split(matrix, 4)


def is_uniform(values: np.ndarray, limit: float) -> bool:
    """Whether values fill (-limit, limit) evenly: extremes, mean and deviation within 4 errors."""
    error = 4 * limit / np.sqrt(values.size)
    return bool(
        0.95 * limit < np.abs(values).max() <= limit
        and abs(values.mean()) < error
        and abs(values.std() - limit / np.sqrt(3)) < error
    )


@pytest.mark.parametrize("init", DRAWN)
def test_weights_have_the_documented_names_and_shapes(init: InitialiserName) -> None:
    model = Model(units=(5, 3), init=init)
    assert {name: values.shape for name, values in draw(model, 2, 4, 0).items()} == {
        "lstm.0.weight_ih": (20, 2),
        "lstm.0.weight_hh": (20, 5),
        "lstm.0.bias_ih": (20,),
        "lstm.0.bias_hh": (20,),
        "lstm.1.weight_ih": (12, 5),
        "lstm.1.weight_hh": (12, 3),
        "lstm.1.bias_ih": (12,),
        "lstm.1.bias_hh": (12,),
        "head.weight": (4, 3),
        "head.bias": (4,),
    }


@pytest.mark.parametrize("init", ["keras", "torch", "xavier", "he", "orthogonal", "normal"])
def test_the_seed_decides_the_weights(init: InitialiserName) -> None:
    first, again, other = weights(init, 1), weights(init, 1), weights(init, 2)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    for name in ("lstm.0.weight_ih", "lstm.1.weight_hh", "head.weight"):
        assert not np.array_equal(first[name], other[name])


def test_keras_takes_the_four_input_kernels_as_one_glorot_matrix() -> None:
    kernel = weights("keras")["lstm.0.weight_ih"]
    assert is_uniform(kernel, np.sqrt(6 / (FEATURES + 4 * UNITS)))


def test_keras_takes_the_four_recurrent_kernels_as_one_orthogonal_matrix() -> None:
    kernel = weights("keras")["lstm.0.weight_hh"]
    assert kernel.T @ kernel == pytest.approx(np.eye(UNITS), abs=1e-12)


def test_keras_starts_forget_gates_at_bias_1_and_all_others_at_0() -> None:
    drawn = weights("keras")
    biases = [gate.tolist() for gate in gates(drawn["lstm.1.bias_ih"])]
    assert biases == [[0.0] * UNITS, [1.0] * UNITS, [0.0] * UNITS, [0.0] * UNITS]
    assert not drawn["lstm.1.bias_hh"].any()
    assert not drawn["head.bias"].any()


def test_keras_draws_the_head_within_a_twentieth() -> None:
    model = Model(units=(60,), init="keras")
    assert is_uniform(draw(model, 1, 40, 0)["head.weight"], KERAS_HEAD_LIMIT)


def test_torch_draws_everything_within_one_over_the_root_of_the_units() -> None:
    drawn = weights("torch")
    limit = 1 / np.sqrt(UNITS)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        assert is_uniform(drawn[f"lstm.0.{name}"], limit)
    assert is_uniform(drawn["head.weight"], limit)
    assert 0 < np.abs(drawn["head.bias"]).max() <= limit


def test_xavier_limits_each_gate_by_its_own_fans() -> None:
    drawn = weights("xavier")
    for gate in gates(drawn["lstm.0.weight_ih"]):
        assert is_uniform(gate, np.sqrt(6 / (FEATURES + UNITS)))
    for gate in gates(drawn["lstm.0.weight_hh"]):
        assert is_uniform(gate, np.sqrt(6 / (2 * UNITS)))
    assert is_uniform(drawn["head.weight"], np.sqrt(6 / (UNITS + OUTPUTS)))


@pytest.mark.parametrize(
    ("init", "deviation"),
    [("he", np.sqrt(2 / FEATURES)), ("normal", 1.0)],
)
def test_normal_weights_have_their_standard_deviation(
    init: InitialiserName, deviation: float
) -> None:
    kernel = weights(init)["lstm.0.weight_ih"]
    assert kernel.std() == pytest.approx(deviation, rel=4 / np.sqrt(2 * kernel.size))
    assert abs(kernel.mean()) < 4 * deviation / np.sqrt(kernel.size)


@pytest.mark.parametrize("seed", range(3))
def test_orthogonal_makes_every_gate_orthonormal_by_itself(seed: int) -> None:
    drawn = weights("orthogonal", seed)
    for gate in gates(drawn["lstm.0.weight_ih"]):  # [40, 24]: columns
        assert gate.T @ gate == pytest.approx(np.eye(FEATURES), abs=1e-12)
    for gate in gates(drawn["lstm.1.weight_hh"]):
        assert gate @ gate.T == pytest.approx(np.eye(UNITS), abs=1e-12)
    head = drawn["head.weight"]  # [4, 40]: rows
    assert head @ head.T == pytest.approx(np.eye(OUTPUTS), abs=1e-12)


def test_orthogonal_matrices_favour_no_sign() -> None:
    """Without Mezzadri's correction the diagonal of the recurrent kernels would lean one way."""
    traces = [
        np.trace(gate)
        for seed in range(25)
        for gate in gates(weights("orthogonal", seed)["lstm.0.weight_hh"])
    ]
    assert abs(np.mean(traces)) < 4 / np.sqrt(len(traces))  # the trace has variance 1


def test_zeros_and_constant_are_what_they_say() -> None:
    assert not any(values.any() for values in weights("zeros").values())
    drawn = weights("constant", init_scale=0.5)
    for name in ("lstm.0.weight_ih", "lstm.0.weight_hh", "head.weight"):
        assert set(drawn[name].ravel()) == {0.5}


def test_init_scale_multiplies_weights_and_leaves_biases() -> None:
    plain, scaled = weights("torch"), weights("torch", init_scale=3.0)
    for name in plain:
        factor = 3.0 if "weight" in name else 1.0
        assert scaled[name] == pytest.approx(plain[name] * factor)


@pytest.mark.parametrize("init", ["keras", "torch", "zeros"])
def test_a_declared_forget_bias_is_the_sum_of_both_biases(init: InitialiserName) -> None:
    drawn = weights(init, forget_bias=5.0)
    total = gates(drawn["lstm.0.bias_ih"] + drawn["lstm.0.bias_hh"])
    assert set(total[1]) == {5.0}
    plain = weights(init)
    assert np.array_equal(total[0], gates(plain["lstm.0.bias_ih"] + plain["lstm.0.bias_hh"])[0])
