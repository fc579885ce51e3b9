import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from harness.report import ReportError, add, environment, merge, read, read_maps
from harness.report.results import Environment, encode
from harness.results.checksum import checksum
from harness.results.outcome import Outcome
from harness.results.probe import Probe

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]

PROMISED = (
    "id scenario case backend device expect outcome seeds converged epochs_to_converge "
    "plateau_epochs symptom diagnosis seconds_per_step probes baseline"
)


def refuse(constant: str) -> NoReturn:
    raise AssertionError(constant)


def test_results_hold_what_the_contract_promises(learning_rate: Cases) -> None:
    record = json.loads(encode({"python": "3.12"}, learning_rate()))
    assert (record["schema"], record["environment"]) == (3, {"python": "3.12"})
    assert [case["id"].rpartition("/")[2] for case in record["cases"]] == [
        "adam_default",
        "too_low",
        "raised",
    ]
    for case in record["cases"]:
        assert set(PROMISED.split()) <= set(case)
    assert record["cases"][1]["epochs_to_converge"] == [None] * 12


def test_numbers_that_json_cannot_hold_become_null(make: Make) -> None:
    probe = Probe("loss", "fail", math.inf, 1.0, "")
    text = encode({}, [make(probes=(probe,))])
    case = json.loads(text, parse_constant=refuse)["cases"][0]
    assert case["probes"][0]["value"] is None


def test_what_was_written_is_read_back(tmp_path: Path, learning_rate: Cases) -> None:
    file = tmp_path / "results.json"
    file.write_text(encode({"cores": 2}, learning_rate()), encoding="utf-8")
    assert read(file) == read(tmp_path) == ({"cores": 2}, learning_rate())


def test_no_cases_are_a_report_too(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(encode({}, []), encoding="utf-8")
    assert read(tmp_path) == ({}, [])


def damaged(make: Make, **changes: Any) -> bytes:
    record = json.loads(encode({}, [make()]))
    record["cases"][0] |= changes
    del record["checksum"]
    return json.dumps(record | {"checksum": checksum(record)}).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is damaged or cut off"),
        (b'{"schema": 1, "environment": {}, "cases": [{"id": "a', "is damaged or cut off"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"[]", "is no convergence report"),
        (b'{"machine_info": {}, "benchmarks": []}', "is no convergence report"),
        (b'{"schema": 4, "environment": {}, "cases": []}', "has schema 4, this version reads"),
        (b'{"schema": [3], "environment": {}, "cases": []}', "has schema [3], this version reads"),
        (b'{"schema": 3, "environment": {}, "cases": []}', "was changed or damaged"),
        (b'{"schema": 1, "environment": {}, "cases": {}}', "is no convergence report: "),
        (b'{"schema": 1, "environment": 3, "cases": []}', "is no convergence report: "),
        (
            b'{"schema": 1, "environment": {}, "cases": [{}]}',
            "is no convergence report: 0.expect",
        ),
        (b'{"schema": 1, "environment": {}, "cases": [NaN]}', "is not valid JSON: it holds NaN"),
        (b"[" * 100_000, "is not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(content)
    with pytest.raises(ReportError) as raised:
        read(file)
    assert str(raised.value).startswith(f"{file} {reason}")
    assert "\n" not in str(raised.value)


def test_a_cell_of_the_wrong_type_is_named(tmp_path: Path, make: Make) -> None:
    (tmp_path / "results.json").write_bytes(damaged(make, rate="soon"))
    with pytest.raises(ReportError, match=r"0\.rate: Input should be a valid number"):
        read(tmp_path)


@pytest.mark.parametrize("result", ["passed", 1, None, ["pass"]])
def test_a_result_that_is_none_is_named(tmp_path: Path, make: Make, result: object) -> None:
    (tmp_path / "results.json").write_bytes(damaged(make, outcome=result))
    with pytest.raises(ReportError, match=r"0\.outcome: Input should be 'pass', 'fail'"):
        read(tmp_path)


def test_an_older_report_without_a_checksum_is_read_and_it_is_told_once(
    tmp_path: Path, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    record = json.loads(encode({}, [make()]))
    del record["checksum"]
    (tmp_path / "results.json").write_text(json.dumps(record | {"schema": 2}))
    assert read(tmp_path)[1] == [make()]
    read_maps(tmp_path)
    [said] = caplog.messages
    assert said.startswith(f"{tmp_path / 'results.json'} was written without a checksum")


def test_layout_and_line_ends_do_not_matter(tmp_path: Path, make: Make) -> None:
    record = json.loads(encode({}, [make()]))
    (tmp_path / "results.json").write_text(json.dumps(record, indent=2), newline="\r\n")
    assert read(tmp_path)[1] == [make()]


@pytest.mark.parametrize("change", [("1e-05", "1E-05"), ("0.69", "0.690"), ("0.69", "0.68")])
def test_a_number_that_was_changed_or_written_otherwise_is_refused(
    tmp_path: Path, make: Make, change: tuple[str, str]
) -> None:
    text = encode({}, [make(rounding=(1e-5,))])
    assert change[0] in text
    (tmp_path / "results.json").write_text(text.replace(*change))
    with pytest.raises(ReportError, match="was changed or damaged since it was written"):
        read(tmp_path)


def test_a_damaged_line_of_what_finished_since_is_refused_and_a_torn_last_one_left_out(
    tmp_path: Path, make: Make
) -> None:
    (tmp_path / "results.json").write_text(encode({}, []))
    add(tmp_path, make())
    add(tmp_path, make("other"))
    later = tmp_path / "finished.jsonl"
    whole = later.read_bytes()
    later.write_bytes(whole[:-20])
    assert read(tmp_path)[1] == [make()]
    later.write_bytes(whole.replace(b"0.69", b"0.68", 1))
    with pytest.raises(ReportError, match=r"finished.jsonl was changed .* \(line 1\)"):
        read(tmp_path)


def test_keys_of_a_later_version_are_passed_over(tmp_path: Path, make: Make) -> None:
    (tmp_path / "results.json").write_bytes(damaged(make, mood="good"))
    assert read(tmp_path)[1] == [make()]


def test_a_missing_file_and_an_empty_directory_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(ReportError, match="does not exist"):
            read(path)


def test_a_path_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match="cannot be read: Not a directory"):
        read(tmp_path / "file" / "results.json")


def test_reports_of_several_backends_become_one(make: Make) -> None:
    old: Environment = {"torch": "2.12", "cores": 2}
    new: Environment = {"torch": "2.13", "cores": 2}
    joined, outcomes = merge([(old, [make()]), (new, [make(backend="ensemble")])])
    assert joined == {"torch": "2.12; 2.13", "cores": 2}
    assert [outcome.backend for outcome in outcomes] == ["eager", "ensemble"]


def test_a_case_in_two_reports_must_be_the_same_in_both(make: Make) -> None:
    _, outcomes = merge([({}, [make(), make("other")]), ({}, [make()])])
    assert [each.case for each in outcomes] == ["adam_default", "other"]
    with pytest.raises(ReportError, match="adam_default on eager-cpu is in two of the reports"):
        merge([({}, [make(), make("other")]), ({}, [make(epochs=(None,) * 12)])])


def shard(number: int, plan: str = "0a1b2c3d", of: int = 3) -> Environment:
    return {"torch": "2.13", "shard": f"{number}/{of}", "shard_plan": plan}


def test_all_shards_make_one_report_that_does_not_speak_of_them(make: Make) -> None:
    known, outcomes = merge([(shard(n), [make(str(n))]) for n in (2, 1, 3)])
    assert known == {"torch": "2.13"}
    assert [each.case for each in outcomes] == ["2", "1", "3"]


def test_all_shards_of_a_run_that_left_nothing_out_are_a_complete_run(make: Make) -> None:
    kinds = {"shard": "complete", "selection": "selection"}
    for each, whole in kinds.items():
        known, _ = merge([(shard(n) | {"run": each}, [make(str(n))]) for n in (2, 1, 3)])
        assert known == {"torch": "2.13", "run": whole}
    known, _ = merge([(shard(n) | {"run": "shard"}, [make(str(n))]) for n in (1, 3)])
    assert known["run"] == "shard", "one is missing"


def test_a_shard_without_a_report_is_told(make: Make) -> None:
    known, _ = merge([(shard(1), [make("1")]), (shard(3), [])])
    assert known == {"torch": "2.13", "shards_missing": "2/3"}


def test_shards_of_different_divisions_are_refused(make: Make) -> None:
    for other in (shard(2, "another1"), shard(2, of=4)):
        with pytest.raises(ReportError, match=r"shards 1/3, 2/[34] were divided differently"):
            merge([(shard(1), [make()]), (other, [])])


def test_one_shard_alone_is_shown_as_it_is(make: Make) -> None:
    assert merge([(shard(2), [make()])])[0] == shard(2)


def test_the_environment_names_versions_and_machine() -> None:
    known = environment()
    assert set(known) >= {"date", "harness", "torch", "numpy", "python", "platform", "processor"}
    assert isinstance(known["cores"], int)
    assert known["cores"] >= 1
    assert str(known["date"]).endswith("+00:00")
