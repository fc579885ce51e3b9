"""The files of a report: each is replaced as a whole, or stays as it was."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.report.csv_file import csv_file
from harness.report.document import compose
from harness.report.encoder import Encoder
from harness.report.finished import forget
from harness.report.html import html
from harness.report.markdown import markdown
from harness.report.results import FILE, encode
from harness.report.run_folders import OURS
from harness.results.files import replace_file, try_writing
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap


def write(
    directory: Path,
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    maps: Sequence[TrainabilityMap] = (),
    encoder: Encoder | None = None,
) -> None:
    """Write all reports of what has finished so far.

    Args:
        directory: of the reports; made if there is none.
        environment: what they were made with.
        outcomes: of cases.
        maps: of sweeps.
        encoder: what already encoded some of them; a new one if not given.

    Raises:
        OSError: if a file cannot be written; those already there stay whole.
    """
    document = compose(environment, outcomes, maps)
    directory.mkdir(parents=True, exist_ok=True)
    replace_file(directory / "convergence.md", markdown(document))
    replace_file(directory / "convergence.csv", csv_file(document))
    replace_file(directory / "convergence.html", html(document))
    replace_file(directory / FILE, encode(environment, outcomes, maps, encoder))
    forget(directory)


def check_writable(directory: Path) -> str | None:
    """Say in a sentence why reports cannot be written there, ``None`` if they can.

    Creates the directory, as writing would.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        try_writing(directory)
        places = (path for pattern in OURS for path in directory.glob(pattern))
        taken = next((path for path in places if path.is_dir()), None)
        if taken is not None:
            return f"cannot write reports to {directory}: {taken.name} is a folder"
    except OSError as error:
        return f"cannot write reports to {directory}: {error.strerror} ({error.filename})"
    return None
