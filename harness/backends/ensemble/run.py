"""Many seeds trained as one model, each with a record of its own, until the last has stopped."""

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from harness.backends.base import Watch
from harness.backends.ensemble.job import PreparedSeed
from harness.backends.ensemble.loss import BatchedLoss
from harness.backends.ensemble.measured import measured
from harness.backends.ensemble.network import BatchedNetwork
from harness.backends.ensemble.optimizer import OPTIMIZERS
from harness.backends.ensemble.records import Dropout, Records
from harness.backends.torch.carried import Carried
from harness.dataset import epoch_order
from harness.guesses import guesses_of
from harness.history import FIRST_STEPS, History, Recorder, Stop
from harness.scenario import Training, plateau_of, rate_factor


class EnsembleRun:
    """Jobs of one kind, trained as one model.

    Attributes:
        jobs: those still in training; row ``n`` of every batched array belongs to ``jobs[n]``.
        finished: histories, by the index that their job had at first.
        indices: those of ``jobs``.
    """

    def __init__(self, jobs: Sequence[PreparedSeed], device: str) -> None:
        self.jobs = list(jobs)
        self.finished: dict[int, History] = {}
        case, data = jobs[0].case, jobs[0].data
        self.model, self.training, self.metric = case.model, case.training, case.converged.metric
        dtype = torch.float64 if self.training.dtype == "float64" else torch.float32
        rows = [
            torch.from_numpy(BatchedNetwork.pack(job.weights, self.model)).to(dtype) for job in jobs
        ]
        start = torch.stack(rows).to(device)
        self.network = BatchedNetwork(
            *(self.model, data.features, data.outputs, start),
            each_step=data.each_step,
            padded=data.padded,
            stateful=self.training.stateful,
        )
        self.carried = self._carried()
        self.optimizer = OPTIMIZERS[self.training.optimizer]([j.case.training for j in jobs], start)
        datasets = [job.data for job in jobs]
        self.records, self.validation = (
            Records.stack(x, y, start, vectors=data.width > 0)
            for x, y in (
                ([d.x for d in datasets], [d.y for d in datasets]),
                ([d.x_validation for d in datasets], [d.y_validation for d in datasets]),
            )
        )
        weights = [d.class_weights for d in datasets if d.class_weights is not None]
        of_classes = start.new_tensor(np.stack(weights)) if weights else None
        self.loss = BatchedLoss.of(self.training, data, of_classes)
        self.dropout = self._dropout(start)
        self.first_losses: list[Tensor] = []
        names = tuple(self.network.slices)
        self.recorders = [_recorder(job, names) for job in jobs]
        self.plateaus = [plateau_of(job.case.training) for job in jobs]
        self.indices = list(range(len(jobs)))
        self.seconds = [0.0] * len(jobs)
        self.clock = time.perf_counter()

    def train(self, watch: Watch) -> None:
        """Train until every seed has met its criterion, a non-finite loss, budget or time limit."""
        self._judge()
        epoch = 0
        while self.jobs:
            self.epoch(epoch)
            epoch += 1
            trained = [job.seed for job in self.jobs]
            self._judge()
            for seed in trained:
                watch(seed, epoch)

    def crash(self, message: str) -> None:
        """Close the record of every seed still in training."""
        for index, recorder in zip(self.indices, self.recorders, strict=True):
            self.finished[index] = recorder.history(Stop.CRASHED, message)

    def epoch(self, epoch: int) -> int:
        """Train one epoch; return its number of steps, the same for every seed."""
        self.carried = self._carried()
        ordered = self.records.ordered(self._order(epoch))
        *batches, last = ordered.split(self.training.batch_size)
        rates = self._rates(epoch, len(batches) + 1)
        for batch, rate in zip(batches, rates[:-1], strict=True):
            self._backward(*batch)
            self._update(rate)
        self._measured_step(last, rates[-1])
        self._flush(len(batches) + 1)
        return len(batches) + 1

    def _order(self, epoch: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.stack(
            [
                epoch_order(j.seed, epoch, len(j.data.y), shuffle=j.case.training.shuffle)
                for j in self.jobs
            ]
        )

    def _rates(self, epoch: int, steps: int) -> Tensor:
        """Return the learning rates of an epoch's steps `[steps, seeds, 1]`."""
        known: dict[Training, list[float]] = {}
        for training in (job.case.training for job in self.jobs):
            if training not in known:
                known[training] = [
                    training.learning_rate * rate_factor(training, epoch * steps + n, steps)
                    for n in range(steps)
                ]
        rates = [
            [rate * (plateau.factor if plateau else 1.0) for rate in known[job.case.training]]
            for job, plateau in zip(self.jobs, self.plateaus, strict=True)
        ]
        return self.network.parameters.new_tensor(rates).t().unsqueeze(2).contiguous()

    def _backward(self, x: Tensor, y: Tensor) -> None:
        masks = self.dropout.masks(len(x), x.shape[3]) if self.dropout else []
        if self.carried is not None:
            self.carried.next_batch()
        outputs = self.network.forward(x, masks, self.carried)
        if self.optimizer.steps < FIRST_STEPS:
            self.first_losses.append(self.loss.value(outputs, y))
        self.network.backward(x, self.loss.gradient(outputs, y), masks)

    def _update(self, rate: Tensor) -> None:
        self.optimizer.step(self.network.parameters, self.network.gradients, rate)
        self.network.settle()

    def _measured_step(self, batch: tuple[Tensor, Tensor], rate: Tensor) -> None:
        """Take a step and record how large gradient and update were, layer by layer."""
        self._backward(*batch)
        network = self.network
        norms = network.layer_norms(network.gradients)
        before = network.parameters.clone()
        self._update(rate)
        sizes = network.layer_norms(before)
        ratios = network.layer_norms(before.sub_(network.parameters)) / sizes.clamp(min=1e-30)
        measured = torch.stack([norms, ratios]).cpu().double().numpy()
        for recorder, norm, ratio in zip(self.recorders, *measured, strict=True):
            recorder.layer_norms(norm, ratio)

    def _flush(self, steps: int) -> None:
        """Hand the epoch's steps and first losses to the seeds' records."""
        losses = torch.stack(self.first_losses, 1).tolist() if self.first_losses else None
        for n, recorder in enumerate(self.recorders):
            recorder.steps += steps
            if losses:
                recorder.first_losses.extend(losses[n])
        self.first_losses.clear()

    def _judge(self) -> None:
        """Evaluate all seeds and let those leave that are done."""
        train = self._score(self.records, [job.data.target_scale for job in self.jobs])
        validation = self._score(self.validation, [job.data.target_scale for job in self.jobs])
        self._share_time()
        staying = []
        for n, recorder in enumerate(self.recorders):
            stopped = recorder.evaluate(train[n], validation[n])
            if (plateau := self.plateaus[n]) is not None and recorder.steps:
                plateau.see(recorder.judged_loss)
            if stopped is None:
                staying.append(n)
            else:
                self.finished[self.indices[n]] = recorder.history(stopped)
        if len(staying) < len(self.jobs):
            self._keep(staying)

    def _share_time(self) -> None:
        """Charge each seed its share of the time since the last evaluation."""
        now = time.perf_counter()
        share = (now - self.clock) / len(self.jobs)
        self.clock = now
        self.seconds = [seconds + share for seconds in self.seconds]
        for recorder, seconds in zip(self.recorders, self.seconds, strict=True):
            recorder.started = now - seconds

    def _score(self, records: Records, scales: list[float]) -> list[tuple[float, float]]:
        if not records.y.shape[1]:
            return [(float("nan"), float("nan"))] * len(scales)
        outputs = self._evaluated(records.x)
        losses = self.loss.value(outputs, records.targets).cpu().double().numpy()
        metrics = measured(
            self.metric,
            *(outputs.cpu().numpy(), records.targets.cpu().numpy()),
            *(losses, np.array(scales)),
            ignored=self.loss.ignores,
        )
        return list(zip(losses.tolist(), metrics.tolist(), strict=True))

    def _evaluated(self, x: Tensor) -> Tensor:
        """Return the outputs of a set, a state carried through it in batches of training's size."""
        if (carried := self._carried()) is None:
            return self.network.evaluate(x)
        return self.network.evaluate_in_turn(x, self.training.batch_size, carried)

    def _carried(self) -> Carried | None:
        """Return what batches hand on, at its start; ``None`` where each starts from zero."""
        return Carried(self.training.reset_every) if self.training.stateful else None

    def _dropout(self, like: Tensor) -> Dropout | None:
        if not self.model.dropout:
            return None
        rates = [job.case.model.dropout for job in self.jobs]
        directions = 2 if self.model.bidirectional else 1
        widths = [directions * (self.model.projection or units) for units in self.model.units]
        return Dropout([job.seed for job in self.jobs], rates, widths, like)

    def _keep(self, rows: list[int]) -> None:
        """Go on with these rows only."""
        for name in ("jobs", "recorders", "plateaus", "indices", "seconds"):
            setattr(self, name, [getattr(self, name)[row] for row in rows])
        if not rows:
            return
        index = torch.tensor(rows, dtype=torch.int64, device=self.network.parameters.device)
        self.network = self.network.keep(index)
        self.optimizer.keep(index)
        self.records, self.validation = self.records.keep(index), self.validation.keep(index)
        self.loss = self.loss.keep(index)
        if self.dropout:
            self.dropout.keep(rows)


def _recorder(job: PreparedSeed, layers: tuple[str, ...]) -> Recorder:
    training, converged = job.case.training, job.case.converged
    guesses = guesses_of(converged.metric, training, job.data)
    return Recorder(job.seed, training, converged, layers, guesses)
