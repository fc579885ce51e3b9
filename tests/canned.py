"""The outcome of a case as tests make it up: what they do not say is as in hello world."""

from typing import Any

from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.scenario.criterion import Criterion


def outcome(*runs: SeedRun, **changes: Any) -> Outcome:
    """Return the outcome of a case of which these seeds were trained."""
    record: dict[str, Any] = {
        "scenario": "training/learning_rate",
        "case": "adam_default",
        "question": "What does the learning rate do to the hello-world LSTM?",
        "backend": "eager",
        "device": "cpu",
        "expect": "converges",
        "criterion": Criterion("accuracy", "train", at_least=0.995, hold=2),
        "fingerprint": "0123456789abcdef",
        "workload": "data {}; model {}",
        "runs": runs,
    }
    return Outcome(**(record | changes))
