"""From a run of a script to the one answer about it."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.diagnosis.answer import Diagnosis
from harness.diagnosis.engine import diagnose
from harness.diagnosis.filtered import filtered_alone
from harness.diagnosis.observations import Observations
from harness.diagnosis.reordered import orders_apart
from harness.diagnosis.script import Run, run
from harness.diagnosis.source import draws_orders, line_of, permuted_alone
from harness.diagnosis.trained import layers
from harness.diagnosis.watch.scores import readings


@dataclass(frozen=True)
class Session:
    """A run of a script, and what was seen of it.

    Attributes:
        answer: the diagnosis; ``None`` if it trained nothing.
        ended: how the script ended.
        seen: its trainings.
    """

    answer: Diagnosis | None
    ended: Run
    seen: list[Observations]


def diagnose_script(script: Path | str, arguments: list[str]) -> Session:
    """Run a script and diagnose what it trained."""
    source = Path(script).absolute()
    result = run(script, arguments)
    ask = result.listeners.guard.ask
    seen = [ask(s, with_source, s, source) for s in observations(result)]
    seen = [ask(s, with_scores, s, result) for s in seen]
    if not seen:
        return Session(_functional(result), result, [])
    answer = choose([(s, diagnose(s)) for s in seen])
    findings = tuple(replace(f, line=ask(None, line_of, f.cause, source)) for f in answer.findings)
    return Session(replace(answer, findings=findings), result, seen)


def _functional(result: Run) -> Diagnosis | None:
    """The answer for a script whose updates cannot be watched, though it computes losses."""
    count = result.listeners.torch.functional if result.listeners.torch is not None else 0
    if count < FEWEST_LOSSES:
        return None
    return Diagnosis(
        seen=f"{count} losses inside of torch.func, whose updates cannot be watched: call "
        f"loss.backward() and an optimizer's step() to have them looked at.",
        runs=0,
    )


FEWEST_LOSSES = 3


def with_source(seen: Observations, path: Path) -> Observations:
    """Add what only the script's text says."""
    loop = seen.loop
    loop = replace(loop, draws_orders=draws_orders(path))
    read = (permuted_alone, filtered_alone, orders_apart)
    alone = next((said for each in read if (said := each(path))), seen.permuted_alone)
    return replace(seen, permuted_alone=alone, loop=loop)


def with_scores(seen: Observations, result: Run) -> Observations:
    """Add scores that the script computed in NumPy."""
    return replace(seen, readings=(*seen.readings, *readings(seen, result.operands)))


def observations(result: Run) -> list[Observations]:
    """Observations of every training of a run."""
    seen: list[Observations] = []
    ask = result.listeners.guard.ask
    if result.listeners.torch is not None:
        from harness.diagnosis.watch.torch_observe import observe_all

        seen += ask([], observe_all, result.listeners.torch, result.namespace)
    if result.listeners.keras is not None:
        from harness.diagnosis.watch.keras_observe import observe_all as observe_keras

        seen += ask([], observe_keras, result.listeners.keras, result.namespace)
    return seen


def choose(answers: list[tuple[Observations, Diagnosis]]) -> Diagnosis:
    """One answer for a script that trains several times.

    Of trainings of the same layers, whatever their widths, only the best counts: a script that
    compares rates or sizes fails with some of them on purpose. Among different networks the
    strongest finding is named. What came of stages is told by the last one: an earlier one is
    asked only if that failed.
    """
    last = [(seen, answer) for seen, answer in answers if not seen.continued]
    if last and not any(answer.findings for _, answer in last):
        answers = last
    groups: dict[Any, list[Diagnosis]] = {}
    for seen, answer in answers:
        groups.setdefault(layers(seen), []).append(answer)
    best = [min(group, key=_strength) for group in groups.values()]
    return max(best, key=_strength)


def _strength(answer: Diagnosis) -> float:
    return answer.findings[0].strength if answer.findings else 0.0
