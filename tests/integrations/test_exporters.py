"""The history in other trackers, with the real libraries."""

from pathlib import Path

import pytest

from harness.integrations import mlflow, tensorboard
from harness.integrations.exporting import ExportError
from harness.trend.trend import trends
from tests.trend.canned import case, run

RUNS = [
    run(0, case(epochs=18.0), case("b/no | name?", epochs=None)),
    run(1, case(epochs=24.0, seconds_per_step=0.001)),
]


def test_tensorboard_reads_a_scalar_for_each_case_and_measure(tmp_path: Path) -> None:
    reading = "tensorboard.backend.event_processing.event_accumulator"
    accumulator = pytest.importorskip(reading, reason="an extra").EventAccumulator
    make_ndarray = pytest.importorskip("tensorboard.util.tensor_util").make_ndarray
    tensorboard.export(trends(RUNS), str(tmp_path / "logs"))
    read = accumulator(str(tmp_path / "logs" / "eager-cpu"))
    read.Reload()
    points = read.Tensors("rate/raised/epochs")
    assert [float(make_ndarray(each.tensor_proto)) for each in points] == [18.0, 24.0]
    assert [each.step for each in points] == [0, 1]
    assert points[1].wall_time - points[0].wall_time == 24 * 3600
    plugin = read.SummaryMetadata("rate/raised/epochs").plugin_data.plugin_name
    assert plugin == "scalars"
    assert "b/no | name?/epochs" not in read.Tags()["tensors"], "it was never measured"


def test_a_folder_with_an_export_is_left_as_it_is(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="an extra")
    tensorboard.export(trends(RUNS), str(tmp_path))
    with pytest.raises(ExportError, match="eager-cpu holds an export already: name another"):
        tensorboard.export(trends(RUNS), str(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="an extra")
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="file cannot be written: "):
        tensorboard.export(trends(RUNS), str(tmp_path / "file"))


@pytest.mark.slow
def test_mlflow_has_a_run_for_each_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pytest.importorskip("mlflow", reason="an extra")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # the only store without a server
    where = (tmp_path / "mlruns").as_uri()
    mlflow.export(trends(RUNS[:1]), where)
    mlflow.export(trends(RUNS), where)
    client = real.MlflowClient(tracking_uri=where)
    experiment = client.get_experiment_by_name("convergence")
    first, second = client.search_runs([experiment.experiment_id], order_by=["start_time"])
    assert first.data.metrics["rate/raised/eager-cpu/epochs"] == 18.0
    assert first.data.metrics["b/no _ name_/eager-cpu/rate"] == 0.0
    assert second.data.metrics["rate/raised/eager-cpu/epochs"] == 24.0
    assert second.data.metrics["rate/raised/eager-cpu/seconds_per_step"] == 0.001
    assert (second.data.tags["commit"], second.data.tags["torch"]) == (RUNS[1].commit, "2.13.0")
    assert second.info.start_time - first.info.start_time == 24 * 3600 * 1000


@pytest.mark.slow
def test_what_mlflow_refuses_is_told(tmp_path: Path) -> None:
    pytest.importorskip("mlflow", reason="an extra")
    with pytest.raises(ExportError, match="nowhere://x: "):
        mlflow.export(trends(RUNS), "nowhere://x")
