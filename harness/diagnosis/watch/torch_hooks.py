"""Where a recorder listens: at every module in a close look, at the network in between."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

from harness.diagnosis.watch.torch_functions import LOSSES, install
from harness.diagnosis.watch.torch_resting import Resting

if TYPE_CHECKING:
    from harness.diagnosis.watch.torch_recorder import Recorder


class Hooks:
    """Puts a recorder's hooks in, and takes them out.

    Args:
        recorder: who listens.
        model: the network, where the loop says which one it is. Then modules are listened to at
            close looks only, and in between calls of the network itself: hooks on modules cost at
            every layer. A call without gradient, which is an evaluation, is looked at closely.
            Functions stay replaced: a class that is changed loses what Python has learnt of it.
    """

    def __init__(self, recorder: "Recorder", model: torch.nn.Module | None) -> None:
        self.recorder = recorder
        self.model = model
        self._when_close: list[Any] = []
        self._always: list[Any] = []

    def put_in(self) -> None:
        """Listen to everything."""
        recorder = self.recorder
        self._always = [optimizer_hooks.register_optimizer_step_post_hook(recorder.step_ends)]
        install(recorder)
        if self.model is not None and type(self.model).__call__ is torch.nn.Module.__call__:
            recorder.patches.replace(type(self.model), "__call__", self._called)
        else:
            self.model = None
        self.wake()

    def take_out(self) -> None:
        """Listen to nothing; the program is as it was."""
        for handle in (*self._always, *self._when_close):
            handle.remove()
        self.recorder.patches.restore()

    def turn(self) -> None:
        """An update has ended: listen as the coming one needs it."""
        recorder = self.recorder
        if recorder.resting is not None:
            if recorder.made.close or len(recorder.made.trainings) > 1:
                self.wake()
        elif self.model is not None and not recorder.close and self._model_says_all():
            self.rest()

    def wake(self) -> None:
        """Listen to every module."""
        recorder = self.recorder
        if recorder.resting is not None:
            recorder.pending = recorder.resting.take_over()
            recorder.resting = None
        if not self._when_close:
            self._when_close = [
                module_hooks.register_module_forward_pre_hook(recorder.module_begins),
                module_hooks.register_module_forward_hook(recorder.module_ends, always_call=True),
                optimizer_hooks.register_optimizer_step_pre_hook(recorder.step_begins),
            ]

    def rest(self) -> None:
        """Listen to the network as a whole."""
        self.recorder.depth = 0
        self.recorder.resting = Resting(self.recorder.made)
        while self._when_close:
            self._when_close.pop().remove()

    def _model_says_all(self) -> bool:
        """Whether calls of the network and loss functions make up the whole loop."""
        trainings = self.recorder.made.trainings
        if len(trainings) != 1:
            return False
        training = trainings[0]
        known = training.pair is not None and training.pair.name in LOSSES
        return known and training.modules.keys() == {id(self.model)}

    def _called(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, model = self.recorder, self.model

        def call(module: torch.nn.Module, *args: Any, **kwargs: Any) -> Any:
            resting = recorder.resting
            if resting is None or module is not model or recorder.deaf:
                return original(module, *args, **kwargs)
            if not torch.is_grad_enabled():
                recorder.guard.ask(None, self.wake)
                return original(module, *args, **kwargs)
            output = original(module, *args, **kwargs)
            resting.calls.append((module, args, output, module.training))
            return output

        return call
