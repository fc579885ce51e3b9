"""The reference backend: `torch.nn.LSTM`, `torch.optim`, an ordinary loop, one model per seed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from harness.backends.base import Backend, Watch
from harness.backends.loop import SeedTraining, prepare_epoch, train_seed
from harness.backends.torch.at_start import not_finite
from harness.backends.torch.carried import Carried
from harness.backends.torch.device import device_missing, quiet_torch, seeded
from harness.backends.torch.loss import make_loss
from harness.backends.torch.network import Network, build, layer_parameters
from harness.backends.torch.norms import LayerNorms, as_numpy
from harness.backends.torch.own_checks import check_outputs, own_optimizer
from harness.backends.torch.padding import counted
from harness.backends.torch.precision import Precision, kernel_missing
from harness.dataset import Dataset
from harness.dataset import build as build_dataset
from harness.guesses import guesses_of
from harness.history import FIRST_STEPS, Floats, History, Recorder, Stop
from harness.initial import draw
from harness.scenario import Case, Training, plateau_of, rate_factor


@final
class Eager(Backend):
    """Trains the real thing; the other backends are proved equal to it."""

    name = "eager"

    def unavailable(self, device: str) -> str | None:
        """Return why PyTorch cannot use ``device`` here."""
        return device_missing(device)

    def lacks(self, case: Case, device: str) -> str | None:
        """Return which half-precision kernel ``device`` has not."""
        return kernel_missing(case, device)

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds one after another."""
        return [self._trained(case, seed, device, watch) for seed in seeds]

    def _trained(self, case: Case, seed: int, device: str, watch: Watch) -> History:
        with quiet_torch(seed):
            return train_seed(lambda: EagerRun(case, seed, device), seed, watch)

    @contextmanager
    def open(self, case: Case, seeds: Sequence[int], device: str) -> Iterator["EagerRun"]:
        """Open the run that would be trained, under its seed."""
        [seed] = seeds
        with quiet_torch(seed):
            yield EagerRun(case, seed, device)

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare the first epoch of seed 0."""
        return prepare_epoch(lambda: seeded(0), lambda: EagerRun(case, 0, device))


class EagerRun(SeedTraining[Tensor]):
    """One seed of a case: its data, model and optimiser."""

    def __init__(self, case: Case, seed: int, device: str) -> None:
        self.case, self.seed = case, seed
        data = build_dataset(case, seed)
        self.data = data
        self.dtype = torch.float64 if case.training.dtype == "float64" else torch.float32
        self.device = torch.device(device)
        self.x, self.y = self._tensors(data.x, data.y)
        self.validation = self._tensors(data.x_validation, data.y_validation)
        self.model = self._model(data)
        layers = layer_parameters(self.model)
        self.norms = LayerNorms(list(layers.values()))
        self.precision = Precision(case.training, self.device)
        self.carried = Carried(case.training.reset_every) if case.training.stateful else None
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.loss = make_loss(case.training, data, self.x)
        self.optimizer = make_optimizer(self.parameters, case.training)
        self.scheduler = make_scheduler(self.optimizer, case.training, len(self.batches(0)))
        guesses = guesses_of(case.converged.metric, case.training, data)
        self.recorder = Recorder(seed, case.training, case.converged, tuple(layers), guesses)

    def epoch(self, epoch: int) -> int:
        """Train one epoch; a state that is carried starts from zero."""
        if self.carried is not None:
            self.carried.reset()
        return super().epoch(epoch)

    def split(self, order: NDArray[np.int64]) -> Sequence[Tensor]:
        """Split record numbers into batches, on the device."""
        return torch.split(torch.from_numpy(order).to(self.device), self.case.training.batch_size)

    def step(self, batch: Tensor) -> None:
        """Take one optimisation step on the records ``batch``."""
        self.backward(batch)
        self.update()

    def measured_step(self, batch: Tensor) -> tuple[Floats, Floats]:
        """Take a step; return each layer's gradient norm and relative update."""
        self.backward(batch)
        gradient, before = self.norms.gradient(), self.norms.weights()
        self.update()
        return gradient, self.norms.update_ratio(before)

    def backward(self, batch: Tensor) -> None:
        """Leave the gradient of the batch's loss in the parameters: the first half of a step."""
        self.optimizer.zero_grad()
        with self.precision.autocast():
            loss = self.loss_of(self.answers(self.x[batch], self.carried), self.y[batch])
        self.precision.backward(loss, self.optimizer)
        if self.recorder.steps < FIRST_STEPS:
            self.recorder.first_losses.append(loss.item())
        self.recorder.steps += 1

    def answers(self, x: Tensor, carried: Carried | None) -> Tensor:
        """Return the model's outputs, from the state that the batch before left if there is one."""
        if carried is None:
            outputs: Tensor = self.model(x)
        else:
            carried.next_batch()
            outputs = self.model(x, carried)
        return outputs

    def update(self) -> None:
        """Clip, update the weights, advance the schedule: the second half of a step."""
        if self.case.training.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.parameters, self.case.training.clip_norm)
        updated = self.precision.update(self.optimizer)
        if updated and isinstance(self.scheduler, LambdaLR):
            self.scheduler.step()

    def adapt_rate(self, loss: float) -> None:
        """Tell the schedule the loss after an epoch, if it waits for one."""
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(loss)

    def evaluate(self) -> Stop | None:
        """Record loss and metric of both sets, in evaluation mode; return why to stop, if so."""
        self.model.eval()
        with torch.inference_mode():
            train = self._score(self.x, self.y)
            validation = self._score(*self.validation)
        self.model.train()
        return self.recorder.evaluate(train, validation)

    def not_finite_at_start(self) -> str:
        """Say which record or layer is not finite before any update."""
        self.model.eval()
        with torch.inference_mode():
            sets = {"training": (self.x, self.y), "validation": self.validation}
            told = not_finite(self.model, sets, padded=self.data.padded)
        self.model.train()
        return told

    def _score(self, x: Tensor, y: Tensor) -> tuple[float, float]:
        if len(y) == 0:
            return float("nan"), float("nan")
        outputs = self._evaluated(x)
        if (factory := self.case.model.factory) is not None:
            answered = list(x.shape[: 1 + self.data.each_step])
            check_outputs(outputs, factory, [*answered, self.data.outputs])
        loss = self.loss_of(outputs, y).item()
        outputs, y = counted(outputs, y, self.data.width)
        return loss, self.metric(as_numpy(outputs), as_numpy(y), loss)

    def _evaluated(self, x: Tensor) -> Tensor:
        """Return the outputs of a set, its state carried through it in the same batches."""
        with self.precision.autocast():
            if self.carried is None:
                return self.answers(x, None)
            carried = Carried(self.case.training.reset_every)
            parts = torch.split(x, self.case.training.batch_size)
            return torch.cat([self.answers(part, carried) for part in parts])

    def loss_of(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the declared loss of outputs, a scalar: over what there is a target for.

        Outputs are `[records, outputs]`, or `[records, timesteps, outputs]`.
        """
        outputs, targets = counted(outputs, targets, self.data.width)
        data = self.data
        if data.one_logit or not data.classes:
            outputs = outputs if data.width else outputs.squeeze(1)
            targets = targets.to(outputs.dtype)
        loss: Tensor = self.loss(outputs, targets)
        return loss

    def _model(self, data: Dataset) -> nn.Module:
        model = build(self.case, data).to(self.device, self.dtype)
        declared = self.case.model
        if isinstance(model, Network) and not declared.initialiser.by_framework:
            model.start_from(draw(declared, data.features, data.outputs, self.seed))
            if declared.one_bias:
                model.freeze_second_bias()
        return model

    def _tensors(self, x: Floats, y: NDArray[Any]) -> tuple[Tensor, Tensor]:
        targets = torch.from_numpy(y).to(self.device)
        inputs = torch.from_numpy(x).to(self.device, self.dtype)
        return inputs, targets if targets.dtype == torch.int64 else targets.to(self.dtype)


def norm(tensors: Sequence[Tensor]) -> float:
    """Return the Euclidean norm of all elements of ``tensors``."""
    return float(torch.linalg.vector_norm(torch.stack([t.norm() for t in tensors])))


def make_optimizer(parameters: Sequence[Tensor], training: Training) -> torch.optim.Optimizer:
    """Return the declared optimiser, as `torch.optim` builds it by default.

    Raises:
        UserCodeError: if the user's own returns none.
    """
    facts = training.known_optimizer
    if facts is None:
        return own_optimizer(training.optimizer, parameters, training.learning_rate)
    taken = {"lr": training.learning_rate, "weight_decay": training.weight_decay}
    taken |= {"eps": training.epsilon} if facts.epsilon is not None else {}
    taken |= {"momentum": training.momentum} if facts.momentum else {}
    taken |= {"nesterov": training.nesterov} if facts.nesterov else {}
    return _OPTIMIZERS[training.optimizer](parameters, **taken)


_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adadelta": torch.optim.Adadelta,
    "adagrad": torch.optim.Adagrad,
    "adam": torch.optim.Adam,
    "adamax": torch.optim.Adamax,
    "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam,
    "radam": torch.optim.RAdam,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}


def make_scheduler(
    optimizer: torch.optim.Optimizer, training: Training, steps_per_epoch: int
) -> LambdaLR | ReduceLROnPlateau | None:
    """Return the declared schedule; ``None`` if constant.

    It is stepped once an optimisation step, or with the loss after each epoch.
    """
    if training.constant_rate:
        return None
    if plateau_of(training) is not None:
        return ReduceLROnPlateau(
            optimizer, factor=training.decay, patience=training.decay_epochs, eps=0.0
        )
    return LambdaLR(optimizer, lambda step: rate_factor(training, step, steps_per_epoch))
