"""What is shown of a text where there is no room for all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.fitting import SEPARATOR, Part, fit

PARTS = st.lists(
    st.builds(Part, st.text("a", max_size=40), st.text("b", max_size=9), st.integers(0, 3)),
    max_size=12,
)


@given(PARTS, st.integers(0, 300))
def test_it_is_never_longer_than_there_is_room(parts: list[Part], most: int) -> None:
    shown, _ = fit(parts, most)
    assert len(SEPARATOR.join(shown)) <= most


@given(PARTS)
def test_with_room_for_all_each_part_is_whole_and_in_its_place(parts: list[Part]) -> None:
    shown, short = fit(parts, 10_000)
    assert shown == [part.text or part.brief for part in parts if part.text or part.brief]
    assert short == sum(not part.text and bool(part.brief) for part in parts)


@pytest.mark.parametrize(("most", "shown"), [(30, ["late" * 5]), (6, ["x"]), (2, [])])
def test_a_part_of_a_low_rank_is_whole_first(most: int, shown: list[str]) -> None:
    parts = [Part("early" * 5, rank=1), Part("late" * 5, "x", rank=0)]
    assert fit(parts, most)[0] == shown
