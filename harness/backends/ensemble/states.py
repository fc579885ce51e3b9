"""Where the layers of a batched stack start and end, for a state that goes from batch to batch."""

from collections.abc import Sequence

from harness.backends.ensemble.tape import Tape
from harness.backends.torch.carried import States


def start(levels: Sequence[Sequence[Tape]], states: States | None) -> None:
    """Write where each layer starts; ``None``: at zero."""
    for number, (tape,) in enumerate(levels):
        places = tape.z[0, :, : tape.shape.outputs], tape.cells[0]
        if states is None:
            for place in places:
                place.zero_()
        else:
            for place, values in zip(places, states[number], strict=True):
                place.copy_(values.transpose(1, 2))


def ends(levels: Sequence[Sequence[Tape]]) -> States:
    """Return where each layer ended, `[seeds, batch, units]` as `Carried` has it."""
    return [
        tuple(end.transpose(1, 2).clone() for end in (tape.outputs[-1], tape.cells[-1]))
        for (tape,) in levels
    ]
