"""TensorBoard: the history as scalars, a step a run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.integrations.exporting import ExportError
from harness.trend.run import MEASURES
from harness.trend.trend import Trend

EVENTS = "events.out.tfevents.*"


def export(found: Sequence[Trend], where: str) -> None:
    """Write a run of TensorBoard for each backend and device, with a scalar a case and measure.

    A step is a run's place among all; its time is that of the commit.

    Raises:
        ExportError: if it cannot be written, or another export lies there: both would be drawn.
        ModuleNotFoundError: without TensorBoard.
    """
    from tensorboard.summary import Writer  # noqa: PLC0415  # an extra

    order = sorted({run.order for trend in found for run in trend.runs})
    places = {moment: place for place, moment in enumerate(order)}
    folders = {each: Path(where) / f"{each[0]}-{each[1]}" for each in map(_runs_on, found)}
    for folder in folders.values():
        if any(folder.glob(EVENTS)):
            raise ExportError(f"{folder} holds an export already: name another folder")
    try:
        writers = {each: Writer(str(folder)) for each, folder in folders.items()}
        for trend in found:
            _write(writers[_runs_on(trend)], trend, places)
        for writer in writers.values():
            writer.close()
    except OSError as error:
        raise ExportError(f"{where} cannot be written: {error.strerror or error}") from None


def _runs_on(trend: Trend) -> tuple[str, str]:
    return trend.backend, trend.device


def _write(writer: Any, trend: Trend, places: Mapping[tuple[str, str], int]) -> None:
    for run, case in zip(trend.runs, trend.cases, strict=True):
        moment = datetime.fromisoformat(run.order[0]).timestamp()
        for measure in MEASURES:
            if (value := case.value(measure)) is not None:
                tag = f"{trend.id}/{measure}"
                writer.add_scalar(tag, value, places[run.order], wall_time=moment)
