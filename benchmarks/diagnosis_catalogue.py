"""How often the diagnosis of a seed is right, over the cases of the catalogue: a confusion matrix.

    python benchmarks/diagnosis_catalogue.py 12 [PART_OF_A_CASE_ID] [--expect fails|converges]
        [--vary] [--keep FOLDER]
    python benchmarks/diagnosis_catalogue.py 4 [PART_OF_A_CASE_ID] --as-a-run

Each seed of each case is trained under watch and diagnosed by itself, without the votes of other
seeds and without remedies. Seeds of failing cases that failed count where the primary cause is the
stated one; seeds of converging cases that converged count where nothing is named. `--vary` changes
what no cause is about: records, units, batches, and the offset of inputs within one deviation, anew
for each seed. What lies in the folder of `--keep` is not trained again: an interrupted run goes
on, and a rule that was changed is judged in seconds.
`--as-a-run` judges each failing case once, as a run does: with so many seeds, and its remedies.
"""

import argparse
import os
import pickle
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from harness.catalogue import catalogue
from harness.diagnosis.cases.replay import replay
from harness.diagnosis.cases.replay_own import replay_own
from harness.diagnosis.cases.together import asked_for
from harness.diagnosis.engine import diagnose
from harness.diagnosis.observations import Observations
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.scenario import Case, OwnCase, Scenario, load
from harness.scenario.scenario_files import files_below, name_of
from harness.user_code import importable

Claim = tuple[Scenario, Case | OwnCase]
Named = Counter[str]

CLAIMS = ("fails", "converges")


def claims(part: str) -> Iterator[Claim]:
    """Every case of the catalogue that claims something, with its file."""
    folder = catalogue()
    for path in files_below(folder):
        scenario = load(path, name_of(path, [folder]))
        yield from ((scenario, case) for case in scenario.claims if part in case.id)


def varied(case: Case | OwnCase, seed: int) -> Case | OwnCase:
    """Return a case with sizes that its cause is not about drawn anew."""
    if isinstance(case, OwnCase) or case.factory or not hasattr(case.data, "scale"):
        return case
    rng = np.random.default_rng([seed, 12])
    factor = rng.uniform(0.9, 1.2)
    records = max(4, round(case.data.records * factor))  # type: ignore[attr-defined]  # a task
    units = tuple(max(1, round(each * rng.uniform(1.0, 1.4))) for each in case.model.units)
    offset = case.data.offset + rng.normal(0, 0.3) * case.data.scale  # type: ignore[attr-defined]  # as above
    data = case.data.model_copy(update={"records": records, "offset": offset})
    whole = case.training.batch_size >= getattr(case.data, "records", 0)
    batch = records if whole else case.training.batch_size
    training = case.training.model_copy(update={"batch_size": batch})
    model = case.model.model_copy(update={"units": units})
    return case.model_copy(update={"data": data, "training": training, "model": model})


def observed(case: Case | OwnCase, seed: int, folder: Path | None) -> Observations | None:
    """Return what a seed shows, from the folder if it was trained before."""
    kept = folder / case.id.replace("/", ".") / f"{seed}.pickle" if folder else None
    if kept is not None and kept.exists():
        found: Observations | None = pickle.loads(kept.read_bytes())  # noqa: S301  # our own
        return found
    with importable(case.importable):
        found = replay_own(case, seed) if isinstance(case, OwnCase) else replay(case, seed)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def of_seed(case: Case | OwnCase, seen: Observations | None) -> str | None:
    """Return the primary cause of a seed, ``None`` for one that did not end as claimed."""
    if seen is None or (seen.missed is None) != (case.expect == "converges"):
        return None
    return asked_for(seen, diagnose(seen)).primary


def stated(case: Case | OwnCase) -> str:
    """Return what has to be named of a case's seeds; nothing where the file states nothing."""
    return "none" if case.expect == "converges" else (case.diagnosis or "not stated")


def of_run(scenario: Scenario, case: Case | OwnCase, seeds: int) -> str:
    """Return the primary cause of a case, as a run finds it."""
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    backend = "own" if isinstance(case, OwnCase) else "eager"
    try:
        found = Trial(scenario, Work(case, backend, "cpu"), seeds).run(
            trainer, Gate("off", "off", 1)
        )
    finally:
        trainer.close()
    return found.cause.cause if found.cause else "none"


def single_seeds(
    seeds: int, part: str, folder: Path | None, *, expect: tuple[str, ...], vary: bool
) -> None:
    """Judge seeds alone: what was named wrongly, a line a case, and the rates."""
    named = defaultdict[str, Named](Counter)
    cases = {case.id: case for _, case in claims(part) if case.expect in expect}
    for seed in range(seeds):
        began = time.monotonic()
        for name, case in cases.items():
            answer = of_seed(case, observed(varied(case, seed) if vary else case, seed, folder))
            if answer is not None:
                named[name][answer] += 1
        print(f"seed {seed}: {time.monotonic() - began:.0f} s", flush=True)
    for claim in expect:
        _print_matrix(
            claim,
            [
                (stated(case), named[case.id], case.id)
                for case in cases.values()
                if case.expect == claim
            ],
        )


def _print_matrix(expect: str, answers: list[tuple[str, Named, str]]) -> None:
    matrix = Counter[tuple[str, str]]()
    for cause, named, case in answers:
        matrix.update({(cause, answer): count for answer, count in named.items()})
        if set(named) - {cause}:
            print(f"{case}  {cause}  {dict(named)}")
    counted = {pair: n for pair, n in matrix.items() if pair[0] != "not stated"}
    right = sum(n for (cause, answer), n in counted.items() if cause == answer)
    print(
        f"{expect}: right in {right} of {sum(counted.values())} seeds, and "
        f"{matrix.total() - sum(counted.values())} of cases that state no cause"
    )
    for (cause, answer), count in matrix.most_common():
        if cause != answer:
            print(f"  {cause} named {answer}: {count}")


def as_a_run(seeds: int, part: str) -> None:
    """Judge each failing case once: what was named wrongly, and how many cases are right."""
    right = Counter[bool]()
    for scenario, case in claims(part):
        if case.expect != "fails":
            continue
        began = time.monotonic()
        answer = of_run(scenario, case, seeds)
        right[answer == stated(case)] += 1
        seconds = time.monotonic() - began
        print(f"{case.id}  {stated(case)}  {answer}  {seconds:.1f} s", flush=True)
    print(f"with remedies tried: right in {right[True]} of {right.total()} cases that fail")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("seeds", type=int)
    parser.add_argument("part", nargs="?", default="")
    parser.add_argument("--expect", choices=CLAIMS)
    parser.add_argument("--vary", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--as-a-run", action="store_true")
    asked = parser.parse_args()
    if asked.as_a_run:
        as_a_run(asked.seeds, asked.part)
    else:
        expect = (asked.expect,) if asked.expect else CLAIMS
        single_seeds(asked.seeds, asked.part, asked.keep, expect=expect, vary=asked.vary)


if __name__ == "__main__":
    main()
