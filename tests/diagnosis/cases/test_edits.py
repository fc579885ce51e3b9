"""What two cases differ by says which causes the one is an experiment for."""

from pathlib import Path

import pytest

from harness.diagnosis.cases.edits import addressed, as_toml, difference, refutes
from harness.diagnosis.cases.proposal import edited, proposed
from harness.diagnosis.names import CAUSES
from harness.scenario import Case, load

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def cases(name: str) -> dict[str, Case]:
    found = load(SCENARIOS / f"{name}.toml", name)
    return {case.name: case for case in found.cases}


def test_an_edit_is_written_as_the_file_would_have_it() -> None:
    by_name = cases("data/unnormalized_inputs")
    edit = difference(by_name["offset"], by_name["offset_standardised"])
    assert edit is not None
    assert as_toml(edit) == ('data.normalize = "standard"',)
    assert "unnormalized_inputs" in addressed(edit)


def test_an_argument_of_own_code_is_named_also_where_the_remedy_leaves_it_out() -> None:
    by_name = cases("model/output_activation")
    edit = difference(by_name["softmax_twice"], by_name["logits"])
    assert "without model.arguments.last" in as_toml(edit)


def test_a_case_that_asks_for_something_else_is_no_experiment() -> None:
    by_name = cases("data/class_imbalance")
    assert difference(by_name["balanced_accuracy_sees_it"], by_name["accuracy_is_fooled"]) is None


def test_more_epochs_beside_another_change_are_no_remedy_themselves() -> None:
    by_name = cases("training/vanishing_gradient")
    edit = difference(by_name["forget_bias_zero"], by_name["forget_bias_five"])
    assert edit is not None
    assert "training.epochs" in edit
    assert "too_few_epochs" not in addressed(edit)


def test_a_change_of_which_nothing_is_known_says_nothing_of_any_cause() -> None:
    rate = {"training.learning_rate": (1e-5, 1e-2)}
    assert "learning_rate_too_low" in addressed(rate)
    assert not addressed(rate | {"model.factory": (None, "package:Model")})


@pytest.mark.parametrize(("rate", "refuted"), [(1e-2, True), (1.0, False)])
def test_failing_at_a_usual_rate_speaks_against_the_rate(
    rate: float, refuted: bool
) -> None:  # parametrised
    case = cases("training/vanishing_gradient")["higher_rate"]
    edit = {"training.learning_rate": (case.training.learning_rate, rate)}
    assert refutes(edit, "learning_rate_too_high", case) is refuted


def test_a_proposed_edit_makes_a_case_that_trains_otherwise() -> None:
    for case in (*cases("training/learning_rate").values(), *cases("model/depth").values()):
        for cause in CAUSES:
            edit = proposed(cause, case)
            if edit is not None:
                other = edited(case, edit)
                assert other.fingerprint != case.fingerprint
                assert cause in addressed(edit), cause
                assert difference(case, other) == edit


def test_a_rate_is_proposed_within_what_is_usual() -> None:
    by_name = cases("training/learning_rate")
    low = proposed("learning_rate_too_low", by_name["too_low"])
    high = proposed("learning_rate_too_high", by_name["too_high"])
    assert low is not None
    assert high is not None
    assert 2e-4 <= low["training.learning_rate"][1] <= 3e-2
    assert high["training.learning_rate"][1] <= 3e-2
