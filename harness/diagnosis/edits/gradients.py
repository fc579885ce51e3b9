"""Gradients that are clipped before an update, and zeroed after it."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any

from harness.diagnosis.edits.edit import Edit

LARGEST = 1.0
"""Norm that gradients are clipped to: the usual one (PyTorch's and Keras' examples)."""


class Clipped(Edit):
    """For gradients that explode."""

    name = f"clipping the gradient's norm to {LARGEST:g}"
    helps_others = True

    def in_torch(self) -> None:
        """Clip before each step of an optimizer."""
        from torch.nn.utils import clip_grad_norm_
        from torch.optim.optimizer import register_optimizer_step_pre_hook

        def clip(made: Any, args: Any, kwargs: Any) -> None:
            del args, kwargs
            self.acted = True
            clip_grad_norm_([p for group in made.param_groups for p in group["params"]], LARGEST)

        self._hooks.append(register_optimizer_step_pre_hook(clip))

    def in_keras(self) -> None:
        """Have the optimizer clip."""

        def clip(model: Any, given: dict[str, Any]) -> None:
            del given
            model.optimizer.global_clipnorm, self.acted = LARGEST, True

        self.before_fit(clip)


class Zeroed(Edit):
    """For gradients that add up.

    Keras computes them anew on JAX and TensorFlow; only a ``train_step`` of one's own on PyTorch
    can forget to zero them.
    """

    name = "zeroing the gradients after each update"

    def in_torch(self) -> None:
        """Zero after each step of an optimizer."""
        from torch.optim.optimizer import register_optimizer_step_post_hook

        def zero(made: Any, args: Any, kwargs: Any) -> None:
            del args, kwargs
            self.acted = True
            made.zero_grad()

        self._hooks.append(register_optimizer_step_post_hook(zero))

    def in_keras(self) -> None:
        """Zero after each update, on PyTorch."""
        import keras

        if keras.backend.backend() != "torch":
            return

        def zeroing(apply: Callable[..., Any]) -> Callable[..., Any]:
            def applied(made: Any, *args: Any, **kwargs: Any) -> Any:
                done = apply(made, *args, **kwargs)
                for weight in made._trainable_variables:  # noqa: SLF001 - which it holds is private
                    weight.value.grad, self.acted = None, True
                return done

            return applied

        self.patches.replace(keras.optimizers.Optimizer, "apply", zeroing)
