"""What cannot fit is refused by number; what is merely large is trained and not probed here."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from harness import backends
from harness.backends.torch.eager import EagerRun
from harness.execution import memory
from harness.execution.job import TrainingError, Work
from harness.execution.journal import Journal
from harness.execution.memory import check_memory, needs, too_large_here
from harness.execution.trainer import Trainer
from harness.flow import examination
from harness.flow.examination import examine, rounding_of
from harness.flow.gate import Gate
from harness.initial import draw
from harness.pytest_plugin.collection import load_checked
from harness.scenario import Case, ScenarioError, load
from tests.backends.shipped import all_cases

GIB = 2**30


def scenario(folder: Path, *lines: str, data: str = 'data.task = "mean_sign"') -> Path:
    path = folder / "large.toml"
    text = [
        *('question = "Does it fit?"', data, *lines, "[converged]", "at_least = 1.0"),
        *("[[case]]", 'name = "large"', 'expect = "converges"'),
    ]
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def one_case(folder: Path, *lines: str) -> Case:
    [case] = load(scenario(folder, *lines), "large").cases
    return case


@pytest.mark.parametrize(
    ("line", "field", "least"),
    [
        ("model.units = [100000000]", "model.units", "426.3 PiB"),
        ("data.validation_records = 1_000_000_000_000", "data.validation_records", "98.2 TiB"),
        ("data.timesteps = 100000000", "data.records", "625.8 GiB"),
        ("training.epochs = 100000000", "training.epochs", "4.5 GiB"),
        ("data.jitter = 0.1\ndata.jitter_copies = 1_000_000_000_000", "data.jitter_copies", "PiB"),
        (
            "data.records = 10000000\ntraining.batch_size = 10000000\nmodel.units = [10000]",
            "training.batch_size",
            "TiB",
        ),
    ],
)
def test_a_case_that_cannot_fit_is_refused_with_the_field_and_the_numbers_before_it_is_drawn(
    tmp_path: Path, line: str, field: str, least: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "capacity", lambda: 4 * GIB)
    with pytest.raises(ScenarioError) as refused:
        load_checked(scenario(tmp_path, line), [])
    message = str(refused.value)
    assert f"large.toml: {field}: large cannot fit: it needs at least " in message
    assert least in message
    assert "this machine has " in message


def test_copies_of_a_files_records_are_refused_before_they_are_made(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.zeros((4, 3, 1)), y=np.arange(4) % 2)
    copies = "data.jitter = 0.1\ndata.jitter_copies = 100_000_000_000"
    path = scenario(tmp_path, copies, "data.validation_records = 0", data='data.file = "x.npz"')
    with pytest.raises(ScenarioError, match=r"data\.jitter_copies: large cannot fit"):
        load_checked(path, [])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("init", ["keras", "module"])
def test_what_is_counted_is_no_more_than_what_the_reference_backend_holds(
    tmp_path: Path, dtype: str, init: str
) -> None:
    case = one_case(
        tmp_path,
        "data.records = 300\ndata.jitter = 0.1\ndata.jitter_copies = 2\ndata.distractor_scale = 1",
        f'model.units = [40, 30]\nmodel.init = "{init}"\ntraining.dtype = "{dtype}"',
    )
    run = EagerRun(case, 0, "cpu")
    arrays = [each for each in astuple(run.data) if isinstance(each, np.ndarray)]
    held = sum(each.nbytes for each in arrays)
    if dtype == "float32":  # tensors of another type are copies
        held += sum(each.nbytes for each in (run.x, run.y, *run.validation))
    records = sum(needs(case)[f"data.{name}"] for name in (
        *("records", "validation_records", "jitter_copies"),
    ))  # fmt: skip
    assert 0.9 * held <= records <= held
    weights = sum(each.nbytes for each in run.model.parameters())
    if init == "module":  # its gradients, else what it was drawn as
        weights *= 2
    else:
        weights += sum(each.nbytes for each in draw(case.model, 2, 2, 0).values())
    assert 0.9 * weights <= needs(case)["model.units"] <= weights


def test_no_shipped_case_comes_near_what_a_small_machine_has() -> None:
    assert max(sum(needs(case).values()) for case in all_cases()) < GIB / 10


def test_a_large_case_is_neither_probed_nor_rounded_here_and_says_how_large_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = one_case(tmp_path)
    least = sum(needs(case).values())
    monkeypatch.setattr(memory, "available", lambda: 4 * least)
    assert too_large_here(case) is None
    monkeypatch.setattr(memory, "available", lambda: 4 * least - 4)
    monkeypatch.setattr(backends, "get", lambda name: pytest.fail("it is probed"))
    monkeypatch.setattr(
        examination, "first_loss_rounding", lambda case: pytest.fail("it is rounded")
    )
    here = Trainer(None, 1, Journal(tmp_path / "journal.jsonl"))
    work = Work(case, "eager", "cpu")
    found = examine(work, here, Gate("off", "fast", 1))
    [probe] = found.probes
    assert (probe.status, probe.sentence) == ("skipped", too_large_here(case))
    assert "needs at least" in probe.sentence
    assert rounding_of(work, here) == (0.0,)


def test_a_large_case_is_examined_on_a_worker_and_one_that_is_lost_there_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(one_case(tmp_path), "eager", "cpu")
    monkeypatch.setattr(examination, "too_large_here", lambda case: "too large")
    there = Trainer(lambda: ThreadPoolExecutor(1), 1, Journal(tmp_path / "journal.jsonl"))
    found = examine(work, there, Gate("off", "off", 1))
    assert (found.probes, found.unknown) == ((), "")
    assert len(rounding_of(work, there)) > 1

    def killed(*_: object) -> None:
        raise TrainingError("probe layers: its worker failed twice")

    monkeypatch.setattr(there, "call", killed)
    [probe] = examine(work, there, Gate("off", "fast", 1)).probes
    assert probe.sentence == "not made: probe layers: its worker failed twice"
    assert rounding_of(work, there) == (0.0,)
    there.close()


def test_the_limit_of_a_container_counts_and_what_it_holds_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit in (("", "max"), ("job", str(GIB)), ("job/step", "max")):
        (folder := tmp_path / name).mkdir(exist_ok=True)
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.current").write_text(f"{GIB // 4}\n")
    monkeypatch.setattr(
        memory, "_groups", lambda: [tmp_path / "job/step", tmp_path / "job", tmp_path]
    )
    monkeypatch.setattr(memory, "_meminfo", lambda: {"MemTotal": 8 * GIB, "MemAvailable": 6 * GIB})
    assert (memory.capacity(), memory.available()) == (GIB, GIB - GIB // 4)
    case = one_case(tmp_path, "model.units = [20000]")
    refused = check_memory(case)
    assert refused is not None
    assert refused[1].endswith("this machine has 1.0 GiB")
    monkeypatch.setattr(memory, "_groups", list)
    assert (memory.capacity(), memory.available()) == (8 * GIB, 6 * GIB)


def test_where_nothing_is_known_of_the_machine_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "capacity", lambda: None)
    monkeypatch.setattr(memory, "available", lambda: None)
    case = one_case(tmp_path, "model.units = [100000000]")
    assert (check_memory(case), too_large_here(case)) == (None, None)
