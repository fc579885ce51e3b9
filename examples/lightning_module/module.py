"""A regression as a LightningModule."""

import lightning.pytorch as pl
import torch
from torch.utils.data import DataLoader, TensorDataset

DROP_LAST = False


class Regression(pl.LightningModule):
    """Two layers that learn the sine of half a sum."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(4, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1)
        )

    def training_step(self, batch, _):
        x, y = batch
        return torch.nn.functional.mse_loss(self.layers(x), y)

    def validation_step(self, batch, _):
        x, y = batch
        self.log("val_loss", torch.nn.functional.mse_loss(self.layers(x), y))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 5e-3)


def loaders():
    """Return what is trained on, in batches, and what is validated on."""
    x = torch.randn(240, 4)
    y = torch.sin(x.sum(1, keepdim=True) / 2)
    held_out = torch.randn(256, 4)
    validation = TensorDataset(held_out, torch.sin(held_out.sum(1, keepdim=True) / 2))
    training = DataLoader(TensorDataset(x, y), batch_size=96, shuffle=True, drop_last=DROP_LAST)
    return training, DataLoader(validation, batch_size=256)
