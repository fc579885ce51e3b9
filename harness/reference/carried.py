"""The state that goes from batch to batch where `training.stateful` declares it."""

from harness.reference.network import Passes
from harness.reference.stack import States
from harness.scenario import Training


class Carried:
    """Starts of batches, one after another: record ``n`` goes on where the last batch's ended."""

    def __init__(self, training: Training) -> None:
        self.training, self.batches = training, 0
        self.ended: States | None = None

    def start(self, records: int) -> States | None:
        """Return where the next batch starts; ``None``: at zero."""
        reset = self.training.reset_every
        fresh = bool(reset) and self.batches % reset == 0
        self.batches += 1
        if self.ended is None or fresh or not self.training.stateful:
            return None
        return [
            [tuple(values[:records] for values in state) for state in level] for level in self.ended
        ]

    def keep(self, passes: Passes) -> None:
        """Keep where a batch ended."""
        self.ended = [[run.state for run in level] for level in passes]
