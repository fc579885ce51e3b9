"""A metric's name says which way it gets better, or nobody guesses."""

import pytest

from harness.curves import higher_is_better


@pytest.mark.parametrize(
    "name", ["loss", "lm loss", "train/loss", "val_loss", "validate/loss", "eval_wer", "crossloss"]
)
def test_lower_losses_are_better(name: str) -> None:
    assert higher_is_better(name) is False


@pytest.mark.parametrize("name", ["accuracy", "val_acc", "eval/f1", "top1 accuracy", "R2"])
def test_higher_accuracies_are_better(name: str) -> None:
    assert higher_is_better(name) is True


@pytest.mark.parametrize("name", ["grad_norm", "num-zeros", "x", "accuracy loss"])
def test_other_names_do_not_say(name: str) -> None:
    assert higher_is_better(name) is None
