"""What the probes of a catalogue cost and see: milliseconds a probe, shares of tolerances used.

    python benchmarks/probes.py [--backend eager] [--level fast] [FOLDER ...]

Each probe is made once for all cases that agree in what it looks at, as in a run of pytest.
"""

import argparse
import time
from collections import defaultdict
from itertools import chain
from pathlib import Path

from harness.backends import get
from harness.probes import Probe
from harness.probes.reductions.opened import for_steps
from harness.probes.suite import make, specs_of
from harness.probes.toolkit.subject import Subject
from harness.scenario import Case, load
from harness.scenario.scenario_files import files_below


def main() -> None:
    """Probe every case of the folders and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("scenarios")])
    parser.add_argument("--backend", default="eager")
    parser.add_argument("--level", default="fast", choices=("fast", "full"))
    asked = parser.parse_args()
    files = chain.from_iterable(files_below(folder) for folder in asked.folders)
    cases = [case for path in files for case in load(path, path.stem).cases]
    backend, seconds = get(asked.backend), defaultdict(list)
    specs = specs_of(Subject(cases[0], backend, "cpu"), asked.level)
    make(for_steps(cases[0]), backend, "cpu", "fast", {})  # PyTorch is imported and warm
    seen: dict[tuple[str, str], Probe] = {}
    for case in cases:
        for spec in specs:
            reduced = spec.reduce(case)
            key = spec.name, reduced.fingerprint
            if key not in seen:
                started = time.perf_counter()
                seen[key] = spec.run(Subject(reduced, backend, "cpu"))
                seconds[spec.name].append(time.perf_counter() - started)
                report(case, seen[key])
    print(f"{'probe':26}{'made':>6}{'ms each':>10}{'ms a case':>11}{'largest share':>15}")
    for name, each in seconds.items():
        probes = [probe for (spec, _), probe in seen.items() if spec == name]
        shares = [p.value / p.tolerance for p in probes if p.value is not None and p.tolerance]
        mean, spread = 1e3 * sum(each) / len(each), 1e3 * sum(each) / len(cases)
        print(f"{name:26}{len(each):6}{mean:10.1f}{spread:11.1f}{max(shares, default=0):15.3f}")
    total = sum(map(sum, seconds.values()))
    print(f"{len(cases)} cases: {total:.1f} s, {1e3 * total / len(cases):.0f} ms a case")


def report(case: Case, probe: Probe) -> None:
    """Print a probe that failed or was skipped."""
    if probe.status != "pass":
        print(f"{probe.status}: {case.id}: {probe.name}: {probe.sentence}")


if __name__ == "__main__":
    main()
