"""MLflow: the history as an experiment, a run each."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from harness.integrations.exporting import ExportError
from harness.trend.run import MEASURES, RunRecord
from harness.trend.trend import Trend

EXPERIMENT = "convergence"
CHECKSUM = "convergence.checksum"
"""The tag that tells which runs an experiment has already."""

MOST = 1000
"""Metrics that MLflow takes at once (its REST API, ``runs/log-batch``)."""

_NOT_IN_NAMES = re.compile(r"[^\w\-. :/]")


def export(found: Sequence[Trend], where: str) -> None:
    """Add the runs that the experiment ``convergence`` lacks; its commit and versions are tags.

    Args:
        found: what is exported.
        where: the tracking URI.

    Raises:
        ExportError: if MLflow refuses.
        ModuleNotFoundError: without MLflow.
    """
    from mlflow import MlflowClient  # noqa: PLC0415  # an extra
    from mlflow.exceptions import MlflowException  # noqa: PLC0415  # as above

    try:
        client = MlflowClient(tracking_uri=where)
        experiment = client.get_experiment_by_name(EXPERIMENT)
        own = experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
        for run, metrics in _by_run(found):
            known = client.search_runs([own], f"tags.`{CHECKSUM}` = '{run.checksum}'")
            if not known:
                _add(client, own, run, metrics)
    except (MlflowException, OSError) as error:
        raise ExportError(f"{where}: {str(error).splitlines()[0]}") from None


def _by_run(found: Sequence[Trend]) -> list[tuple[RunRecord, dict[str, float]]]:
    """Return the runs in order, each with what was measured in it."""
    metrics: dict[str, tuple[RunRecord, dict[str, float]]] = {}
    for trend in found:
        for run, case in zip(trend.runs, trend.cases, strict=True):
            own = metrics.setdefault(run.checksum, (run, {}))[1]
            for measure in MEASURES:
                if (value := case.value(measure)) is not None:
                    name = f"{trend.id}/{trend.backend}-{trend.device}/{measure}"
                    own[_NOT_IN_NAMES.sub("_", name)] = value
    return sorted(metrics.values(), key=lambda each: each[0].order)


def _add(client: Any, experiment: str, run: RunRecord, metrics: dict[str, float]) -> None:
    """Add a run; it counts as known only once all its metrics are there."""
    from mlflow.entities import Metric  # noqa: PLC0415  # an extra

    moment = int(datetime.fromisoformat(run.order[0]).timestamp() * 1000)
    told = {"commit": run.commit, "modified": str(run.modified), **run.environment}
    tags = {_NOT_IN_NAMES.sub("_", name): value for name, value in told.items()}
    added = client.create_run(experiment, start_time=moment, tags=tags, run_name=run.name)
    values = [Metric(name, value, moment, 0) for name, value in metrics.items()]
    for first in range(0, len(values), MOST):
        client.log_batch(added.info.run_id, metrics=values[first : first + MOST])
    client.set_tag(added.info.run_id, CHECKSUM, run.checksum)
    client.set_terminated(added.info.run_id, end_time=moment)
