"""Does the regression still learn under Lightning?"""

import logging
import warnings

import lightning.pytorch as pl
from module import Regression, loaders

from harness.integrations.lightning import train

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


def fit(seed, callback):
    warnings.simplefilter("ignore")  # of workers that load data, which it does not need
    pl.seed_everything(seed, verbose=False)
    trainer = pl.Trainer(
        max_epochs=200,
        accelerator="cpu",
        callbacks=[callback],
        logger=False,
        enable_checkpointing=False,
        enable_model_summary=False,
        enable_progress_bar=False,
    )
    trainer.fit(Regression(), *loaders())


def test_it_learns_the_sine(convergence):
    convergence.check(train(fit), at_most={"val_loss": 0.02})
