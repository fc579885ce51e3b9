"""How often the diagnosis of a seed is right, over the cases of the catalogue: a confusion matrix.

    python benchmarks/diagnosis_catalogue.py 12 [PART_OF_A_CASE_ID] [--vary]

Each seed of each case is trained under watch and diagnosed by itself, without the votes of other
seeds. Cases that fail count where the primary cause is the stated one; each of them is also judged
once as in a run, with four seeds and the remedies of its file. Cases that converge count where
nothing is named. `--vary` changes what no cause is about: records, units, batches, and the offset
of inputs within one deviation, drawn anew for each seed.
"""

import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from harness.catalogue import catalogue
from harness.diagnosis.cases.replay import replay
from harness.diagnosis.cases.together import asked_for
from harness.diagnosis.engine import diagnose
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.scenario import Case, OwnCase, Scenario, load
from harness.scenario.scenario_files import files_below, name_of
from harness.user_code import importable

Answers = Counter[tuple[str, str]]


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


def of_seed(case: Case | OwnCase, seed: int, *, vary: bool) -> str | None:
    """Return the primary cause of a seed, ``None`` for one that did not end as claimed."""
    with importable(case.importable):
        seen = replay(varied(case, seed) if vary else case, seed)
    if seen is None or (seen.missed is None) != (case.expect == "converges"):
        return None
    return asked_for(seen, diagnose(seen)).primary


def of_case(scenario: Scenario, case: Case | OwnCase) -> str:
    """Return the primary cause of a case, as a run finds it."""
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    backend = "own" if isinstance(case, OwnCase) else "eager"
    try:
        found = Trial(scenario, Work(case, backend, "cpu"), 4).run(trainer, Gate("off", "off", 1))
    finally:
        trainer.close()
    return found.cause.cause if found.cause else "none"


def main(seeds: int, part: str, *, vary: bool) -> None:
    """Print what was named wrongly, a line a case, and both rates."""
    folder, matrix, cases = catalogue(), defaultdict[str, Answers](Counter), Counter[str]()
    for path in files_below(folder):
        name = name_of(path, [folder])
        scenario = load(path, name)
        for case in scenario.claims:
            if part not in case.id:
                continue
            stated = "none" if case.expect == "converges" else (case.diagnosis or "none")
            named = Counter(of_seed(case, seed, vary=vary) for seed in range(seeds))
            del named[None]
            for answer, count in named.items():
                matrix[case.expect][stated, str(answer)] += count
            if case.expect == "fails" and not vary:
                cases["right" if of_case(scenario, case) == stated else "wrong"] += 1
            if set(named) - {stated}:
                print(f"{case.id}  {stated}  {dict(named)}", flush=True)
    for expect, answers in matrix.items():
        right = sum(count for (stated, named), count in answers.items() if stated == named)
        print(f"{expect}: right in {right} of {answers.total()} seeds")
        print("\n".join(f"  {s} named {n}: {c}" for (s, n), c in answers.most_common() if s != n))
    print(f"with remedies tried, of cases that fail: {dict(cases)}")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--vary"]
    main(int(words[0]), words[1] if len(words) > 1 else "", vary="--vary" in sys.argv)
