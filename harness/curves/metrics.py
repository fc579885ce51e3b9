"""Which metrics of a recording are accepted or compared."""

from collections.abc import Sequence

from harness.curves.errors import CurveError
from harness.curves.reading import Recording


def chosen_metrics(recording: Recording, asked: Sequence[str]) -> list[str]:
    """Return the metrics that were asked for; without any ``loss``, or the only one there is.

    Raises:
        CurveError: if one is not there, or nothing says which of several.
    """
    there = recording.metrics
    for metric in asked:
        if metric not in there:
            raise CurveError(
                f"{recording.path}: has no metric {metric!r}; it has {', '.join(there) or 'none'}"
            )
    if asked:
        return list(dict.fromkeys(asked))
    if recording.accepted:
        return there
    for only in ("loss", there[0] if len(there) == 1 else "loss"):
        if only in there:
            return [only]
    raise CurveError(
        f"{recording.path}: say with --metric which of {', '.join(there) or 'no metric'} to compare"
    )
