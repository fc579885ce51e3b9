"""Every mistake in a case is named, with its line and what would be right."""

from pathlib import Path

import pytest

from tests.scenario.mistaken import CASE, SHARED, mistakes


@pytest.mark.parametrize(
    ("line", "field", "sentence"),
    [
        ("trainign.epochs = 1", "trainign", "unknown key; did you mean 'training'?"),
        ("training.epoch = 1", "training.epoch", "unknown key; did you mean 'epochs'?"),
        ("training.zzz = 1", "training.zzz", "unknown key; valid: batch_size, class_weights, "),
        ("data.zzz = 1", "data.zzz", "unknown key; valid: distractor_scale, "),
        ("diagnosys = 'none'", "diagnosys", "unknown key; did you mean 'diagnosis'?"),
        ("training.epochs = '5'", "training.epochs", "must be a valid integer, got '5'"),
        ("training.epochs = 1.5", "training.epochs", "must be a valid integer"),
        ("training.shuffle = 1", "training.shuffle", "must be a valid boolean, got 1"),
        ("training = 3", "training", "must be a table, got 3"),
        ("model.units = 5", "model.units", "must be a list, got 5"),
        ("model.units = []", "model.units", "must have at least 1 entry, got []"),
        ("model.units = [3, 0]", "model.units.1", "must be greater than or equal to 1, got 0"),
        ("model.units = [1.5]", "model.units.0", "must be a valid integer"),
        ("model.kind = 'gruu'", "model.kind", "unknown value 'gruu'; did you mean 'gru'?"),
        ("model.bidirectional = 1", "model.bidirectional", "must be a valid boolean, got 1"),
        ("model.projection = -1", "model.projection", "must be greater than or equal to 0"),
        ("model.projection = 15", "model.projection", "must be fewer than the 15 units"),
        (
            "model = {kind = 'gru', projection = 3}",
            "model.projection",
            "is known of lstm only, not of gru",
        ),
        (
            "model = {kind = 'gru', forget_bias = 1.0}",
            "model.forget_bias",
            "is of a forget gate; gru has reset, update and new",
        ),
        (
            "model = {bias = false, forget_bias = 1.0}",
            "model.forget_bias",
            "is a bias, and bias = false leaves layers none",
        ),
        (
            "model = {kind = 'rnn', gate_activation = 'relu'}",
            "model.gate_activation",
            "acts on gates; rnn has none",
        ),
        (
            "training = {stateful = true}",
            "training.shuffle",
            "must be false with stateful = true: batches go on in order",
        ),
        ("training.reset_every = 3", "training.reset_every", "needs stateful = true"),
        ("probes.on = 1", "probes.on", "unknown key"),
        ("probes.off = ['loss']", "probes.off", "must name probes with reasons, { gradient ="),
        (
            "probes.off = { gradeint = 'x' }",
            "probes.off",
            "unknown probe 'gradeint'; did you mean 'gradient'?",
        ),
        ("probes.off = { loss = ' ' }", "probes.off", "must say why loss does not apply, got ' '"),
        (
            "probes.off = { loss = true }",
            "probes.off",
            "must say why loss does not apply, got True",
        ),
        ("training.precision = 'half'", "training.precision", "unknown value 'half'; valid: "),
        (
            "training = {precision = 'float16', dtype = 'float64'}",
            "training.precision",
            "float16 computes beside float32, not dtype = ",
        ),
        (
            "training = {precision = 'float64', dtype = 'float32'}",
            "training.precision",
            "is float64, but training.dtype float32",
        ),
        ("model.dropout = 1.0", "model.dropout", "must be less than 1, got 1.0"),
        ("training.learning_rate = 0", "training.learning_rate", "must be greater than 0, got 0"),
        ("training.learning_rate = -1e-3", "training.learning_rate", "must be greater than 0"),
        ("training.learning_rate = nan", "training.learning_rate", "must be a finite number"),
        ("training.learning_rate = inf", "training.learning_rate", "must be a finite number"),
        ("training.batch_size = 0", "training.batch_size", "must be greater than or equal to 1"),
        ("training.epochs = 0", "training.epochs", "must be greater than or equal to 1"),
        ("training.optimizer = 'adma'", "training.optimizer", "unknown value 'adma'; did you mean"),
        ("training.optimizer = 3", "training.optimizer", "unknown value 3; valid: adadelta, "),
        (
            "training.optimizer = ['sgd']",
            "training.optimizer",
            "unknown value ['sgd']; did you mean 'sgd'?",
        ),
        ("data.task = 'first_valu'", "data.task", "unknown task 'first_valu'; did you mean 'first"),
        ("data.task = ['a']", "data.task", "unknown task ['a']; valid: adding, bag_of_tokens"),
        ("diagnosis = 'overfiting'", "diagnosis", "unknown value 'overfiting'; did you mean 'over"),
        ("data.records = 0", "data.records", "must be greater than or equal to 1"),
        ("data.records = 1", "data.records", "one record has labels of one class only"),
        ("data.jitter = 0.1", "data.jitter", "augmentation needs both"),
        ("training.momentum = 0.9", "training.momentum", "is used by rmsprop and sgd only"),
        (
            "training = {optimizer = 'sgd', epsilon = 0.5}",
            "training.epsilon",
            "is used by adadelta, adagrad, adam, adamax, adamw, nadam, radam and rmsprop only",
        ),
        ("training.loss = 'mes'", "training.loss", "unknown value 'mes'; did you mean 'mse'?"),
        (
            "training.loss = 'huber'",
            "training.loss",
            "'huber' is for values, targets are classes: bce and cross_entropy",
        ),
        (
            "training = {loss = 'bce', label_smoothing = 0.1}",
            "training.label_smoothing",
            "is used by cross_entropy only",
        ),
        ("training.label_smoothing = 1.0", "training.label_smoothing", "must be less than 1"),
        ("training.huber_delta = 2.0", "training.huber_delta", "is used by huber only"),
        (
            "training = {loss = 'mine:loss', class_weights = 'balanced'}",
            "training.class_weights",
            "is not handed to your own loss: set it there",
        ),
        (
            "training.class_weights = [1]",
            "training.class_weights",
            "must be none, balanced or a positive number for each class, got [1]",
        ),
        ("training.class_weights = [1, -2]", "training.class_weights", "must be none, balanced or"),
        ("training.class_weights = 'equal'", "training.class_weights", "must be none, balanced or"),
        (
            "training = {warmup_epochs = 48, epochs = 8}",
            "training.warmup_epochs",
            "is 48, and training ends after 8 epochs, at 17% of learning_rate: give at most 8",
        ),
        (
            "training = {schedule = 'step', epochs = 8}",
            "training.decay_epochs",
            "'step' with decay_epochs = 10 changes nothing before epoch 10, and epochs = 8",
        ),
        (
            "training = {schedule = 'cosine_restarts', epochs = 8}",
            "training.decay_epochs",
            "'cosine_restarts' with decay_epochs = 10 changes nothing before epoch 10",
        ),
        (
            "training = {schedule = 'plateau', epochs = 12}",
            "training.decay_epochs",
            "'plateau' with decay_epochs = 10 changes nothing before epoch 12, and epochs = 12",
        ),
        (
            "training = {schedule = 'one_cycle', warmup_epochs = 1}",
            "training.warmup_epochs",
            "'one_cycle' has a warm-up of its own: leave it out",
        ),
        (
            "training = {schedule = 'plateau', warmup_epochs = 1}",
            "training.warmup_epochs",
            "'plateau' waits for losses: leave it out",
        ),
        *(
            (f"training = {{schedule = {name!r}, decay = 1.0}}", "training.decay", "is 1: the rate")
            for name in ("plateau", "step", "exponential", "cosine", "linear")
        ),
        (
            "training = {schedule = 'one_cycle', schedule_epochs = 5}",
            "training.schedule_epochs",
            "OneCycleLR takes no step beyond the 5 epochs it is made for, and epochs = 100",
        ),
        (
            "training = {schedule = 'step', schedule_epochs = 5}",
            "training.schedule_epochs",
            "is used by cosine, linear, one_cycle only",
        ),
        ("training.nesterov = true", "training.nesterov", "is used by sgd only"),
        (
            "training = {optimizer = 'sgd', nesterov = true}",
            "training.nesterov",
            "looks ahead along the momentum, which is 0: give momentum",
        ),
        ("converged.at_least = 1.5", "converged.at_least", "accuracy cannot reach 1.5; it is at m"),
        ("converged.at_most = -1", "converged.at_most", "accuracy cannot fall to -1; it is at le"),
        (
            "training.optimizer = 'NAdam'",
            "training.optimizer",
            "unknown value 'NAdam'; did you mean",
        ),
        ("training.optimizer = 'rms-prop'", "training.optimizer", "unknown value 'rms-prop'; did"),
        (
            "training.optimizer = 'ASGD'",
            "training.optimizer",
            "unknown value 'ASGD'; did you mean \"torch.optim:ASGD\"?",
        ),
        (
            "training.optimizer = 'torch.optim:LBFGS'",
            "training.optimizer",
            "'torch.optim:LBFGS' cannot train here: its step needs a closure",
        ),
        (
            "training.optimizer = 'muon'",
            "training.optimizer",
            "'muon' cannot train here: it takes m",
        ),
        (
            "training.dtype = 'bfloat16'",
            "training.dtype",
            "'bfloat16' is none of weights: say precision = 'bfloat16' for autocast",
        ),
        (
            "converged = {metric = 'perplexity', at_least = 1}",
            "converged.at_least",
            "1 is true of any model: perplexity is at least 1",
        ),
        (
            "converged = {metric = 'skill', at_most = 0.2}",
            "converged.at_most",
            "0.2 is true before training: a constant answer has a skill of 0; claim at_least",
        ),
        ("converged.at_most = 1.0", "converged.at_most", "1 is true of any model: accuracy is at"),
        ("converged.metric = 'rmse'", "converged.metric", "'rmse' does not fit a classification"),
        ("data.normalize_targets = 'standard'", "data.normalize_targets", "needs real targets"),
        ("data.file = 'x.csv'", "data.timesteps", "is missing: a CSV file needs the length"),
        ("seeds = {min = 9, max = 3}", "seeds", "max (3) must not be below min (9)"),
        ("rate = 0.5", "rate", "must be greater than 0.5"),
        ("rate = 1.0", "rate", "must be less than 1"),
        ("remedies = 'second'", "remedies", "no case is called 'second'"),
        ("remedies = 'first'", "remedies", "a cycle: first -> first"),
        ("remedies = 5", "remedies", "must be a valid string, got 5"),
    ],
)
def test_a_mistake_in_a_case_is_named_with_what_would_be_right(
    path: Path, line: str, field: str, sentence: str
) -> None:
    (mistake,) = mistakes(path, SHARED + CASE + line + "\n")
    number, _, text = mistake.partition(": ")
    assert text.startswith(f"case[0].{field}: {sentence}")
    assert int(number) in (6, 9)  # the line itself, or the case where something is missing


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("data.oversample = true", "case[0].data.oversample: needs classes"),
        ("training.class_weights = 'balanced'", "case[0].training.class_weights: needs classes"),
        (
            "training.loss = 'bce'",
            "case[0].training.loss: 'bce' is for classes, targets are values: huber, mae and mse",
        ),
        (
            "converged.metric = 'accuracy'",
            "case[0].converged.metric: 'accuracy' does not fit a reg",
        ),
    ],
)
def test_what_needs_classes_is_refused_for_a_regression_task(
    path: Path, line: str, sentence: str
) -> None:
    shared = SHARED.replace("first_value", "mean_value").replace(
        "at_least", 'metric = "rmse"\nat_most'
    )
    (mistake,) = mistakes(path, shared + CASE + line + "\n")
    assert mistake.startswith(f"10: {sentence}")


def test_a_converging_case_has_no_reason_to_fail(path: Path) -> None:
    case = CASE.replace("fails", "converges") + 'diagnosis = "overfitting"\n'
    (mistake,) = mistakes(path, SHARED + case)
    assert mistake.startswith("9: case[0].diagnosis: says why a case fails")


def test_a_criterion_on_validation_records_needs_some(path: Path) -> None:
    shared = SHARED.replace('value"', 'value"\nvalidation_records = 0')
    (mistake,) = mistakes(path, shared + CASE + 'converged.on = "validation"\n')
    assert mistake.startswith("4: data.validation_records: is 0, but")


@pytest.mark.parametrize(
    ("bounds", "place"), [("", "4: converged"), ("at_least = 1.0\nat_most = 2.0", "4: converged")]
)
def test_a_criterion_has_exactly_one_bound(path: Path, bounds: str, place: str) -> None:
    (mistake,) = mistakes(path, SHARED.replace("at_least = 1.0", bounds) + CASE)
    assert (
        mistake == f"{place}: give exactly one of at_least, at_most, mean_at_least and mean_at_most"
    )


def test_a_misspelt_expectation_is_named(path: Path) -> None:
    (mistake,) = mistakes(path, SHARED + CASE.replace("fails", "fail"))
    assert mistake == "8: case[0].expect: unknown value 'fail'; did you mean 'fails'?"


def test_a_name_that_cannot_stand_in_a_node_id_is_refused(path: Path) -> None:
    (mistake,) = mistakes(path, SHARED + CASE.replace("first", "too low"))
    assert mistake.startswith("7: case[0].name: must match pattern")


def test_two_cases_may_not_share_a_name(path: Path) -> None:
    assert mistakes(path, SHARED + CASE + CASE) == [
        "10: case[1].name: 'first' is the name of an earlier case"
    ]


def test_a_remedy_names_the_nearest_case_when_it_names_none(path: Path) -> None:
    cure = CASE.replace("first", "cure") + 'remedies = "frist"\n'
    assert mistakes(path, SHARED + CASE + cure) == [
        "12: case[1].remedies: no case is called 'frist'; did you mean 'first'?"
    ]


def test_remedies_that_cure_each_other_are_a_cycle(path: Path) -> None:
    first = CASE + 'remedies = "second"\n'
    second = CASE.replace("first", "second") + 'remedies = "first"\n'
    assert mistakes(path, SHARED + first + second) == [
        "9: case[0].remedies: a cycle: first -> second -> first",
        "13: case[1].remedies: a cycle: second -> first -> second",
    ]
