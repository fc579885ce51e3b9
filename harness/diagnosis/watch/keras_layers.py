"""Layers, parameters, output and loss of a Keras network, as observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import math
from typing import Any

import numpy as np

from harness.diagnosis.drawn import drawn
from harness.diagnosis.observations import Array, Function, Layer, Loss, LossKind, Parameter
from harness.diagnosis.watch.keras_training import KerasTraining

PASSING = {"Flatten", "Reshape", "Dropout", "Identity", "Permute", "Masking", "InputLayer"}
"""Layers that do not change what function ends the network."""

FUNCTIONS: dict[str, Function] = {
    "softmax": "softmax",
    "log_softmax": "log_softmax",
    "sigmoid": "sigmoid",
    "hard_sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "linear": "linear",
}


def flat_layers(model: Any) -> list[Any]:
    """Layers in order, those of nested networks and wrappers included."""
    found = []
    for layer in model.layers if hasattr(model, "layers") else []:
        if hasattr(layer, "layers") and layer.layers:
            found += flat_layers(layer)
        else:
            found.append(layer)
    return found


def layers(model: Any) -> tuple[Layer, ...]:
    """The layers as observations."""
    found = []
    for at, layer in enumerate(flat_layers(model)):
        inner = getattr(layer, "layer", None) or getattr(layer, "forward_layer", None) or layer
        width = next(
            (
                v
                for n in ("units", "filters", "output_dim")
                if isinstance(v := getattr(inner, n, None), int)
            ),
            None,
        )
        rate = getattr(inner, "rate", None)
        dropout = (
            float(rate) if isinstance(rate, float) and "ropout" in type(inner).__name__ else 0.0
        )
        for name in ("dropout", "recurrent_dropout"):
            value = getattr(inner, name, 0.0)
            dropout = max(dropout, float(value) if isinstance(value, float) else 0.0)
        found.append(
            Layer(
                name=layer.name,
                kind=type(layer).__name__,
                width=width,
                dropout=dropout,
                activation=_activation(layer),
                depth=at,
            )
        )
    return tuple(found)


def _activation(layer: Any) -> str:
    if type(layer).__name__ in {"Softmax", "ReLU"}:
        return type(layer).__name__.lower()
    return getattr(getattr(layer, "activation", None), "__name__", "")


def output_function(model: Any) -> Function:
    """The function that ends the network."""
    for layer in reversed(flat_layers(model)):
        if type(layer).__name__ in PASSING:
            continue
        name = _activation(getattr(layer, "layer", None) or layer)
        return FUNCTIONS.get(name, "unknown") if name else "unknown"
    return "unknown"


KINDS: tuple[tuple[str, LossKind], ...] = (
    ("binary_crossentropy", "bce"),
    ("binarycrossentropy", "bce"),
    ("categorical_crossentropy", "cross_entropy"),
    ("categoricalcrossentropy", "cross_entropy"),
    ("mean_squared_error", "mse"),
    ("meansquarederror", "mse"),
    ("mse", "mse"),
    ("mean_absolute_error", "mae"),
    ("meanabsoluteerror", "mae"),
    ("mae", "mae"),
    ("huber", "mae"),
    ("log_cosh", "mae"),
    ("logcosh", "mae"),
)


def loss(training: KerasTraining, outputs: Array | None, targets: Array | None) -> Loss:
    """How the loss meets output and target."""
    given = training.model.loss
    if isinstance(given, (list, tuple)) and len(given) == 1:
        given = given[0]
    if isinstance(given, (list, tuple, dict)):
        return Loss()
    name = given if isinstance(given, str) else getattr(given, "__name__", None)
    name = name or getattr(given, "name", None) or type(given).__name__
    low = name.lower()
    known = isinstance(given, str) or "keras" in (
        getattr(given, "__module__", "") or type(given).__module__
    )
    kind: LossKind = next((k for part, k in KINDS if part in low), "other") if known else "other"
    logits = bool(
        getattr(given, "from_logits", False)
        or getattr(given, "_fn_kwargs", {}).get("from_logits", False)
    )
    function = output_function(training.model)
    if kind == "bce" and logits:
        kind = "bce_logits"
    takes = "logits" if logits else "probabilities" if kind in {"bce", "cross_entropy"} else ""
    if kind == "cross_entropy" and not logits:
        kind = "nll"
    out = tuple(outputs.shape) if outputs is not None else ()
    goal = tuple(targets.shape) if targets is not None else ()
    return Loss(
        kind=kind,
        function=function,
        output_shape=(training.batch, *out[1:]),
        target_shape=(training.batch, *goal[1:]),
        broadcast=_broadcast(out, goal)
        if kind in {"mse", "mae"}
        else kind == "other" and _of_all(training.model, out, goal),
        name=name,
        weighted=training.weighted,
        takes=takes,
        integer_targets=targets is not None and targets.dtype.kind in "iub",
        sparse="sparse" in low,
    )


def _of_all(model: Any, out: tuple[int, ...], goal: tuple[int, ...]) -> bool:
    """Whether a loss of the script's own compares every output with every target.

    Then it is the same for targets in another order, though not for other targets. Asked as `fit`
    does: Keras brings output and target to as many axes before it calls the loss.
    """
    if not out or not goal:
        return False
    if len(goal) == 1:
        goal = (*goal, 1)  # as `fit` passes targets without a second axis
    maker = np.random.default_rng(0)
    output, target = (maker.uniform(0.1, 0.9, (16, *s[1:])).astype("float32") for s in (out, goal))
    try:
        asked = [
            float(model._compile_loss(t, output))
            for t in (target, np.roll(target, 5, 0), 1 - target)
        ]
    except Exception:  # noqa: BLE001 - the user's own loss may refuse anything
        return False
    same = bool(np.isclose(asked[0], asked[1], rtol=1e-5))
    return same and not np.isclose(asked[0], asked[2], rtol=1e-3)


def _broadcast(out: tuple[int, ...], goal: tuple[int, ...]) -> bool:
    if not out or not goal:
        return False
    if len(out) - len(goal) == 1 and out[-1] == 1:
        out = out[:-1]
    if len(goal) - len(out) == 1 and goal[-1] == 1:
        goal = goal[:-1]
    return out[1:] != goal[1:] and math.prod(out[1:]) != math.prod(goal[1:])


def parameters(
    training: KerasTraining, gradients: dict[str, list[float]] | None, elsewhere: set[str]
) -> tuple[Parameter, ...]:
    """Every weight with its start, its gradient and how far it moved.

    Args:
        training: whose weights.
        gradients: norms by path; ``None`` where they were not measured.
        elsewhere: paths of weights that another training of the script updates.
    """
    model = training.model
    owners = {}
    for at, layer in enumerate(flat_layers(model)):
        for weight in layer.weights:
            owners[weight.path] = (at, type(layer).__name__)
    trained = {w.path for w in model.trainable_weights} | training.trainable
    found = []
    start = training.start or [None] * len(model.weights)
    for weight, first in zip(model.weights, start, strict=False):
        if "seed" in weight.path or "moving_" in weight.path or weight.dtype in {"uint32", "int64"}:
            continue
        now = np.asarray(weight.numpy() if hasattr(weight, "numpy") else weight)
        before = now if first is None else np.asarray(first)
        depth, kind = owners.get(weight.path, (0, ""))
        found.append(
            Parameter(
                name=weight.path,
                shape=tuple(before.shape),
                layer=kind,
                trainable=weight.path in trained and weight.path in training.trainable,
                gradients=None if gradients is None else tuple(gradients.get(weight.path, ())),
                weight=float(np.linalg.norm(before)),
                moved=float(np.linalg.norm(now - before)) if first is not None else None,
                spread=float(before.std()) if before.size > 1 else 0.0,
                constant=bool(before.size > 1 and np.all(before == before.flat[0])),
                usual=_usual(tuple(before.shape), kind),
                depth=depth,
                elsewhere=weight.path in elsewhere,
                fresh=before.ndim > 1
                and drawn(
                    before.reshape(-1, before.shape[-1]),
                    math.prod(before.shape[:-1]),
                    before.shape[-1],
                ),
            )
        )
    return tuple(found)


def _usual(shape: tuple[int, ...], kind: str) -> float:
    if len(shape) < 2:
        return 0.0
    if kind == "Embedding":
        return 0.03
    fan_in = math.prod(shape[:-1])
    return math.sqrt(2 / fan_in)
