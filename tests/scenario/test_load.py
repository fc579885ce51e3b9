"""A scenario file loads as declared."""

from pathlib import Path

import pytest

from harness.scenario import FromFile, Scenario, load

SHARED = """\
question = "What happens?"
[data]
task = "first_value"
[converged]
at_least = 1.0
"""
CASE = """\
[[case]]
name = "first"
expect = "fails"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "example.toml"


def loaded(path: Path, text: str) -> Scenario:
    path.write_text(text, encoding="utf-8")
    return load(path, "training/example")


def test_a_minimal_file_gets_the_documented_defaults(path: Path) -> None:
    (case,) = loaded(path, SHARED + CASE).cases
    assert case.id == "training/example/first"
    assert case.directory == path.parent
    assert (case.rate, case.seeds.min, case.seeds.max) == (0.9, 12, 48)
    assert (case.model.units, case.model.init) == ((15,), "keras")
    assert (case.training.optimizer, case.training.learning_rate) == ("adam", 1e-3)
    assert (case.converged.metric, case.converged.on, case.converged.hold) == (
        "accuracy",
        "train",
        1,
    )


def test_what_stands_beside_the_cases_is_kept(path: Path) -> None:
    scenario = loaded(path, 'source = "a book"\ntags = ["training", "slow"]\n' + SHARED + CASE)
    assert (scenario.question, scenario.source) == ("What happens?", "a book")
    assert scenario.tags == ("training", "slow")


def test_shared_numbers_that_a_cases_own_optimizer_does_not_take_go(path: Path) -> None:
    shared = SHARED + "[training]\nepsilon = 1e-7\nweight_decay = 0.5\n"
    sgd = CASE.replace("first", "second") + "training.optimizer = 'sgd'\n"
    first, second = loaded(path, shared + CASE + sgd).cases
    assert (first.training.epsilon, first.training.weight_decay) == (1e-7, 0.5)
    assert (second.training.epsilon, second.training.weight_decay) == (1e-8, 0.5)


def test_a_case_overrides_only_what_it_names(path: Path) -> None:
    shared = SHARED + "[training]\nlearning_rate = 0.5\nepochs = 7\n"
    changed = CASE.replace("first", "second") + "training.learning_rate = 0.25\n"
    first, second = loaded(path, shared + CASE + changed).cases
    assert (first.training.learning_rate, first.training.epochs) == (0.5, 7)
    assert (second.training.learning_rate, second.training.epochs) == (0.25, 7)


def test_a_case_switches_probes_off_beside_those_that_are_off_for_all(path: Path) -> None:
    shared = SHARED + '[probes]\noff = { loss = "of my own" }\n'
    more = CASE.replace("first", "second") + 'probes.off.layers = "a kernel of my own"\n'
    first, second = loaded(path, shared + CASE + more).cases
    assert first.probes.off == {"loss": "of my own"}
    assert second.probes.off == {"loss": "of my own", "layers": "a kernel of my own"}


def test_a_case_with_another_task_drops_the_parameters_that_only_the_shared_one_has(
    path: Path,
) -> None:
    shared = SHARED.replace('"first_value"', '"first_value"\nnoise = 4\nrecords = 30')
    (case,) = loaded(path, shared + CASE + 'data.task = "mean_sign"\n').cases
    assert case.data.model_dump(include={"task", "records"}) == {"task": "mean_sign", "records": 30}


def test_a_case_with_a_file_replaces_the_shared_task(path: Path) -> None:
    (case,) = loaded(path, SHARED + CASE + 'data.file = "x.npz"\n').cases
    assert isinstance(case.data, FromFile)


@pytest.mark.parametrize("shared", ["at_least = 1.0", "at_most = 1.0"])
@pytest.mark.parametrize("own", ["at_least", "at_most"])
def test_a_bound_in_a_case_replaces_the_shared_one(path: Path, shared: str, own: str) -> None:
    text = SHARED.replace("at_least = 1.0", shared) + CASE + f"converged.{own} = 0.5\n"
    (case,) = loaded(path, text).cases
    other = {"at_least": "at_most", "at_most": "at_least"}[own]
    assert getattr(case.converged, own) == 0.5
    assert getattr(case.converged, other) is None


def test_the_fingerprint_tells_apart_what_trains_differently_and_nothing_else(path: Path) -> None:
    def fingerprint(text: str) -> str:
        return loaded(path, SHARED + text).cases[0].fingerprint

    same = CASE.replace("first", "renamed").replace("fails", "converges") + "seeds.max = 60\n"
    assert fingerprint(CASE) == fingerprint(same)
    assert fingerprint(CASE) != fingerprint(CASE + "training.learning_rate = 2e-3\n")


def test_the_fingerprint_covers_the_content_of_a_data_file(path: Path) -> None:
    records = path.with_name("x.csv")
    fingerprints = []
    for value in (1, 2):
        records.write_text(f"a,target\n{value},0\n")
        (case,) = loaded(path, SHARED + CASE + 'data = {file = "x.csv", timesteps = 1}\n').cases
        records.unlink()  # and is that of the content that was loaded, whatever becomes of it
        fingerprints.append(case.fingerprint)
    assert len(set(fingerprints)) == 2


def test_a_byte_order_mark_is_no_mistake(path: Path) -> None:
    text = SHARED + CASE
    plain = loaded(path, text)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(path, "training/example") == plain
