"""Every cause can be seen in the catalogue."""

import pytest

from harness.catalogue import catalogue
from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.examples import EXAMPLES
from harness.diagnosis.names import CAUSES, Cause
from harness.diagnosis.rendering import render
from harness.scenario import load


@pytest.mark.parametrize("cause", CAUSES)
def test_the_scenario_that_shows_a_cause_fails_by_it_and_has_a_remedy(cause: Cause) -> None:
    scenario = load(catalogue() / f"{EXAMPLES[cause]}.toml", EXAMPLES[cause])
    failing = {each.name for each in scenario.claims if each.diagnosis == cause}
    assert failing & {each.remedies for each in scenario.claims}


def test_an_answer_says_where_the_same_can_be_seen() -> None:
    told = render(Diagnosis((Finding("not_shuffled", 0.8, "e.", "r."),)), "a.py")
    assert "pytest --pyargs harness.scenarios -k storage_order.toml" in " ".join(told.split())
