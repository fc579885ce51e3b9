"""`with harness.watch(model, optimizer) as watch:` in any PyTorch loop."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import reprlib
from types import TracebackType
from typing import TYPE_CHECKING, Self

from harness.diagnosis.answer import Diagnosis, Primary
from harness.diagnosis.engine import diagnose
from harness.diagnosis.names import Cause
from harness.diagnosis.rendering import render

if TYPE_CHECKING:
    import torch

    from harness.diagnosis.watch.records import Training


class Watch:
    """Watches a training loop, and says afterwards why it did not train.

    Args:
        model: the network that is trained.
        optimizer: what updates it.
        every: after the first sixteen updates, look closely at one in that many.
    """

    def __init__(
        self, model: "torch.nn.Module", optimizer: "torch.optim.Optimizer", *, every: int = 10
    ) -> None:
        from harness.diagnosis.watch.torch_recorder import Recorder

        _check(model, optimizer, every)
        if not any(parameter.requires_grad for parameter in model.parameters()):
            raise ValueError(
                f"{type(model).__name__} has no parameter that can be trained: set requires_grad, "
                f"or register its layers (nn.ModuleList instead of a list)"
            )
        self.model = model
        self.optimizer = optimizer
        self._recorder = Recorder(every=every, order=False, model=model)
        self._joined = False
        self._answer: Diagnosis | None = None
        self._asked_at = 0

    def __enter__(self) -> Self:
        """Start to listen; under `harness diagnose`, which listens already, join it."""
        from harness.diagnosis.watch.torch_recorder import of_a_script

        script = of_a_script()
        if script is not None:
            self._recorder, self._joined = script, True
        else:
            self._recorder.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to listen; nothing is left behind."""
        if not self._joined:
            self._recorder.__exit__(kind, error, trace)

    @property
    def diagnosis(self) -> Diagnosis:
        """The answer, kept until more updates were seen."""
        from harness.diagnosis.watch.torch_observe import observe

        training = self._training()
        if training is None:
            return Diagnosis(
                seen="No update was seen: optimizer.step() was not called while watching.", runs=0
            )
        if self._answer is None or self._asked_at != training.steps:
            self._asked_at = training.steps
            self._answer = diagnose(observe(self._recorder, training, {}))
        return self._answer

    def _training(self) -> "Training | None":
        ours = {id(p) for p in self.model.parameters()}
        made = self._recorder.made.trainings
        mine = (t for t in made if t.optimizer is self.optimizer or t.optimized & ours)
        return next(mine, None)

    @property
    def primary(self) -> Primary:
        """The most likely cause, or none."""
        return self.diagnosis.primary

    @property
    def causes(self) -> tuple[Cause, ...]:
        """All causes found, the most likely first."""
        return self.diagnosis.causes

    def report(self) -> str:
        """What is wrong, how it was seen, and the edit that mends it: about a dozen lines."""
        return render(self.diagnosis, type(self.model).__name__)


def watch(
    model: "torch.nn.Module", optimizer: "torch.optim.Optimizer", *, every: int = 10
) -> Watch:
    """Watch a PyTorch training loop.

    Args:
        model: the network that is trained.
        optimizer: what updates it.
        every: after the first sixteen updates, look closely at one in that many.

    Raises:
        TypeError: these are no network and no optimizer, or stand in each other's place.
        ValueError: nothing in the model can be trained, or ``every`` is below 1.
    """
    return Watch(model, optimizer, every=every)


def _check(model: object, optimizer: object, every: object) -> None:
    """Refuse what can never be watched, and say what was wanted."""
    import torch

    usage = "harness.watch(model, optimizer) wants"
    if isinstance(model, torch.optim.Optimizer) and isinstance(optimizer, torch.nn.Module):
        raise TypeError(f"{usage} the network first: model and optimizer stand in the wrong order")
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"{usage} a network (torch.nn.Module) as model, not {_named(model)}")
    steps = callable(getattr(optimizer, "step", None)) and hasattr(optimizer, "param_groups")
    if isinstance(optimizer, type) or not steps:
        raise TypeError(
            f"{usage} an optimizer (torch.optim.Optimizer) as optimizer, not {_named(optimizer)}"
        )
    if isinstance(every, bool) or not isinstance(every, int):
        raise TypeError(f"{usage} a whole number of updates as every, not {_named(every)}")
    if every < 1:
        raise ValueError(f"{usage} every to be 1 or more, not {every}")


def _named(value: object) -> str:
    if value is None or isinstance(value, type):
        return f"the class {value.__name__}" if value is not None else "None"
    return f"{type(value).__name__} ({reprlib.repr(value)})"
