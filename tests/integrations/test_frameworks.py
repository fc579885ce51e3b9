"""Each framework's own fit under `convergence.check`, with the real library."""

from importlib.util import find_spec

import pytest

from tests.pytest_plugin.test_fixture import Project

LIGHTNING = """
import lightning.pytorch as pl, logging, torch, warnings
from harness.integrations.lightning import train
from torch.utils.data import DataLoader, TensorDataset

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.simplefilter("ignore")


class Line(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def training_step(self, batch, _):
        x, y = batch
        loss = torch.nn.functional.mse_loss(self.layer(x), y)
        self.log("loss", loss, on_epoch=True, on_step=False)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.3)


def fit(seed, callback):
    pl.seed_everything(seed, verbose=False)
    x = torch.linspace(-1, 1, 32)[:, None]
    trainer = pl.Trainer(
        max_epochs=30, callbacks=[callback], accelerator="cpu", logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
    )
    trainer.fit(Line(), DataLoader(TensorDataset(x, 2 * x), batch_size=8))
"""

TRANSFORMERS = """
import torch
from transformers import Trainer, TrainingArguments, set_seed
from harness.integrations.transformers import train


class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, x, labels):
        return {"loss": torch.nn.functional.mse_loss(self.layer(x), labels)}


def fit(seed, callback):
    set_seed(seed)
    x = torch.linspace(-1, 1, 32)[:, None]
    records = [{"x": each, "labels": 2 * each} for each in x]
    settings = TrainingArguments(
        output_dir="out", num_train_epochs=30, learning_rate=0.1, logging_strategy="epoch",
        save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True, seed=seed,
    )
    Trainer(Line(), settings, train_dataset=records, callbacks=[callback]).train()
"""

KERAS = """
import os
os.environ["KERAS_BACKEND"] = "torch"
import keras, numpy as np
from harness.integrations.keras import train


def fit(seed, callback):
    keras.utils.set_random_seed(seed)
    x = np.linspace(-1, 1, 32)[:, None]
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.3), loss="mse")
    model.fit(x, 2 * x, batch_size=8, epochs=30, verbose=0, callbacks=[callback])
"""

TEST = """

def test_it_learns(convergence):
    convergence.check(train(fit), at_most={"loss": 1e-2})
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "text"),
    [("lightning", LIGHTNING), ("transformers", TRANSFORMERS), ("keras", KERAS)],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_frameworks_own_fit_is_judged_and_ended_once_decided(
    pytester: pytest.Pytester, library: str, text: str, workers: int
) -> None:
    if find_spec(library) is None:
        pytest.skip(f"{library}, an extra, is not installed")
    project = Project(pytester)
    project.write(text + TEST)
    pytester.runpytest_subprocess(  # frameworks cannot be imported twice in a process
        "--convergence-seeds=4", f"--convergence-workers={workers}", "-p", "no:cacheprovider"
    )
    (case,) = project.cases()
    assert (case["converged"], case["seeds"]) == (4, 4)
    assert all(len(run["train_loss"]) < 30 for run in case["runs"])
