"""Work divided among machines: every piece on exactly one of them, and all done at about once."""

from collections.abc import Mapping, Sequence
from statistics import median

from harness.execution.memory import shape
from harness.scenario import Case, OwnCase


def divided(seconds: Mapping[str, float], shards: int) -> list[list[str]]:
    """Divide pieces of work among shards, the longest first, each to the one that has least to do.

    R. L. Graham, SIAM J. Appl. Math. 17 (1969) 416: no shard takes longer than 4/3 of what the best
    division takes. The same seconds are divided the same way on every machine, in any order.
    """
    shares: list[list[str]] = [[] for _ in range(shards)]
    loads = [0.0] * shards
    for name in sorted(seconds, key=lambda name: (-seconds[name], name)):
        least = min(range(shards), key=lambda shard: (loads[shard], len(shares[shard])))
        shares[least].append(name)
        loads[least] += seconds[name]
    return shares


def known_or_estimated(
    measured: Mapping[str, float], estimated: Mapping[str, float | None]
) -> dict[str, float]:
    """Return the seconds of each piece that has an estimate.

    Estimates are in a unit of their own, which the pieces that have both give its length; what has
    neither counts as the median of the others.
    """
    both = [(measured[n], e) for n, e in estimated.items() if e is not None and n in measured]
    unit = median(seconds / estimate for seconds, estimate in both) if both else 1.0
    scaled = {name: each * unit for name, each in estimated.items() if each is not None}
    known = scaled | {name: measured[name] for name in estimated if name in measured}
    usual = median(known.values()) if known else 1.0
    return {name: known.get(name, usual) for name in estimated}


def effort(case: Case | OwnCase, epochs: Sequence[int] = ()) -> float | None:
    """Estimate how long a case trains, in the updates of one layer at one timestep of a record.

    Args:
        case: of a scenario file; of training that its owner wrote nothing is known.
        epochs: that each accepted seed trained; without any every seed spends its budget.
    """
    if not isinstance(case, Case):
        return None
    records, _, timesteps, _ = shape(case)
    trained = sum(epochs) or case.seeds.min * case.budget
    return float(trained * records * timesteps * max(len(case.model.units), 1)) or None
