"""A scenario's own code imported and called once, so that what does not fit is told by its line."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from harness import backends
from harness.backends.crash import Crash
from harness.backends.isolation import isolated
from harness.backends.loop import attempt
from harness.history import Stop
from harness.scenario import Case, FromFactory, OwnCase, Scenario
from harness.scenario.problem import Problems
from harness.user_code import importable, named

Called = Callable[[], object]


def check_own_code(scenario: Scenario, device: str) -> None:
    """Call once what a scenario names of its owner's: one step of a model, one evaluation of own.

    Cases whose own code is called alike are tried once.

    Raises:
        ScenarioError: with every mistake, at the line of the field that names the code.
    """
    text = scenario.path.read_text(encoding="utf-8-sig")
    problems, tried = Problems(scenario.path, text), set[str]()
    tables = {table["name"]: n for n, table in enumerate(tomllib.loads(text)["case"])}
    for case in scenario.claims:
        if (key := _called_with(case)) is None or key in tried or _left_out(case, device):
            continue
        tried.add(key)
        with importable(case.importable), isolated():
            field, crash = _tried(case, device)
        if crash is not None:
            message = crash.message.removeprefix(f"{field} ")
            told = "\n".join(filter(None, (message, crash.traceback)))
            problems.add_nearest(f"case[{tables[case.name]}]", field, told)
    problems.raise_all()


def _called_with(case: Case | OwnCase) -> str | None:
    """Return all that decides how own code is called; ``None`` where a case names none."""
    if isinstance(case, OwnCase):
        return repr((case.train, case.rule.metrics))
    if not case.own_code:
        return None
    parts = case.data.model_dump_json(), case.model.model_dump_json()
    return json.dumps([*parts, *case.own_code, case.training.dtype, case.training.precision])


def _left_out(case: Case | OwnCase, device: str) -> bool:
    """Tell whether the case is not trained here at all: its test is skipped with the reason."""
    eager = backends.get("eager")
    return isinstance(case, Case) and bool(eager.unsupported(case) or eager.lacks(case, device))


def _tried(case: Case | OwnCase, device: str) -> tuple[str, Crash | None]:
    """Return the field whose code does not fit, and what it raised; ``None`` if all fits."""
    for field, reference in _named(case):
        if crash := _crash(partial(named, reference)):
            return field, crash
    if isinstance(case, OwnCase):
        return _first_evaluation(case, device)
    crash = _crash(lambda: _first_step(case, device))
    if crash and case.training.half is not None and not _crash(_in_full(case, device)):
        return "training.precision", _lacking(case, device, crash)
    fields = [field for field, _ in _named(case)]
    return next((f for f in fields if crash and crash.message.startswith(f)), fields[0]), crash


def _named(case: Case | OwnCase) -> Iterator[tuple[str, str]]:
    """Yield the fields that name code, in the order in which training calls it."""
    if isinstance(case, OwnCase):
        if case.factory is not None:
            yield "train.function", case.factory
        return
    if isinstance(case.data, FromFactory):
        yield "data.factory", case.data.factory
    for field, reference in (
        ("model.factory", case.model.factory),
        ("training.loss", case.training.own_loss),
        ("training.optimizer", case.training.own_optimizer),
    ):
        if reference is not None:
            yield field, reference


def _first_step(case: Case, device: str) -> None:
    """Evaluate seed 0 at its start, and take one step."""
    opened: Any = backends.get("eager").open(case, [0], device)
    with opened as run:
        run.evaluate()
        run.step(run.batches(0)[0])


def _in_full(case: Case, device: str) -> Called:
    """Return the same step in the precision of the weights."""
    training = case.training.model_copy(update={"precision": None})
    return partial(_first_step, case.model_copy(update={"training": training}), device)


def _lacking(case: Case, device: str, crash: Crash) -> Crash:
    """Say that own code, which takes a step otherwise, takes none in the declared precision."""
    first = crash.message.partition("\n")[0].partition(". ")[0]
    told = (
        f"{case.training.half!r}: your code takes a step on {device} without it, and with it none"
    )
    return Crash(f"{told} ({first}); take another precision or device", "")


def _first_evaluation(case: OwnCase, device: str) -> tuple[str, Crash | None]:
    field = "train.command" if case.factory is None else "train.function"
    rule = replace(case.rule, budget=1, hold=1)
    own: Any = backends.get("own")
    (history,) = own.train(case.model_copy(update={"rule": rule}), [0], device, lambda *_: None)
    crashed = history.stopped is Stop.CRASHED
    return field, Crash(history.message, history.traceback) if crashed else None


def _crash(called: Called) -> Crash | None:
    """Return what a call raised, if anything."""

    def completed() -> None:
        called()

    return attempt(completed, lambda crash: crash)
