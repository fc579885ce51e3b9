"""Healthy modules around one layer, norm, parametrisation or kind of dropout of PyTorch."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

UNITS = 6

Build = Callable[..., nn.Module]
"""Takes the numbers of features and outputs."""


class _Recurrent(nn.Module):
    """A recurrent module, and a head on its last step."""

    def __init__(self, recurrent: nn.RNNBase, width: int, outputs: int) -> None:
        super().__init__()
        self.recurrent, self.head = recurrent, nn.Linear(width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.recurrent(x)[0][:, -1])
        return outputs


class _Dense(nn.Module):
    """A wide layer over the mean of a sequence, something between, and a head."""

    def __init__(self, features: int, outputs: int, between: nn.Module) -> None:
        super().__init__()
        self.wide, self.between = nn.Linear(features, UNITS), between
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.between(torch.tanh(self.wide(x.mean(1)))))
        return outputs


def _recurrent(
    kind: Callable[..., nn.RNNBase], units: int = UNITS, width: int = 0, **named: Any
) -> Build:
    def build(features: int, outputs: int) -> nn.Module:
        recurrent = kind(features, units, batch_first=True, **named)
        return _Recurrent(recurrent, width or units, outputs)

    return build


def _dense(between: Callable[[], nn.Module]) -> Build:
    return lambda features, outputs: _Dense(features, outputs, between())


def _normed(norm: Callable[..., nn.Module], **named: Any) -> Build:
    """Let a norm or parametrisation compute the wide layer's weight."""

    def build(features: int, outputs: int) -> nn.Module:
        model = _Dense(features, outputs, nn.Linear(UNITS, UNITS))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the older norms are deprecated
            norm(model.between, **named)
        return model

    return build


def _weight_normed_lstm(features: int, outputs: int) -> nn.Module:
    model = _Recurrent(nn.LSTM(features, UNITS, batch_first=True), UNITS, outputs)
    parametrizations.weight_norm(model.recurrent, "weight_hh_l0")
    return model


class _Twice(nn.Module):
    """Gives a layer its input twice."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.layer(x, x)
        return outputs


LAYERS: dict[str, Build] = {
    "lstm": _recurrent(nn.LSTM),
    "stacked_lstm": _recurrent(nn.LSTM, num_layers=2, dropout=0.3),
    "lstm_without_bias": _recurrent(nn.LSTM, bias=False),
    "bidirectional_lstm": _recurrent(nn.LSTM, width=2 * UNITS, bidirectional=True),
    "projected_lstm": _recurrent(nn.LSTM, width=3, proj_size=3),
    "gru": _recurrent(nn.GRU, 15, num_layers=2, dropout=0.3),
    "gru_of_one_unit": _recurrent(nn.GRU, 1),
    "rnn": _recurrent(nn.RNN, 3),
    "relu_rnn": _recurrent(nn.RNN, 2, nonlinearity="relu"),
    "batch_norm": _dense(lambda: nn.BatchNorm1d(UNITS)),
    "layer_norm": _dense(lambda: nn.LayerNorm(UNITS)),
    "group_norm": _dense(lambda: nn.GroupNorm(2, UNITS)),
    "rms_norm": _dense(lambda: nn.RMSNorm(UNITS)),
    "dropout": _dense(lambda: nn.Dropout(0.3)),
    "dropout1d": _dense(
        lambda: nn.Sequential(nn.Unflatten(1, (3, 2)), nn.Dropout1d(), nn.Flatten())
    ),
    "alpha_dropout": _dense(lambda: nn.AlphaDropout(0.2)),
    "feature_alpha_dropout": _dense(
        lambda: nn.Sequential(nn.Unflatten(1, (3, 2)), nn.FeatureAlphaDropout(), nn.Flatten())
    ),
    "prelu": _dense(nn.PReLU),
    "randomised_relu": _dense(nn.RReLU),
    "module_list": _dense(lambda: nn.Sequential(*nn.ModuleList([nn.Linear(UNITS, UNITS)] * 2))),
    "bilinear": _dense(lambda: _Twice(nn.Bilinear(UNITS, UNITS, UNITS))),
    "weight_norm": _normed(parametrizations.weight_norm),
    "old_weight_norm": _normed(nn.utils.weight_norm),
    "spectral_norm": _normed(parametrizations.spectral_norm),
    "old_spectral_norm": _normed(nn.utils.spectral_norm),
    "orthogonal": _normed(parametrizations.orthogonal),
    "cayley_orthogonal": _normed(parametrizations.orthogonal, orthogonal_map="cayley"),
    "householder_orthogonal": _normed(parametrizations.orthogonal, orthogonal_map="householder"),
    "weight_norm_of_lstm": _weight_normed_lstm,
}
"""By kind."""
