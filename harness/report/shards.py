"""Reports of shards, put together again: all of them, and of one division."""

from collections.abc import Mapping, Sequence

SHARD, PLAN, MISSING = "shard", "shard_plan", "shards_missing"
"""Names in a report's environment."""

STATE, WHOLE = "run", "complete"
"""The same for what kind of run it was; all shards together are a complete one."""

Values = Mapping[str, str | int]


class ShardError(Exception):
    """Why reports of shards do not belong together, in one sentence."""


def joined(environments: Sequence[Values]) -> tuple[list[Values], dict[str, str | int]]:
    """Return the environments without what tells shards apart, and what to say of the whole.

    Raises:
        ShardError: if they are of different divisions.
    """
    shards = [str(each[SHARD]) for each in environments if SHARD in each]
    if len(environments) < 2 or not shards:  # noqa: PLR2004  # one is shown as it is
        return list(environments), {}
    plans = {str(each[PLAN]) for each in environments if PLAN in each}
    totals = {each.partition("/")[2] for each in shards}
    if len(totals) > 1 or len(plans) > 1:
        raise ShardError(
            f"shards {', '.join(shards)} were divided differently, so that a case may be in none "
            "or in two of them: run all with the same selection, code and --convergence-shard-by"
        )
    (total,) = totals
    every = [f"{number}/{total}" for number in range(1, int(total) + 1)]
    missing = [each for each in every if each not in shards]
    plain: list[Values] = [
        {n: v for n, v in each.items() if n not in (SHARD, PLAN)} for each in environments
    ]
    if missing:
        return plain, {MISSING: ", ".join(missing)}
    whole = {each.get(STATE) for each in environments} == {SHARD}
    return plain, {STATE: WHOLE} if whole else {}
