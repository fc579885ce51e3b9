"""What was seen of one training: plain arrays and numbers, whoever recorded them.

Everything is optional but the loss curve: a recorder fills in what it could see, and a cause
whose evidence is missing is not named.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Floats = NDArray[np.float64]

BY_HAND = "by hand"
"""Name of the optimizer where the script makes updates itself, or none at all."""

LossKind = Literal[
    "cross_entropy",
    "nll",
    "bce",
    "bce_logits",
    "margin",
    "mse",
    "mae",
    "signed",
    "divergence",
    "poisson",
    "likelihood",
    "other",
]
Function = Literal[
    "softmax",
    "log_softmax",
    "sigmoid",
    "tanh",
    "relu",
    "softplus",
    "exp",
    "linear",
    "largest",
    "unknown",
]


@dataclass(frozen=True)
class Loss:
    """How the loss was computed.

    Attributes:
        kind: its family; Huber and smooth L1 count as ``mae``, ``margin`` takes logits and labels
            of -1 and 1, ``poisson`` logarithms of what it compares, ``likelihood`` outputs on the
            targets' scale; of ``other`` it is not known how outputs and targets belong together.
        function: what was applied last to the output before the loss.
        axis: along which a softmax runs is wrong if it is the batch's.
        output_shape, target_shape: of one batch, as they met in the loss.
        broadcast: whether they were broadcast to something larger than either.
        negated: whether minus the loss was minimised.
        likelihood: whether the log-likelihood of labels itself was minimised, without a minus.
        name: what the script calls it.
        weighted: whether classes or records are weighted.
        partial: whether what is minimised has other parts, which depend on the network too.
        reshaped: the output's axes were swapped by a view, which leaves its values where they were.
        takes: ``logits`` or ``probabilities``, where Keras' loss says so.
        same_unit: its value is what its kind gives, not a sum, a multiple or a root of it.
    """

    kind: LossKind = "other"
    function: Function = "unknown"
    over_batch: bool = False
    output_shape: tuple[int, ...] = ()
    target_shape: tuple[int, ...] = ()
    broadcast: bool = False
    negated: bool = False
    likelihood: bool = False
    name: str = ""
    weighted: bool = False
    partial: bool = False
    ignored: int | None = None
    integer_targets: bool = False
    takes: str = ""
    same_unit: bool = True
    reshaped: bool = False
    sparse: bool = False


@dataclass(frozen=True)
class Layer:
    """One layer of the network, measured on a batch at the start and at the end.

    Attributes:
        name, kind: as the framework calls it.
        width: units; ``None`` where it has none.
        dropout: share that it drops.
        activation: bounded or rectifying function it ends in, if any.
        saturated: share of activations at their bounds, or of dead units, (start, end).
        depth: position in the forward pass.
    """

    name: str
    kind: str
    width: int | None = None
    dropout: float = 0.0
    activation: str = ""
    saturated: tuple[float, float] | None = None
    depth: int = 0


@dataclass(frozen=True)
class Parameter:
    """One parameter tensor that took part in the forward pass, or lies in an optimizer.

    Attributes:
        name: as the model calls it.
        layer: kind of the layer that owns it.
        shape: of the tensor.
        used: in a forward pass that was trained on.
        registered: whether the model knows it (a layer in a plain list is not known).
        trainable: whether it asks for a gradient.
        optimized: whether an optimizer holds it.
        gradients: norms at sampled updates; empty if there never was one, ``None`` if not measured.
        weight: its norm at the start.
        moved: norm of what all updates changed together.
        spread: standard deviation of the starting values.
        constant: all starting values are equal.
        copies: its units have equal weights at the end too.
        usual: standard deviation that the usual initialisers give (Glorot, He, LeCun).
        depth: position of its layer in the forward pass.
        fresh: its starting values look as initialisers draw them.
        elsewhere: another training of the same script updates it.
        waiting: it has a gradient, and an optimizer that never makes a step.
    """

    name: str
    shape: tuple[int, ...]
    layer: str = ""
    used: bool = True
    registered: bool = True
    trainable: bool = True
    optimized: bool = True
    gradients: tuple[float, ...] | None = None
    weight: float = 0.0
    moved: float | None = None
    spread: float = 0.0
    constant: bool = False
    copies: bool = False
    usual: float = 0.0
    depth: int = 0
    fresh: bool = False
    elsewhere: bool = False
    waiting: bool = False

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape))

    @property
    def is_matrix(self) -> bool:
        """A weight matrix or kernel, not a bias or a norm's scale."""
        return len(self.shape) > 1 and not self.name.endswith("bias")

    @property
    def cut_off(self) -> bool:
        """Whether no gradient ever arrived, and nothing moved it."""
        return self.gradients is not None and not any(self.gradients) and not self.moved


@dataclass(frozen=True)
class Optimizer:
    """How updates were made.

    Attributes:
        name: class name, lower case.
        rates: learning rate at each step that was seen.
        momentum: of SGD.
        clip: bound of gradient clipping, if any.
        weight_decay: of the first group.
        meant: the rate that a schedule rises to or falls from, where it says so.
    """

    name: str = ""
    rates: tuple[float, ...] = ()
    momentum: float = 0.0
    clip: float | None = None
    weight_decay: float = 0.0
    meant: float | None = None


@dataclass(frozen=True)
class NonFinite:
    """The first value that was not finite.

    Attributes:
        step: update before which it was seen, from 0.
        place: ``input``, ``target``, ``output``, ``loss``, ``gradient`` or ``weight``.
        where: record or layer, for a person.
    """

    step: int
    place: str
    where: str = ""


@dataclass(frozen=True)
class Loop:
    """What the training loop did.

    Attributes:
        stale: share of updates that reused gradients of the update before.
        erased: gradients arrive, and are gone when the optimizer makes its update.
        carried: share of batches that started from the state of the batch before.
        in_eval: share of training passes in evaluation mode although the mode matters.
        eval_then_train: evaluation mode was set, and training went on in it.
        predicts_in_train: share of calls after training that ask for training mode explicitly.
        always_dropped: times that dropout ran in a network in evaluation mode.
        shuffled: whether the order of records differs between epochs; ``None``: not known.
        regrouped: records are met again in another batch, beside others than before.
        draws_orders: whether the script draws an order of records anywhere.
        batch: records in a batch.
        records: training records.
        cut: why no gradient can flow: the loss was no function of the parameters.
        interleaved: several optimizers take turns with different losses.
        full_order_kept: batches are met in an order in which targets are sorted.
    """

    stale: float = 0.0
    erased: bool = False
    carried: float = 0.0
    in_eval: float = 0.0
    eval_then_train: bool = False
    predicts_in_train: float = 0.0
    always_dropped: int = 0
    shuffled: bool | None = None
    regrouped: bool = False
    draws_orders: bool = False
    batch: int | None = None
    records: int | None = None
    cut: bool = False
    interleaved: bool = False


@dataclass(frozen=True)
class Reading:
    """A metric that the script computes for itself, beside the right one.

    Attributes:
        name: what it is.
        value: what the script computes at the end; ``None`` where that is not known.
        right: what the same outputs and targets give when compared correctly.
        why: what differs.
        cause: what it speaks for.
    """

    name: str
    value: float | None
    right: float | None
    why: str
    cause: Literal["wrong_metric", "wrong_loss"] = "wrong_metric"


@dataclass(frozen=True)
class Missed:
    """A level that was asked of a training and not reached.

    Attributes:
        on: which records it was measured on.
        metric: its name.
        reached: the value at the end; NaN if training broke off.
        bound: the level that was asked for.
        restless: the loss on all records went up and down instead of falling, or the level was
            reached and lost again.
    """

    on: Literal["train", "validation"]
    metric: str
    reached: float
    bound: float
    restless: bool = False


@dataclass(frozen=True)
class Observations:
    """One training.

    Attributes:
        losses: `[steps]` training loss of each update.
        epochs: passes over the data; ``None``: not known.
        validation_losses: `[evaluations]`, oldest first.
        inputs: `[records, ...]` a sample, in the order they are stored in or met.
        targets: `[records, ...]` that belong to them.
        outputs: `[records, ...]` output for the last batches, as the loss met it.
        output_targets: `[records, ...]` targets for ``outputs``.
        final_outputs: `[records, ...]` of the trained network for ``inputs``, evaluation mode.
        evaluated: `[records, ...]` outputs of the last evaluation, made in training mode.
        evaluated_rightly: the same records in evaluation mode.
        evaluated_targets: `[records, ...]` that belong to both.
        objective: `[steps]` what was minimised, where that is not the loss itself.
        alternatives: other pairings of inputs with targets that the script's data allow.
        more_inputs, more_targets: `[records, ...]` of the same kind that were not trained on.
        cut_steps: first time steps that the output depends on, and that no gradient reaches.
        leak: change of a record's output, in their spread, when others of its batch change.
        across: kind of a layer that runs along the axis of the records, or none.
        partly: records are more than their inputs here: the network is given several tensors.
        beside: `[records, ...]` each, the other tensors where they are known.
        mixed: array of the script whose records the inputs were put together from, several each.
        continued: a later training goes on with these weights: this one is a stage of it.
        renamed: how axes of the inputs got other names by a view, where they did.
        missed: what was asked of the training and not reached, where somebody asked.
        share_gone: of what the best constant answer costs, by the compiled loss itself.
    """

    losses: Floats
    epochs: int | None = None
    framework: str = "torch"
    loss: Loss = field(default_factory=Loss)
    optimizer: Optimizer = field(default_factory=Optimizer)
    loop: Loop = field(default_factory=Loop)
    layers: tuple[Layer, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    non_finite: NonFinite | None = None
    validation_losses: Floats = field(default_factory=lambda: np.zeros(0))
    objective: Floats = field(default_factory=lambda: np.zeros(0))
    inputs: Array | None = None
    targets: Array | None = None
    outputs: Array | None = None
    output_targets: Array | None = None
    final_outputs: Array | None = None
    batches: tuple[Array, ...] = ()
    validation_outputs: Array | None = None
    validation_targets: Array | None = None
    evaluated: Array | None = None
    evaluated_rightly: Array | None = None
    evaluated_targets: Array | None = None
    alternatives: tuple[tuple[str, Array, Array], ...] = ()
    relabelled: float = 0.0
    permuted_alone: str = ""
    readings: tuple[Reading, ...] = ()
    step_gradient: Floats | None = None
    cut_steps: int = 0
    leak: float = 0.0
    across: str = ""
    partly: bool = False
    beside: tuple[Array, ...] = ()
    mixed: str = ""
    continued: bool = False
    renamed: str = ""
    in_order: bool = False
    raw_outputs: Array | None = None
    metric: str = ""
    more_inputs: Array | None = None
    more_targets: Array | None = None
    missed: Missed | None = None
    share_gone: float | None = None
