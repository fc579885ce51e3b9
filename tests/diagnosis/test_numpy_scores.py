"""Scores that a script computes in NumPy: what met in its operators is held against its outputs."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import cloudpickle
import numpy as np
import pytest

from harness.diagnosis.observations import Loss, LossKind, Observations
from harness.diagnosis.watch.operands import Operands, listening
from harness.diagnosis.watch.scores import readings

LABELS = np.arange(40) % 3 == 0
OUTPUT = np.where(LABELS, 0.8, 0.2)[:, None] + np.linspace(-0.1, 0.1, 40)[:, None]


def told(source: str, output: np.ndarray = OUTPUT, kind: LossKind = "bce") -> list[tuple[str, str]]:
    """Cause and name of each reading of a script that scores ``p``, an output for ``y``."""
    operands = Operands()
    code = listening(textwrap.dedent(source).encode(), Path("script.py"))
    exec(code, {"p": output, "y": LABELS.astype(int), "np": np, **operands.functions})  # noqa: S102 - what is tested
    seen = Observations(
        losses=np.zeros(9), loss=Loss(kind), final_outputs=output, targets=LABELS.astype(int)
    )
    return [(reading.cause, reading.name) for reading in readings(seen, operands)]


@pytest.mark.parametrize(
    "source",
    [
        "print(np.mean((p > 0.5).astype(int) == y))",
        "correct = np.round(p) == y",
        "def score(guess, truth):\n    return (truth == guess).mean()\nscore(p.round(), y)",
        "print(np.argmax(p, axis=1) == y)",
        "print((p.argmax(-1) == y).mean())",
    ],
)
def test_decisions_that_meet_labels_in_another_shape_are_told(source: str) -> None:
    assert told(source) == [("wrong_metric", "accuracy")]


def test_an_error_of_every_output_and_every_target_is_told() -> None:
    assert told("print(np.abs(p - y).mean())", kind="mse") == [("wrong_metric", "error")]


@pytest.mark.parametrize(("offset", "found"), [(50, [("wrong_metric", "error")]), (0.1, [])])
def test_an_error_between_outputs_and_targets_that_were_never_scaled_is_told(
    offset: float, found: list[tuple[str, str]]
) -> None:
    source = f"t = p[:, 0] * 1.2 + {offset}\nprint(np.sqrt(np.mean((t - p[:, 0]) ** 2)))"
    assert told(source, kind="mse") == found


@pytest.mark.parametrize(("axis", "found"), [(1, [("wrong_metric", "accuracy")]), (2, [])])
def test_the_largest_over_the_steps_of_a_record_is_told(
    axis: int, found: list[tuple[str, str]]
) -> None:
    steps = np.log(np.random.default_rng(0).dirichlet(np.ones(3), (40, 5)))
    source = f"print(np.exp(np.moveaxis(p, 1, -1)).argmax({axis}))"
    assert told(source, np.moveaxis(steps, -1, 1), kind="nll") == found


def test_the_largest_of_one_quantity_speaks_for_the_loss() -> None:
    assert told("print(p.argmax(axis=1))", kind="mse") == [("wrong_loss", "accuracy")]


@pytest.mark.parametrize(("axes", "told_of"), [([0], True), ([1], False), ([0, 1], False)])
def test_the_largest_over_the_records_is_told_unless_each_records_is_asked_too(
    axes: list[int], told_of: bool
) -> None:
    shares = np.hstack([1 - OUTPUT, OUTPUT])
    source = "\n".join(f"print(np.argmax(np.exp(p), axis={axis}))" for axis in axes)
    assert bool(told(source, np.log(shares), kind="nll")) == told_of


@pytest.mark.parametrize(("cut", "told_of"), [("0.5", [("wrong_metric", "accuracy")]), ("0", [])])
def test_logits_that_are_cut_as_if_they_were_probabilities_are_told(
    cut: str, told_of: list[tuple[str, str]]
) -> None:
    logits = 2 * (OUTPUT - 0.5)
    assert told(f"print(((p[:, 0] > {cut}) == y).mean())", logits, kind="bce_logits") == told_of


@pytest.mark.parametrize(
    "source",
    [
        "print(np.mean((p[:, 0] > 0.5) == y), np.mean((p > 0.5) == y[:, None]))",
        "print(np.abs(p.ravel() - y).mean())",
        "alike = y[:, None] == y",
        "spread = y[:, None] - y",
        "far = p - p.T",
        "far = p - np.quantile(p, np.linspace(0, 1, 40))",
        "one_hot = y[:, None] == np.arange(40)",
        "print(p.argmax(0))",
        "print(np.argmax(np.hstack([1 - p, p]), axis=1) == y)",
    ],
)
def test_right_scores_and_other_arithmetic_are_not_told(source: str) -> None:
    assert told(source) == []


def test_a_script_runs_as_it_would_without_listening() -> None:
    source = b"x = [a - b for a, b in zip((5, 7), (1, 2))]\nsame = 'a' == 'a'; far = x == [4, 5]\n"
    variables: dict[str, object] = dict(Operands().functions)
    exec(listening(source, Path("script.py")), variables)  # noqa: S102 - what is tested
    assert variables["x"] == [4, 5]
    assert variables["same"] is True
    assert variables["far"] is True


def test_an_operator_that_fails_fails_on_its_own_line() -> None:
    source = b"a = 1\nb = 'x'\nprint(a\n      - b)\n"
    with pytest.raises(TypeError, match="unsupported operand") as failed:
        exec(listening(source, Path("script.py")), dict(Operands().functions))  # noqa: S102 - what is tested
    assert failed.traceback[-1].lineno + 1 == 3
    assert str(failed.traceback[-1].path).endswith("script.py")


def test_a_function_of_a_script_takes_nothing_that_was_kept_to_another_process() -> None:
    operands = Operands()
    variables: dict[str, Any] = {"p": OUTPUT, "y": LABELS, **operands.functions}
    exec(listening(b"def same(a, b): return a == b\nsame(p, y)", Path("script.py")), variables)  # noqa: S102 - what is tested
    assert len(operands.compared) == 1
    sent = cloudpickle.loads(cloudpickle.dumps(variables["same"]))
    assert sent(2, 2)
    (there,) = {f.__self__ for name, f in sent.__globals__.items() if "harness" in name}
    assert not there.compared


@pytest.mark.parametrize(
    "source",
    [
        "x: 1 - len = 2",
        "@property\ndef f(a: int, b: int): return (a == b, abs(a - b).max())",
        "import numba\ndef f(a, b): return (a - b).mean()",
        "far = (x - y)",
        "z = " + "+".join(["(x == y)"] * 600),
        "if x == 0: pass\n" + "elif x == y: pass\n" * 900,
    ],
)
def test_what_others_read_or_what_is_no_score_stays_as_it_is(source: str) -> None:
    def names(code: CodeType) -> Iterator[str]:
        yield from code.co_names
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                yield from names(inner)

    assert not any("harness" in name for name in names(listening(source.encode(), Path("s.py"))))
