"""Shards: every piece on exactly one, the same on every machine, and all take about as long."""

from random import Random
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from harness.catalogue import catalogue
from harness.execution.shards import divided, effort, known_or_estimated
from harness.scenario import load

SECONDS = st.dictionaries(
    st.text(min_size=1, max_size=6), st.floats(0, 1e6) | st.just(0.0), max_size=40
)
SHARDS = st.integers(1, 12)


@given(SECONDS, SHARDS)
def test_every_piece_is_on_exactly_one_shard(seconds: dict[str, float], shards: int) -> None:
    shares = divided(seconds, shards)
    assert len(shares) == shards
    assert sorted(name for share in shares for name in share) == sorted(seconds)


@given(SECONDS, SHARDS, st.randoms())
def test_the_order_of_pieces_does_not_matter(
    seconds: dict[str, float], shards: int, draws: Random
) -> None:
    names = list(seconds)
    draws.shuffle(names)
    assert divided({name: seconds[name] for name in names}, shards) == divided(seconds, shards)


@given(SECONDS, SHARDS)
def test_no_shard_takes_a_third_longer_than_any_division_must(
    seconds: dict[str, float], shards: int
) -> None:
    loads = [sum(seconds[name] for name in share) for share in divided(seconds, shards)]
    longest, ideal = max(loads), sum(seconds.values()) / shards
    last = max(seconds.values(), default=0.0)
    assert longest <= ideal + last * (1 - 1 / shards) + 1e-6 * max(ideal, 1)


@given(st.integers(1, 40), SHARDS)
def test_pieces_of_the_same_length_are_dealt_out_evenly(pieces: int, shards: int) -> None:
    counts = [len(share) for share in divided({str(n): 0.0 for n in range(pieces)}, shards)]
    assert max(counts) - min(counts) <= 1


def test_an_estimate_is_scaled_by_what_was_measured() -> None:
    told = known_or_estimated({"a": 3.0, "b": 5.0}, {"a": 300.0, "b": 500.0, "c": 700.0})
    assert told == {"a": 3.0, "b": 5.0, "c": 7.0}


def test_what_nothing_is_known_of_counts_as_the_others_do() -> None:
    told = known_or_estimated({"a": 3.0, "b": 5.0, "gone": 9.0}, dict.fromkeys("abc"))
    assert told == {"a": 3.0, "b": 5.0, "c": median([3.0, 5.0])}
    assert known_or_estimated({}, dict.fromkeys("ab")) == {"a": 1.0, "b": 1.0}


def test_accepted_epochs_are_a_better_guess_than_the_budget() -> None:
    declared = load(catalogue() / "hello_world.toml", "hello_world").cases[0]
    whole = effort(declared)
    assert whole is not None
    each = whole / (declared.seeds.min * declared.budget)
    assert effort(declared, [3, 4]) == 7 * each
