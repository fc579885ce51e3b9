"""A probe that does not apply to a case is switched off for it, with a reason."""

from typing import get_args

from harness.backends import get
from harness.probes import Level, probe, suite
from harness.scenario import Case
from harness.scenario.vocabulary import ProbeName
from tests.probes.conftest import Make

OFF = 'probes.off = { initialisation = "drawn by hand", layers = "has a kernel of its own" }\n'


def made(case: Case, level: Level) -> dict[str, tuple[str, str]]:
    names = ("initialisation", "loss", "layers_declared")
    found = probe(case, get("eager"), "cpu", level, names=names)
    return {each.name: (each.status, each.sentence) for each in found}


def test_one_that_is_off_is_skipped_with_its_reason_and_the_others_are_made(
    make_case: Make,
) -> None:
    found = made(make_case(OFF), "fast")
    assert found["initialisation"] == ("skipped", "switched off: drawn by hand")
    assert found["loss"][0] == "pass"


def test_its_namesake_at_the_declared_sizes_is_off_with_it(make_case: Make) -> None:
    reason = "switched off: has a kernel of its own"
    assert made(make_case(OFF), "full")["layers_declared"] == ("skipped", reason)


def test_it_is_off_for_its_case_alone(make_case: Make) -> None:
    other = '[[case]]\nname = "other"\nexpect = "fails"\n'
    assert made(make_case(other), "fast")["initialisation"][0] == "pass"


def test_what_is_off_changes_no_fingerprint(make_case: Make) -> None:
    assert make_case(OFF).fingerprint == make_case().fingerprint


def test_every_probe_has_a_name_that_can_be_switched_off() -> None:
    lists = (suite.FAST, suite.HALF, suite.DECLARED, suite.HISTORIES, suite.BATCHED)
    assert {spec.name for specs in lists for spec in specs} == {*get_args(ProbeName)}
