"""The declared loss, as `torch.nn` has it."""

import torch
from torch import Tensor, nn

from harness.backends.torch.own_checks import OwnLoss
from harness.dataset import Dataset
from harness.scenario import Training


def make_loss(training: Training, data: Dataset, like: Tensor) -> nn.Module:
    """Return the loss of outputs and targets as `EagerRun.loss_of` lays them out.

    Class weights are `weight` of the cross entropy and, as the second class's over the first's,
    `pos_weight` of the binary one.

    Args:
        training: what is declared of it.
        data: the records that it is of.
        like: a tensor of the device and type that it computes in.

    Raises:
        UserCodeError: if the user's own cannot be called so.
    """
    weights = None if data.class_weights is None else torch.from_numpy(data.class_weights).to(like)
    match training.loss_of("classes" if data.classes else "values"):
        case "cross_entropy":
            return nn.CrossEntropyLoss(weights, label_smoothing=training.label_smoothing)
        case "bce":
            positive = None if weights is None else weights[1] / weights[0]
            return nn.BCEWithLogitsLoss(pos_weight=positive)
        case "mse":
            return nn.MSELoss()
        case "mae":
            return nn.L1Loss()
        case "huber":
            return nn.HuberLoss(delta=training.huber_delta)
        case _:
            return OwnLoss(str(training.own_loss))
