"""The file that `harness new` writes: a scenario that runs as it is, every line explained."""

from harness.scenario.schema import directive
from harness.scenario.vocabulary import METRICS

STARTER = """\
{schema}
# One file asks one question about training; its cases are the answers that are claimed.
# Run it: pytest scenarios/{name}.toml
question = "Does a one-layer LSTM learn to repeat the first value of a sequence?"
source = ""                   # where the claim comes from: a paper, an issue, a colleague
tags = []                     # words to select by: tags = ["nightly"] answers to pytest -m nightly

[data]
task = "first_value"          # or your own records: file = "records.csv" (or .npz), see README
records = 200                 # training records
validation_records = 100
timesteps = 3
noise = 1                     # the largest of the integers that follow the first value

[model]
units = [15]                  # one entry a layer; or your own: factory = "my_package.models:Net"
init = "keras"                # how starting weights are drawn: keras, torch, xavier, orthogonal ...

[training]
optimizer = "adam"
learning_rate = 1e-2
batch_size = 32
epochs = 15                   # the budget: a run that needs more has not converged

[converged]
metric = "accuracy"           # {metrics}
on = "train"                  # train or validation
at_least = 1.0                # or at_most, for loss and rmse
hold = 2                      # evaluations in a row

# Each case trains over several seeds (12 at first) until its claim is decided.
[[case]]
name = "default"
expect = "converges"          # at least 90 % of all seeds reach the criterion within the budget

# A case that must fail must fail for its stated reason. It overrides what it varies.
[[case]]
name = "too_low"
expect = "fails"
diagnosis = "learning_rate_too_low"
training.learning_rate = 1e-6

# A remedy names the failing case that it cures:
# [[case]]
# name = "raised"
# expect = "converges"
# remedies = "too_low"
# training.learning_rate = 3e-2
"""


def starter(name: str) -> str:
    """Return the text of a new scenario file of this name, such as ``training/warmup``."""
    known = {"schema": directive(name), "name": name, "metrics": ", ".join(METRICS)}
    text = STARTER
    for word, meaning in known.items():
        text = text.replace(f"{{{word}}}", meaning)
    return text
