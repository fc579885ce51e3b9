"""A backend to start from: stacked LSTMs of plain tensor operations, on any device of PyTorch.

Put your own step into `Run.forward` and `Run.backward`. Data, starting weights and the order of the
records come from the seed, so `harness compare` and the probes see nothing but what you changed.
"""

from contextlib import nullcontext

import torch

from harness.backends import Backend
from harness.backends.loop import SeedTraining, prepare_epoch, train_seed
from harness.dataset import build, is_padded, targets_of
from harness.guesses import guesses_of
from harness.history import FIRST_STEPS, Recorder
from harness.initial import draw
from harness.scenario import plateau_of, rate_factor

MODEL = {"units", "init", "init_scale", "forget_bias"}
TRAINING = {
    *("optimizer", "learning_rate", "epsilon", "batch_size", "epochs", "shuffle", "time_limit"),
    *("schedule", "decay", "decay_epochs", "schedule_epochs", "warmup_epochs"),
}
"""Keys that are honoured below; a case that sets another one is refused."""

OPTIMIZERS = {
    "adam": lambda weights, declared: torch.optim.Adam(
        weights, declared.learning_rate, eps=declared.epsilon
    ),
    "sgd": lambda weights, declared: torch.optim.SGD(weights, declared.learning_rate),
}


class Plain(Backend):
    name = "plain"

    def unavailable(self, device):
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:
            return str(error)
        return None

    def unsupported(self, case):
        """Refuse what is declared and not written below: nothing is trained as something else."""
        for section, known in ((case.model, MODEL), (case.training, TRAINING)):
            for name, field in type(section).model_fields.items():
                if name not in known and getattr(section, name) != field.get_default(
                    call_default_factory=True
                ):
                    return f"{name} = {getattr(section, name)!r} is not written yet"
        if case.training.optimizer not in OPTIMIZERS or plateau_of(case.training):
            return f"{case.training.optimizer} or its schedule is not written yet"
        if case.model.initialiser.by_framework:
            return "there is no framework's own initialisation"
        if case.targets == "values" or case.data.targets == "each_step" or targets_of(case):
            return "only one class a record is written yet"
        return "records that end early are not written yet" if is_padded(case) else None

    def train(self, case, seeds, device, watch):
        if reason := self.unsupported(case):
            raise ValueError(reason)
        return [train_seed(lambda s=seed: Run(case, s, device), seed, watch) for seed in seeds]

    def epoch(self, case, device):
        return prepare_epoch(nullcontext, lambda: Run(case, 0, device))


class Run(SeedTraining):
    """One seed: its data, weights and optimizer."""

    def __init__(self, case, seed, device):
        self.case, self.seed, self.device = case, seed, device
        self.data = data = build(case, seed)
        drawn = draw(case.model, data.features, data.outputs, seed)
        self.weights = {name: self._tensor(value) for name, value in drawn.items()}
        trained = {
            name: weight.requires_grad_()
            for name, weight in self.weights.items()
            if not (case.model.one_bias and name.endswith("bias_hh"))  # as Keras: one bias
        }
        names = [*(f"lstm.{n}" for n in range(len(case.model.units))), "head"]
        self.layers = {
            layer: [w for name, w in trained.items() if name.startswith(f"{layer}.")]
            for layer in names
        }
        self.optimizer = OPTIMIZERS[case.training.optimizer](trained.values(), case.training)
        steps = len(self.batches(0))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: rate_factor(case.training, step, steps)
        )
        self.sets = [
            (self._tensor(data.x), torch.tensor(data.y, device=device)),
            (self._tensor(data.x_validation), torch.tensor(data.y_validation, device=device)),
        ]
        guesses = guesses_of(case.converged.metric, case.training, data)
        self.recorder = Recorder(seed, case.training, case.converged, tuple(names), guesses)

    def forward(self, x):
        """Return logits `[batch, classes]` of inputs `[batch, timesteps, features]`."""
        for n, units in enumerate(self.case.model.units):
            w_ih, w_hh, b_ih, b_hh = (
                self.weights[f"lstm.{n}.{name}"]
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            h = c = x.new_zeros(len(x), units)
            outputs = []
            for step in x.unbind(1):
                i, f, g, o = (step @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * c.tanh()
                outputs.append(h)
            x = torch.stack(outputs, 1)
        return x[:, -1] @ self.weights["head.weight"].T + self.weights["head.bias"]

    def backward(self, batch):
        x, y = self.sets[0]
        self.optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(self.forward(x[batch]), y[batch])
        loss.backward()
        if self.recorder.steps < FIRST_STEPS:
            self.recorder.first_losses.append(loss.item())
        self.recorder.steps += 1

    def split(self, order):
        return torch.from_numpy(order).to(self.device).split(self.case.training.batch_size)

    def step(self, batch):
        self.backward(batch)
        self.update()

    def update(self):
        self.optimizer.step()
        self.schedule.step()

    def measured_step(self, batch):
        self.backward(batch)
        before = [[w.detach().clone() for w in layer] for layer in self.layers.values()]
        gradient = [_norm([w.grad for w in layer]) for layer in self.layers.values()]
        self.update()
        moved = [
            _norm([w.detach() - old for w, old in zip(layer, olds, strict=True)]) / _norm(olds)
            for layer, olds in zip(self.layers.values(), before, strict=True)
        ]
        return torch.tensor(gradient).numpy(), torch.tensor(moved).numpy()

    @torch.no_grad()
    def evaluate(self):
        return self.recorder.evaluate(*(self._score(x, y) for x, y in self.sets))

    def _score(self, x, y):
        if not len(y):
            return float("nan"), float("nan")
        outputs = self.forward(x)
        loss = torch.nn.functional.cross_entropy(outputs, y).item()
        return loss, self.metric(outputs.cpu().numpy(), y.cpu().numpy(), loss)

    def _tensor(self, values):
        return torch.tensor(values, dtype=torch.float32, device=self.device)


def _norm(tensors):
    return float(torch.cat([each.flatten() for each in tensors]).double().norm())
