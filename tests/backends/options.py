"""The options of recurrent stacks and their steps, each in a small case, and a table of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.backends.base import get
from harness.probes.suite import DECLARED, FAST, HALF, HISTORIES
from harness.scenario import Case
from harness.selftest.catalogue import FAULTS
from tests.backends.small_cases import case_of

PAGE = Path(__file__).parents[2] / "docs" / "options.md"
BACKENDS = ("eager", "compiled", "ensemble", "keras")

Tables = dict[str, dict[str, Any]]

CARRIED = {"stateful": True, "shuffle": False}
OPTIONS: dict[str, Tables] = {
    'model.kind = "gru"': {"model": {"kind": "gru"}},
    'model.kind = "rnn"': {"model": {"kind": "rnn"}},
    'model.kind = "rnn", model.cell_activation = "relu"': {
        "model": {"kind": "rnn", "cell_activation": "relu"}
    },
    "model.bidirectional": {"model": {"bidirectional": True}},
    'model.bidirectional, model.kind = "gru"': {"model": {"bidirectional": True, "kind": "gru"}},
    "model.projection": {"model": {"projection": 2}},
    "model.bidirectional, model.projection": {"model": {"bidirectional": True, "projection": 2}},
    "model.bias = false": {"model": {"bias": False}},
    'model.bias = false, model.kind = "gru", model.bidirectional': {
        "model": {"bias": False, "kind": "gru", "bidirectional": True}
    },
    'model.bias = false, model.cell_activation = "softplus"': {
        "model": {"bias": False, "cell_activation": "softplus"}
    },
    "training.stateful": {"training": CARRIED},
    "training.reset_every": {"training": CARRIED | {"reset_every": 2}},
    'training.precision = "bfloat16"': {"training": {"precision": "bfloat16"}},
    'training.precision = "float16"': {
        "model": {"kind": "gru"},
        "training": {"precision": "float16"},
    },
    'data.targets = "each_step"': {"data": {"task": "running_sign"}},
    **{
        f'training.optimizer = "{name}"': {"training": {"optimizer": name}}
        for name in ("nadam", "radam")
    },
    **{
        f'training.schedule = "{name}"': {"training": {"schedule": name} | numbers}
        for name, numbers in (
            ("linear", {}),
            ("one_cycle", {}),
            ("cosine_restarts", {"decay_epochs": 3}),
            ("plateau", {"decay_epochs": 1}),
        )
    },
    "data.lengths": {"data": {"task": "running_sign", "lengths": (1, 3)}},
    'data.lengths, data.targets = "last", model.bidirectional': {
        "data": {"task": "running_mean", "targets": "last", "lengths": (1, 3)},
        "model": {"bidirectional": True},
    },
    "model.embedding": {"data": {"task": "bag_of_tokens"}, "model": {"embedding": 3}},
    "model.embedding, data.lengths": {
        "data": {"task": "tagging", "lengths": (1, 3)},
        "model": {"embedding": 3, "kind": "gru"},
    },
    "several labels": {
        "data": {"task": "themes"},
        "model": {"embedding": 3},
        "training": {"loss": "bce"},
    },
}
"""What is declared, by how a scenario file says it."""

COMPARED_ELSEWHERE: dict[str, Tables] = {
    **{
        f'training.loss = "{name}"': {"data": {"task": task}, "training": {"loss": name}}
        for name, task in (("bce", "first_value"), ("mae", "mean_value"), ("huber", "mean_value"))
    },
    "training.label_smoothing": {"training": {"label_smoothing": 0.2}},
    "training.class_weights": {"training": {"class_weights": (1.0, 3.0)}},
}
"""Options that a test of their own trains on every backend that takes them: `test_losses.py`."""

ALL = OPTIONS | COMPARED_ELSEWHERE

STARTS = "initial states (what training.stateful carries)"
OF_STARTS = ("initial_state_without_gradient", "initial_states_of_other_layers", "state_ignored")
"""Faults of the self-test in what layers start from, which no key of a file gives by itself."""


def case_with(option: str, **training: Any) -> Case:
    """Return a small case with an option, and with these numbers of its training."""
    tables = (ALL | {STARTS: OPTIONS["training.stateful"]})[option]
    return case_of(
        tables.get("data"),
        {"units": (4, 3)} | tables.get("model", {}),
        training | tables.get("training", {}),
    )


def table() -> str:
    """Return the page: which backend trains an option, and which probes keep it."""
    rows = ["| option | " + " | ".join(BACKENDS) + " | probes |", "|---|" + "---|" * 5]
    notes: dict[str, int] = {}
    for option in (*ALL, STARTS):
        case, cells = case_with(option), []
        for name in BACKENDS:
            reason = get(name).unsupported(case)
            if reason is not None:
                notes.setdefault(reason, len(notes) + 1)
            cells.append("yes" if reason is None else f"no ({notes[reason]})")
        probes = ", ".join(probes_of(option))
        rows.append(f"| `{option}` | {' | '.join(cells)} | {probes} |")
    told = [f"{number}. {reason}" for reason, number in notes.items()]
    return (
        PREAMBLE
        + "\n".join(rows)
        + "\n\nWhat a backend says where it refuses:\n\n"
        + "\n".join(told)
        + "\n"
    )


PREAMBLE = """\
# Options, backends and probes

Made by `python -m tests.backends.options`; `tests/backends/test_options.py` holds it to the code.
A probe is named where its small case still has the option; a backend that is opened (`eager`) is
asked all of them, one that shows its histories only (`compiled`, Keras) those in its own list, see
[backends](backends.md). `layers` starts every recurrent layer, your own module's too, from states
that are not zero, and compares their gradients. In half precision a step is compared by `precision`
and `loss_scaling`, and everything else in float32.

"""


def probes_of(option: str) -> Iterator[str]:
    """Yield the names of the probes whose reduction of a case keeps an option.

    Of initial states it is those that faults in them are caught by.
    """
    if option == STARTS:
        probes = {fault.name: fault.probes for fault in FAULTS}
        yield from sorted({probe for name in OF_STARTS for probe in probes[name]})
        return
    case, tables = case_with(option), ALL[option]
    half = HALF if case.training.half is not None else ()
    seen: set[str] = set()
    for spec in (*FAST, *HISTORIES, *half, *DECLARED):
        if spec.name not in seen and _kept(case, spec.reduce(case), tables):
            seen.add(spec.name)
            yield spec.name


def _kept(case: Case, reduced: Case, tables: Tables) -> bool:
    sections: dict[str, object] = {"model": reduced.model, "training": reduced.training}
    values = [
        getattr(sections[name], key) == value or (key == "projection" and reduced.model.projection)
        for name in sections
        for key, value in tables.get(name, {}).items()
        if key not in ("shuffle", "decay_epochs")
    ]
    return all(values) and ("data" not in tables or _kind(reduced.data) == _kind(case.data))


def _kind(data: Any) -> tuple[object, ...]:
    """Return what of a task, whose sizes probes reduce, asks something else of a backend."""
    return data.targets, data.lengths is None, data.ids is None, data.several


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
