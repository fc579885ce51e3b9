"""Small cases on which the faults act: each has what its faults need, and learns within seconds."""

from pathlib import Path
from typing import Any

from harness.scenario import TASKS, Case, Converged, Model, Scenario, Seeds, Training
from harness.scenario.vocabulary import METRICS, MetricName
from harness.selftest.modules import FACTORY, MODULES

SEEDS = 12
RECORDS, BATCH = 72, 16
"""Five batches an epoch, the last one half full: a lost partial batch would show."""


CLAIMS: dict[str, dict[str, float | None]] = {
    "loss": {"at_least": None, "at_most": 0.15},
    "accuracy": {"at_least": 0.95, "at_most": None},
    "balanced_accuracy": {"at_least": 0.95, "at_most": None},
    "rmse": {"at_least": None, "at_most": 0.2},
    "r2": {"at_least": 0.8, "at_most": None},
}
"""What a case has to reach, by its metric."""


def _case(
    name: str,
    *,
    model: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    metric: MetricName = "loss",
    seeds: int = SEEDS,
    **training: Any,
) -> Case:
    """Return two layers on a task that every step of the sequence matters to."""
    task = {"records": RECORDS, "timesteps": 4, "validation_records": 0} | (data or {})
    regression = METRICS[metric].of == "values"
    kind = task.pop("task", "mean_value" if regression else "mean_sign")
    common = {"learning_rate": 2e-2, "batch_size": BATCH, "epochs": 20}
    return Case(
        name=name,
        expect="converges",
        scenario="selftest",
        directory=Path(),
        data=TASKS[kind].model_validate(task),
        model=Model.model_validate({"units": (6, 6)} | (model or {})),
        training=Training.model_validate(common | training),
        converged=Converged(metric=metric, on="train", hold=1, **CLAIMS[metric]),
        seeds=Seeds(min=seeds, max=seeds),
    )


_SGD: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 0.3, "momentum": 0.9}

_PADDED: dict[str, Any] = {"task": "running_sign", "lengths": (1, 4)}
_BOTH_WAYS: dict[str, Any] = {"units": (6,), "bidirectional": True}

CASES = {
    case.name: case
    for case in (
        _case("adam"),
        _case("sgd", **_SGD),
        _case("adamw", optimizer="adamw", weight_decay=0.5),
        _case("adam_l2", weight_decay=0.01),
        _case("dropout", model={"dropout": 0.3}),
        _case("schedule", schedule="exponential", decay=0.5, decay_epochs=6, warmup_epochs=1.0),
        _case("clipping", clip_norm=0.3, **_SGD),
        _case("sorted", data={"sort_by_label": True}),
        _case("module", model={"init": "module"}),
        _case("gru", model={"kind": "gru", "init": "torch"}),
        _case("two_ways", model={"bidirectional": True}),
        _case("projected", model={"projection": 3}),
        _case("stateful", stateful=True, shuffle=False, reset_every=2, data={"records": 80}),
        _case("float16", model={"kind": "gru"}, precision="float16"),
        _case("bfloat16", precision="bfloat16"),
        _case("accuracy", metric="accuracy"),
        _case("balanced", metric="balanced_accuracy"),
        _case("rmse", metric="rmse"),
        _case("r2", metric="r2"),
        _case("padded", data=_PADDED),
        _case("padded_accuracy", data=_PADDED, metric="accuracy"),
        _case("padded_both_ways", data=_PADDED | {"targets": "last"}, model=_BOTH_WAYS),
        _case("embedded", data={"task": "bag_of_tokens"}, model={"embedding": 4}, **_SGD),
        _case(
            "several_labels",
            data={"task": "themes", "timesteps": 6},
            model={"embedding": 4},
            metric="accuracy",
            loss="bce",
        ),
        _case("smoothed", label_smoothing=0.2),
        _case("weighted", class_weights=(1.0, 4.0)),
        _case("bce", loss="bce"),
        _case("bce_weighted", loss="bce", class_weights=(1.0, 4.0)),
        _case("huber", metric="rmse", loss="huber", huber_delta=0.5),
        _case("nadam", optimizer="nadam", weight_decay=0.01),
        _case("nesterov", **_SGD, nesterov=True),
        _case("adagrad", optimizer="adagrad", weight_decay=0.01),
        _case("plateau", schedule="plateau", decay_epochs=2, decay=0.5),
        _case("one_cycle", schedule="one_cycle"),
        _case(
            "ensemble",
            model={"dropout": 0.5},
            schedule="cosine",
            warmup_epochs=2.0,
            epochs=30,
            weight_decay=0.01,
        ),
        *(
            _case(
                f"module_{kind}",
                model={"factory": FACTORY, "arguments": {"kind": kind}},
                epochs=2,
                seeds=2,
            )
            for kind in MODULES
        ),
        _case("brief", model={"units": (6,)}, learning_rate=5e-2, epochs=10),
    )
}
"""By name; those of a user's module by its kind."""

SCENARIO = Scenario("selftest", Path("selftest.toml"), "", "", (), tuple(CASES.values()))
