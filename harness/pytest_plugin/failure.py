"""What a failed item says on the terminal."""

from harness.results.outcome import Outcome


def failure_of(outcome: Outcome) -> str:
    """Return what to say of a case that did not pass, and the user's own traceback."""
    lines = [f"{outcome.id}: {outcome.outcome}: {outcome.sentence}"]
    lines += [run.traceback for run in outcome.runs if run.traceback][:1]
    return "\n\n".join(lines)
