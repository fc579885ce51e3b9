"""Another learning rate: ten times as high or low, and within what is usual."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any, ClassVar

from harness.diagnosis.edits.edit import Edit
from harness.diagnosis.observations import Optimizer
from harness.diagnosis.rates import ANY, lowered, raised, usual


class OtherRate(Edit):
    """Has each update made at another rate, whatever sets it.

    The rate is changed for the time of the update and put back: groups of parameters with rates of
    their own, schedules, and checkpoints of either go on as they are written.
    """

    helps_others = True
    change: ClassVar[Callable[..., Any]]

    def in_torch(self) -> None:
        """Change the rates of all groups around each step."""
        from torch.optim import optimizer

        as_written: dict[int, list[Any]] = {}

        def before(made: Any, args: Any, kwargs: Any) -> None:
            del args, kwargs
            as_written[id(made)] = [group.get("lr") for group in made.param_groups]
            for group in made.param_groups:
                if group.get("lr"):  # a rate of 0 is meant
                    other = self._other(made, float(group["lr"]), group.get("momentum"))
                    group["lr"] = group["lr"] * (other / float(group["lr"]))
                    self.acted = True

        def after(made: Any, args: Any, kwargs: Any) -> None:
            del args, kwargs
            for group, rate in zip(made.param_groups, as_written.pop(id(made), ()), strict=False):
                if rate is not None:
                    group["lr"] = rate

        self._hooks += [
            optimizer.register_optimizer_step_pre_hook(before),
            optimizer.register_optimizer_step_post_hook(after),
        ]

    def in_keras(self) -> None:
        """Change the rate that an update reads, in whatever traces it."""
        import keras

        applying: set[int] = set()

        def apply_at_other(apply: Callable[..., Any]) -> Callable[..., Any]:
            def applied(made: Any, *args: Any, **kwargs: Any) -> Any:
                applying.add(id(made))
                try:
                    return apply(made, *args, **kwargs)
                finally:
                    applying.discard(id(made))

            return applied

        def read(current: Callable[[Any], Any]) -> Callable[[Any], Any]:
            def rate(made: Any) -> Any:
                if id(made) not in applying:
                    return current(made)
                self.acted = True
                limits = {"larger": keras.ops.maximum, "smaller": keras.ops.minimum}
                return self._other(made, current(made), getattr(made, "momentum", 0), **limits)

            return rate

        self.patches.replace(keras.optimizers.Optimizer, "apply", apply_at_other)
        self.patches.replace(keras.optimizers.Optimizer, "_get_current_learning_rate", read)

    def _other(self, optimizer: Any, rate: Any, momentum: Any, **limits: Any) -> Any:
        """The rate that the remedy names for this optimizer."""
        known = Optimizer(type(optimizer).__name__.lower(), momentum=float(momentum or 0))
        return type(self).change(rate, usual(known) or ANY, **limits)


class Raised(OtherRate):
    """For a rate that is too low."""

    name = "raising the learning rate"

    @staticmethod
    def change(rate: Any, bounds: tuple[float, float], **limits: Any) -> Any:
        """Ten times the rate, or what is usual."""
        return raised(rate, bounds, limits.get("larger", max))


class Lowered(OtherRate):
    """For a rate that is too high."""

    name = "lowering the learning rate"

    @staticmethod
    def change(rate: Any, bounds: tuple[float, float], **limits: Any) -> Any:
        """A tenth of the rate, or of the highest usual one."""
        return lowered(rate, bounds, limits.get("smaller", min))
