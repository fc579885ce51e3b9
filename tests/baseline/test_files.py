import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from harness.baseline import (
    Baseline,
    BaselineError,
    load,
    orphans,
    path_of,
    record,
    remove,
    save,
)
from harness.baseline.files import render
from harness.history import Stop
from harness.results.checksum import checksum
from harness.results.outcome import Outcome
from harness.results.timing import Timing
from harness.scenario import load as load_scenario
from harness.verdict import Symptom
from tests.baseline.canned import ENVIRONMENT, outcome, run, times

SCENARIO = """
question = "?"
[data]
task = "first_value"
records = 8
[training]
epochs = 2
[converged]
metric = "accuracy"
at_least = 1.0
[[case]]
name = "plain"
expect = "converges"
"""


@pytest.fixture
def baseline() -> Baseline:
    return record([outcome(times())], "first", ENVIRONMENT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return path_of(tmp_path / "rate.toml", "eager", "cpu")


@pytest.fixture
def saved(path: Path, baseline: Baseline) -> Path:
    save(path, baseline)
    return path


def reseal(path: Path, **changes: object) -> None:
    content = json.loads(path.read_text()) | changes
    body = {k: v for k, v in content.items() if k not in {"schema", "checksum"}}
    path.write_text(json.dumps(content | {"checksum": checksum(body)}))


def test_a_baseline_lies_beside_its_scenario() -> None:
    found = path_of(Path("scenarios/training/learning_rate.toml"), "eager", "cuda:0")
    assert found == Path("scenarios/training/__baselines__/learning_rate.eager-cuda0.json")


def test_what_is_saved_is_loaded(saved: Path, baseline: Baseline) -> None:
    assert load(saved) == baseline


def test_timings_are_kept_with_their_case(path: Path) -> None:
    timed = outcome(times(), timing=Timing(0.001, (1.0, 1.1)))
    save(path, record([timed], "", ENVIRONMENT))
    assert load(path).cases["plain"].timing == (1.0, 1.1)


def test_a_seed_takes_one_line(saved: Path) -> None:
    lines = saved.read_text().splitlines()
    assert sum(line.strip().startswith('{"seed": ') for line in lines) == 12


def test_a_change_of_one_seed_changes_its_line_and_the_checksum_only(baseline: Baseline) -> None:
    case = baseline.cases["plain"]
    seeds = (replace(case.seeds[0], final_loss=0.5), *case.seeds[1:])
    other = replace(baseline, cases={"plain": replace(case, seeds=seeds)})
    pairs = zip(render(baseline).splitlines(), render(other).splitlines(), strict=True)
    assert sum(a != b for a, b in pairs) == 2


def test_provenance_says_why_and_with_what(saved: Path) -> None:
    assert load(saved).cases["plain"].accepted == {"reason": "first", **ENVIRONMENT}


def test_cases_not_run_again_are_kept(saved: Path, baseline: Baseline) -> None:
    save(saved, record([outcome(times(), case="other")], "second", ENVIRONMENT))
    assert set(load(saved).cases) == {"plain", "other"}
    assert load(saved).cases["plain"] == baseline.cases["plain"]


CRASHED = (run(0, None, stopped=Stop.CRASHED, symptom=Symptom.CRASHED),)


@pytest.mark.parametrize(
    ("result", "broken"),
    [
        ("fail", outcome([None] * 12, case="broken")),
        ("inconclusive", outcome(times(3), case="broken")),
        ("error", outcome(times(), case="broken", runs=CRASHED)),
    ],
)
def test_only_passing_cases_are_accepted(result: str, broken: Outcome) -> None:
    mixed = [outcome(times()), broken]
    assert broken.outcome == result
    assert set(record(mixed, "", ENVIRONMENT).cases) == {"plain"}
    with pytest.raises(BaselineError, match="no case passed"):
        record(mixed[1:], "", ENVIRONMENT)


def test_outcomes_of_two_backends_are_not_one_baseline() -> None:
    with pytest.raises(ValueError, match="one scenario, backend and device"):
        record([outcome(times()), outcome(times(), backend="batched")], "", ENVIRONMENT)


def test_a_missing_baseline_says_how_to_accept_one(path: Path) -> None:
    hint = r"rate\.eager-cpu\.json: no such.*--convergence-baseline update"
    with pytest.raises(BaselineError, match=hint):
        load(path)


@pytest.mark.parametrize("keep", [0, 1, 200, -3])
def test_a_truncated_baseline_is_noticed(saved: Path, keep: int) -> None:
    saved.write_text(saved.read_text()[:keep])
    with pytest.raises(BaselineError, match=r"rate\.eager-cpu\.json: is truncated"):
        load(saved)


def test_binary_rubbish_is_not_a_baseline(saved: Path) -> None:
    saved.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BaselineError, match="truncated or not JSON"):
        load(saved)


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"schema": "one"}'])
def test_json_of_something_else_is_not_a_baseline(saved: Path, text: str) -> None:
    saved.write_text(text)
    with pytest.raises(BaselineError, match="is not a baseline"):
        load(saved)


def test_a_single_digit_edited_by_hand_is_noticed(saved: Path) -> None:
    text = saved.read_text()
    saved.write_text(text.replace('"epochs": 2', '"epochs": 3', 1))
    assert saved.read_text() != text
    with pytest.raises(BaselineError, match=r"edited by hand.*delete it and accept anew"):
        load(saved)


def test_line_ends_that_git_changed_do_not_matter(saved: Path, baseline: Baseline) -> None:
    saved.write_bytes(saved.read_bytes().replace(b"\n", b"\r\n"))
    assert load(saved) == baseline


def test_a_later_version_asks_to_upgrade(saved: Path) -> None:
    reseal(saved, schema=2)
    with pytest.raises(BaselineError, match=r"later version \(schema 2.*upgrade"):
        load(saved)


def test_a_malformed_field_is_named(saved: Path) -> None:
    reseal(saved, cases={"plain": 3})
    with pytest.raises(BaselineError, match=r"cases\.plain is malformed"):
        load(saved)


def test_a_baseline_copied_to_another_backend_is_refused(saved: Path) -> None:
    copied = saved.with_name("rate.batched-cpu.json")
    copied.write_text(saved.read_text())
    with pytest.raises(BaselineError, match=r"rate\.batched-cpu\.json: was recorded with eager"):
        load(copied)


def test_a_directory_in_its_place_cannot_be_read(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(BaselineError, match="cannot be read"):
        load(path)


def test_a_damaged_old_file_is_left_for_a_person(saved: Path, baseline: Baseline) -> None:
    saved.write_text("{")
    with pytest.raises(BaselineError, match="truncated"):
        save(saved, baseline)
    assert saved.read_text() == "{"


def test_a_baseline_of_another_scenario_is_not_overwritten(saved: Path) -> None:
    renamed = record([outcome(times(), scenario="training/other")], "", ENVIRONMENT)
    with pytest.raises(BaselineError, match=r"holds the baseline of training/rate"):
        save(saved, renamed)


def test_a_baseline_is_not_saved_under_another_backends_name(tmp_path: Path) -> None:
    foreign = path_of(tmp_path / "rate.toml", "batched", "cpu")
    with pytest.raises(BaselineError, match="its name is not for eager"):
        save(foreign, record([outcome(times())], "", ENVIRONMENT))
    assert not foreign.exists()


def test_a_write_that_fails_leaves_the_old_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BaselineError, match="No space left on device"):
        save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))
    assert saved.read_bytes() == before
    assert [entry.name for entry in saved.parent.iterdir()] == [saved.name]


def test_a_read_only_folder_is_reported_and_left_as_it_was(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()
    saved.parent.chmod(0o500)
    if os.geteuid() == 0:  # root may write anywhere, so the refusal is played
        monkeypatch.setattr("pathlib.Path.write_bytes", _refused)
    try:
        with pytest.raises(BaselineError, match=r"Permission denied.*make its folder writable"):
            save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))
    finally:
        saved.parent.chmod(0o700)
    assert saved.read_bytes() == before


def test_a_link_stays_a_link_and_what_it_points_to_is_replaced(
    saved: Path, tmp_path: Path, baseline: Baseline
) -> None:
    (tmp_path / "rate.toml").write_text(SCENARIO)
    elsewhere = tmp_path / "elsewhere" / "accepted.json"
    elsewhere.parent.mkdir()
    saved.rename(elsewhere)
    saved.symlink_to(elsewhere)
    both = save(saved, record([outcome(times(), case="other")], "", ENVIRONMENT))
    assert saved.is_symlink()
    assert load(saved) == both
    assert set(both.cases) == {*baseline.cases, "other"}
    assert [found.case for found in orphans([], tmp_path)] == []


@pytest.mark.parametrize("mode", [0o640, 0o664, 0o600])
def test_a_file_keeps_its_mode(saved: Path, mode: int) -> None:
    saved.chmod(mode)
    save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))
    assert saved.stat().st_mode & 0o777 == mode


def test_what_a_killed_run_left_of_a_file_is_swept_and_nothing_else(saved: Path) -> None:
    left = saved.with_name(f".{saved.name}.12345")
    others = [saved.with_name(name) for name in (".other.eager-cpu.json.12345", ".gitkeep")]
    for path in (left, *others):
        path.touch()
    save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))
    assert sorted(saved.parent.iterdir()) == sorted([saved, *others])


def test_a_baseline_is_on_the_disk_before_it_has_its_name(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, flushed = saved.read_bytes(), list[bool]()
    monkeypatch.setattr(os, "fsync", lambda _: flushed.append(saved.read_bytes() == before))
    save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))
    assert flushed == [True, False]  # the file, then the name in its folder


def test_a_baseline_that_another_run_holds_is_waited_for_and_then_told(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.baseline.files.PATIENCE", 0.1)
    with (
        FileLock(saved.with_name(f".{saved.name}.lock")),
        pytest.raises(BaselineError, match="another run has been writing it"),
    ):
        save(saved, record([outcome(times(draw=1))], "", ENVIRONMENT))


def _refused(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_baseline_whose_scenario_file_is_gone_is_an_orphan(saved: Path, tmp_path: Path) -> None:
    (found,) = orphans([], tmp_path)
    assert (found.path, found.case) == (saved, None)
    remove([found])
    assert not saved.exists()


def test_a_case_that_is_gone_is_an_orphan_and_the_others_stay(saved: Path, tmp_path: Path) -> None:
    save(saved, record([outcome(times(), case="gone")], "", ENVIRONMENT))
    (tmp_path / "rate.toml").write_text(SCENARIO)
    scenario = load_scenario(tmp_path / "rate.toml", "training/rate")
    (found,) = orphans([scenario], tmp_path)
    assert (found.path, found.case) == (saved, "gone")
    assert "'gone' is gone" in str(found)
    remove([found])
    assert set(load(saved).cases) == {"plain"}
    assert orphans([scenario], tmp_path) == []


def test_removing_the_last_case_removes_the_file(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "rate.toml").write_text(SCENARIO.replace("plain", "renamed"))
    scenario = load_scenario(tmp_path / "rate.toml", "training/rate")
    remove(orphans([scenario], tmp_path))
    assert not saved.exists()


def test_a_scenario_that_was_not_selected_keeps_its_baseline(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "rate.toml").write_text("question = ")
    assert orphans([], tmp_path) == []
