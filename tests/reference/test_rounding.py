"""What rounding does to the first losses, where training is steady and where it is not."""

from collections.abc import Callable

from harness.reference import first_loss_rounding
from harness.scenario import Case


def test_steady_training_keeps_rounding_small(small_case: Callable[..., Case]) -> None:
    rounding = first_loss_rounding(small_case())
    assert len(rounding) == 3
    assert 0 < max(rounding) < 1e-6


def test_a_chaotic_step_is_told_and_what_follows_is_left_out(
    small_case: Callable[..., Case],
) -> None:
    rounding = first_loss_rounding(small_case("training.learning_rate = 1e3"))
    assert len(rounding) < 3
    assert rounding[0] < 1e-6


def test_of_a_user_s_own_module_only_the_untouched_loss_is_compared(
    small_case: Callable[..., Case],
) -> None:
    case = small_case()
    model = case.model.model_copy(update={"factory": "nowhere:model"})
    assert first_loss_rounding(case.model_copy(update={"model": model})) == [0.0]


def test_with_dropout_no_first_loss_is_compared(small_case: Callable[..., Case]) -> None:
    assert first_loss_rounding(small_case("model.dropout = 0.2")) == []
