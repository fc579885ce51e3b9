"""What is told of work that was lost with its worker, and lost again when it was tried alone."""

from concurrent.futures import BrokenExecutor

from harness.backends.raised import sentence_of
from harness.execution.job import TrainingError
from harness.execution.watchdog import Stalled


def twice(first: Exception, second: Exception) -> str:
    """Return one sentence of both failures."""
    sentences = dict.fromkeys([_sentence(first), _sentence(second)])
    return f"its worker failed twice: {'; then '.join(sentences)}"


def _sentence(error: Exception) -> str:
    if isinstance(error, BrokenExecutor):
        return "the process ended abruptly (out of memory, or a crash in compiled code)"
    in_words = isinstance(error, TrainingError | Stalled)
    return (str(error) if in_words else sentence_of(error)).partition("\n")[0]
