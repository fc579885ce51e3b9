"""The declared optimiser as Keras' own of that name, each epsilon with the effect declared."""

from typing import Any

import keras

from harness.scenario import Training

RMSPROP_RHO = 0.99
"""`torch.optim.RMSprop`'s smoothing, which scenarios declare; Keras' default is 0.9."""

ADADELTA_RHO = 0.9
"""`torch.optim.Adadelta`'s; Keras' default is 0.95."""


class _DeclaredEpsilon:
    """Makes the epsilon of Keras' Adam act as the declared one does.

    Scenarios declare the epsilon of Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1: added to the
    root of the second moment once its bias is corrected, as in PyTorch. Keras adds that of their
    section 2, before the correction, which is the former times sqrt(1 - beta_2^t), t the step.
    """

    @property
    def epsilon(self: Any) -> Any:
        """What Keras adds in the step that it is taking."""
        step = keras.ops.cast(self.iterations + 1, self._velocities[0].dtype)
        return self.declared * keras.ops.sqrt(1 - keras.ops.power(self.beta_2, step))

    @epsilon.setter
    def epsilon(self: Any, declared: float) -> None:
        self.declared = declared


class Adam(_DeclaredEpsilon, keras.optimizers.Adam):  # type: ignore[misc]  # Keras is untyped
    """Keras' Adam."""


class AdamW(_DeclaredEpsilon, keras.optimizers.AdamW):  # type: ignore[misc]  # Keras is untyped
    """Keras' AdamW."""


def make_optimizer(training: Training) -> Any:
    """Return Keras' optimiser of the declared name.

    Raises:
        ValueError: for one that the backend refuses.
    """
    rate, clip = training.learning_rate, training.clip_norm
    match training.optimizer:
        case "adam":
            return Adam(rate, epsilon=training.epsilon, global_clipnorm=clip)
        case "adamw":
            return AdamW(
                rate,
                weight_decay=training.weight_decay,
                epsilon=training.epsilon,
                global_clipnorm=clip,
            )
        case "rmsprop":  # Keras adds epsilon under the root, PyTorch outside: hence its square
            return keras.optimizers.RMSprop(
                rate,
                rho=RMSPROP_RHO,
                momentum=training.momentum,
                epsilon=training.epsilon**2,
                global_clipnorm=clip,
            )
        case "sgd":
            return keras.optimizers.SGD(
                rate,
                momentum=training.momentum,
                nesterov=training.nesterov,
                global_clipnorm=clip,
            )
        case "adadelta":
            return keras.optimizers.Adadelta(
                rate, rho=ADADELTA_RHO, epsilon=training.epsilon, global_clipnorm=clip
            )
        case "adagrad":  # epsilon under the root, as RMSprop's; sums start at zero, as PyTorch's
            return keras.optimizers.Adagrad(
                rate,
                initial_accumulator_value=0.0,
                epsilon=training.epsilon**2,
                global_clipnorm=clip,
            )
        case "adamax":
            return keras.optimizers.Adamax(rate, epsilon=training.epsilon, global_clipnorm=clip)
        case other:
            raise ValueError(f"{other} is refused by the backend")
