"""A file is one run, a folder one run a file or subfolder; all in one format."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.curves import accepted, csv_file, event_file, golden_json, json_lines, step_text
from harness.curves.curve import Curve, Points
from harness.curves.errors import CurveError
from harness.curves.text_file import content, decoded

FORMATS = "JSON lines, CSV, TensorBoard events, Megatron-LM golden JSON, `step: 1  loss: 8.05` text"


@dataclass(frozen=True)
class Run:
    """One run: its name, the format that it was read from, and the points of each metric."""

    name: str
    format: str
    points: dict[str, Points]


@dataclass(frozen=True)
class Recording:
    """The runs of one side, repeats of one training.

    Attributes:
        path: the file or folder.
        runs: by name.
        accepted: whether it is an accepted record, and not what some program wrote.
    """

    path: Path
    runs: tuple[Run, ...]
    accepted: bool = False

    @property
    def metrics(self) -> list[str]:
        """The metrics that some run has, sorted."""
        return sorted({metric for run in self.runs for metric in run.points})

    def curves(self, metric: str) -> list[Curve]:
        """Return the curve of every run.

        Raises:
            CurveError: if a run lacks the metric, or its points are no curve.
        """
        for run in self.runs:
            if metric not in run.points:
                raise CurveError(f"{self.path}: the run {run.name} has no metric {metric!r}")
        return [run.points[metric].curve(run.name, metric) for run in self.runs]

    def reference_curves(self, metric: str) -> list[Curve]:
        """Return curves that others can be compared with: finite, all at the same steps.

        Raises:
            CurveError: where they are not, or hold no point; as `curves`.
        """
        curves = self.curves(metric)
        for curve in curves:
            if not curve.steps.size:
                raise CurveError(f"{self.path}: the run {curve.run} has no value of {metric!r}")
            if curve.non_finite:
                raise CurveError(f"{curve.non_finite}: nothing can be accepted from this run")
            if not np.array_equal(curve.steps, curves[0].steps):
                raise CurveError(_unequal(self.path, metric, curves[0], curve))
        return curves


def _unequal(path: Path, metric: str, first: Curve, other: Curve) -> str:
    step = int(np.setxor1d(first.steps, other.steps)[0])
    has, lacks = (first, other) if step in first.steps else (other, first)
    return (
        f"{path}: {metric}: the runs are not recorded at the same steps: {first.run} has "
        f"{len(first.steps)}, {other.run} {len(other.steps)}; {has.run} has step {step}, "
        f"{lacks.run} lacks it"
    )


def read_recording(path: Path) -> Recording:
    """Read a file or a folder.

    Raises:
        CurveError: if it holds no curves, or some that cannot be read.
    """
    if not path.exists():
        raise CurveError(f"{path}: no such file or folder")
    if not path.is_dir():
        if accepted.is_accepted(path):
            runs = tuple(Run(n, "accepted", points) for n, points in accepted.load(path).items())
            return Recording(path, runs, accepted=True)
        return Recording(path, (_run([path], path.stem),))
    events, others = _entries(path)
    if events:
        if others:
            raise CurveError(f"{path}: holds event files and {others[0].name}: one format a folder")
        return Recording(path, (_run(events, path.name),))
    if not others:
        raise CurveError(f"{path}: holds no curves; known are {FORMATS}")
    runs = tuple(_run(_files(entry), entry.stem) for entry in others)
    for run in runs:
        if run.format != runs[0].format:
            raise CurveError(
                f"{path}: mixes formats: {runs[0].name} is {runs[0].format}, {run.name} is "
                f"{run.format}: a folder holds repeats of one training in one format"
            )
    return Recording(path, runs)


def _entries(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the event files directly in a folder, and what else is not hidden."""
    try:
        shown = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise CurveError(f"{folder}: cannot be read: {error.strerror}") from None
    events = [entry for entry in shown if event_file.is_event_file(entry)]
    return events, [entry for entry in shown if entry not in events]


def _files(entry: Path) -> list[Path]:
    """Return the files of one run: itself, or a folder's event files or only file."""
    if not entry.is_dir():
        return [entry]
    events, others = _entries(entry)
    if events and not others:
        return events
    if len(events) + len(others) == 1 and others[0].is_file():
        return others
    raise CurveError(f"{entry}: must hold the one file, or the event files, of one run")


def _run(files: Sequence[Path], name: str) -> Run:
    """Read a run; several event files of one follow each other, as TensorBoard reads them."""
    format_, points = _parsed(files[0])
    for path in files[1:]:
        for metric, more in _parsed(path)[1].items():
            joined = points.setdefault(metric, Points(path))
            if joined.steps and more.steps and more.steps[0] <= joined.steps[-1]:
                raise CurveError(
                    f"{path}: {metric} begins at step {more.steps[0]}, but {joined.path.name} has "
                    f"that step: give each run its own folder"
                )
            joined.steps += more.steps
            joined.values += more.values
            joined.lines += more.lines
    if not points:
        raise CurveError(f"{files[0]}: holds no numbers by step")
    return Run(name, format_, points)


def _parsed(path: Path) -> tuple[str, dict[str, Points]]:
    found = content(path)
    if event_file.is_event_file(path):
        return "TensorBoard events", event_file.parse(found, path)
    text = decoded(found, path)
    if path.suffix.lower() == ".csv":
        return "CSV", csv_file.parse(text, path)
    if golden_json.looks_like(text):
        return "golden JSON", golden_json.parse(text, path)
    if text.lstrip().startswith("{"):
        return "JSON lines", json_lines.parse(text, path)
    if step_text.looks_like(text):
        return "text", step_text.parse(text, path)
    raise CurveError(f"{path}: is in no known format: {FORMATS}")
