"""A file that uses every key which scenario files have promised since their first version."""

from pathlib import Path

from harness.scenario import load

EXAMPLE = """\
question = "What does the learning rate do to the hello-world LSTM?"
source = "where the claim comes from"            # optional
tags = ["training"]                              # optional; become pytest marks

[data]
task = "first_value"        # a generator, or: file = "hello.csv" with target = "target", timesteps = 3
records = 200               # training records
validation_records = 500
normalize = "none"          # none | minmax | standard   (fitted on the training records only)
# task parameters follow, e.g. timesteps, noise, scale, offset, positive_rate

[model]
kind = "lstm"               # or: factory = "my_package.models:SentimentLSTM"
units = [15, 15, 15]        # one entry a layer
init = "keras"              # keras | torch | xavier | he | orthogonal | zeros | constant | normal: drawn in NumPy
                            # module: the framework's own initialiser, under the seed
dropout = 0.0

[training]
optimizer = "adam"          # adam | adamw | rmsprop | sgd | ...
learning_rate = 1e-3
batch_size = 32
epochs = 100                # the budget

[converged]
metric = "accuracy"         # accuracy | balanced_accuracy | loss | rmse | ...
on = "train"                # train | validation
at_least = 1.0              # or: at_most = 0.05
hold = 2                    # evaluations in a row

[seeds]
min = 12
max = 48

[[case]]
name = "adam_default"
expect = "converges"

[[case]]
name = "too_low"
expect = "fails"
diagnosis = "learning_rate_too_low"
training.learning_rate = 1e-6

[[case]]
name = "raised"
expect = "converges"
remedies = "too_low"        # this case is the cure for that one; the report pairs them
training.learning_rate = 1e-2
"""  # noqa: E501  # comments as users write them


def test_a_file_with_every_promised_key_loads(tmp_path: Path) -> None:
    path = tmp_path / "learning_rate.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    scenario = load(path, "training/learning_rate")
    assert [(c.name, c.expect, c.diagnosis, c.remedies) for c in scenario.cases] == [
        ("adam_default", "converges", None, None),
        ("too_low", "fails", "learning_rate_too_low", None),
        ("raised", "converges", None, "too_low"),
    ]
    assert [case.training.learning_rate for case in scenario.cases] == [1e-3, 1e-6, 1e-2]
    assert all(case.model.units == (15, 15, 15) for case in scenario.cases)
    assert all(case.data.validation_records == 500 for case in scenario.cases)
