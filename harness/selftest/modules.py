"""Healthy modules of a user's own, of every kind that PyTorch offers: no probe may object to one.

Each maps `[batch, timesteps, features]` to `[batch, outputs]` and is built by its name, as a
scenario's `model.factory` would: `harness.selftest.modules:GroupNorm`.
"""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.checkpoint import checkpoint

UNITS = 6
VOCABULARY = 12

Build = Callable[..., nn.Module]
MODULES: dict[str, Build] = {}


def healthy(build: Build) -> Build:
    """Add a factory to `MODULES`."""
    MODULES[build.__name__] = build
    return build


class _Recurrent(nn.Module):
    """A recurrent module, and a head on its last step."""

    def __init__(self, recurrent: nn.Module, width: int, outputs: int) -> None:
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


def _recurrent(kind: type[nn.RNNBase], units: int = UNITS, width: int = 0, **named: Any) -> Build:
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


MODULES |= {
    "LSTM": _recurrent(nn.LSTM),
    "StackedLSTM": _recurrent(nn.LSTM, num_layers=2, dropout=0.3),
    "LSTMWithoutBias": _recurrent(nn.LSTM, bias=False),
    "BidirectionalLSTM": _recurrent(nn.LSTM, width=2 * UNITS, bidirectional=True),
    "ProjectedLSTM": _recurrent(nn.LSTM, width=3, proj_size=3),
    "GRU": _recurrent(nn.GRU, 15, num_layers=2, dropout=0.3),
    "GRUOfOneUnit": _recurrent(nn.GRU, 1),
    "RNN": _recurrent(nn.RNN, 3),
    "ReluRNN": _recurrent(nn.RNN, 2, nonlinearity="relu"),
    "BatchNorm": _dense(lambda: nn.BatchNorm1d(UNITS)),
    "LayerNorm": _dense(lambda: nn.LayerNorm(UNITS)),
    "GroupNorm": _dense(lambda: nn.GroupNorm(2, UNITS)),
    "RMSNorm": _dense(lambda: nn.RMSNorm(UNITS)),
    "Dropout": _dense(lambda: nn.Dropout(0.3)),
    "Dropout1d": _dense(
        lambda: nn.Sequential(nn.Unflatten(1, (3, 2)), nn.Dropout1d(), nn.Flatten())
    ),
    "AlphaDropout": _dense(lambda: nn.AlphaDropout(0.2)),
    "FeatureAlphaDropout": _dense(
        lambda: nn.Sequential(nn.Unflatten(1, (3, 2)), nn.FeatureAlphaDropout(), nn.Flatten())
    ),
    "PReLU": _dense(lambda: nn.PReLU()),
    "RandomisedReLU": _dense(lambda: nn.RReLU()),
    "ModuleList": _dense(lambda: nn.Sequential(*nn.ModuleList([nn.Linear(UNITS, UNITS)] * 2))),
    "Bilinear": _dense(lambda: _Twice(nn.Bilinear(UNITS, UNITS, UNITS))),
    "WeightNorm": _normed(parametrizations.weight_norm),
    "OldWeightNorm": _normed(nn.utils.weight_norm),
    "SpectralNorm": _normed(parametrizations.spectral_norm),
    "OldSpectralNorm": _normed(nn.utils.spectral_norm),
    "Orthogonal": _normed(parametrizations.orthogonal),
    "CayleyOrthogonal": _normed(parametrizations.orthogonal, orthogonal_map="cayley"),
    "HouseholderOrthogonal": _normed(parametrizations.orthogonal, orthogonal_map="householder"),
}


class _Twice(nn.Module):
    """Gives a layer its input twice."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.layer(x, x)
        return outputs


@healthy
def WeightNormOfLSTM(features: int, outputs: int) -> nn.Module:
    model = _recurrent(nn.LSTM)(features, outputs)
    parametrizations.weight_norm(model.recurrent, "weight_hh_l0")
    return model


@healthy
class Embedding(nn.Module):
    """Integers, of which 0 stands for padding."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, UNITS, padding_idx=0)
        self.recurrent = nn.GRU(UNITS, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        words = (3 * x[..., 0]).long().abs() % VOCABULARY
        outputs: Tensor = self.head(self.recurrent(self.embedding(words))[0][:, -1])
        return outputs


@healthy
class EmbeddingBag(nn.Module):
    """A mean over the embeddings of all words but the padding."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.EmbeddingBag(VOCABULARY, UNITS, padding_idx=0, mode="mean")
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.embedding((3 * x[..., 0]).long().abs() % VOCABULARY))
        return outputs


@healthy
class TiedWeights(nn.Module):
    """One matrix embeds words and reads them out."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, UNITS)
        self.words, self.head = nn.Linear(UNITS, VOCABULARY), nn.Linear(VOCABULARY, outputs)
        self.words.weight = self.embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        words = (3 * x[..., 0]).long().abs() % VOCABULARY
        outputs: Tensor = self.head(self.words(self.embedding(words).mean(1)))
        return outputs


@healthy
class CarriedState(nn.Module):
    """Goes on from where the last batch of the same size ended, its graph cut."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(features, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)
        self.state: tuple[Tensor, Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.state is not None and self.state[0].shape[1] != len(x):
            self.state = None
        sequence, (hidden, cell) = self.recurrent(x, self.state)
        self.state = hidden.detach(), cell.detach()
        outputs: Tensor = self.head(sequence[:, -1])
        return outputs


@healthy
class BufferedState(nn.Module):
    """Keeps a running mean of its hidden states in a buffer, changed in place."""

    hidden: Tensor

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.cell, self.head = nn.GRUCell(features, UNITS), nn.Linear(UNITS, outputs)
        self.register_buffer("hidden", torch.zeros(UNITS))

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.hidden.clone().expand(len(x), -1)
        for moment in x.unbind(1):
            hidden = self.cell(moment, hidden)
        self.hidden.mul_(0.9).add_(0.1 * hidden.detach().mean(0))
        outputs: Tensor = self.head(hidden)
        return outputs


@healthy
class PackedSequences(nn.Module):
    """Sequences of several lengths, packed."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(features, UNITS, 2, dropout=0.2, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        lengths = torch.arange(len(x)) % x.shape[1] + 1
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        outputs: Tensor = self.head(self.recurrent(packed)[1][0][-1])
        return outputs


@healthy
class Cells(nn.Module):
    """Loops over an `nn.LSTMCell` and an `nn.RNNCell`."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.upper = nn.LSTMCell(features, UNITS), nn.RNNCell(UNITS, UNITS)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        hidden = x.new_zeros(len(x), UNITS)
        for moment in x.unbind(1):
            state = self.lower(moment, state)
            hidden = self.upper(state[0], hidden)
        outputs: Tensor = self.head(hidden)
        return outputs


@healthy
class Attention(nn.Module):
    """A transformer's encoder layer, dropout included."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.wide, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)
        self.layer = nn.TransformerEncoderLayer(UNITS, 2, 8, dropout=0.1, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.layer(self.wide(x)).mean(1))
        return outputs


@healthy
class Convolution(nn.Module):
    """A convolution over time, instance norm and a maximum."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(features, UNITS, 3, padding=1)
        self.norm = nn.InstanceNorm1d(UNITS, affine=True, track_running_stats=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.norm(self.convolution(x.transpose(1, 2))).amax(2))
        return outputs


@healthy
class Frozen(nn.Module):
    """A lower layer that is not trained by declaration, and one that is not by `no_grad`."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.middle = nn.Linear(features, UNITS), nn.Linear(UNITS, UNITS)
        self.lower.requires_grad_(requires_grad=False)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            fixed = torch.tanh(self.middle(self.lower(x.mean(1))))
        outputs: Tensor = self.head(fixed)
        return outputs


@healthy
class Checkpointed(nn.Module):
    """Computes its layers anew on the way back."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower = nn.Sequential(nn.Linear(features, UNITS), nn.Tanh(), nn.Dropout(0.2))
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(checkpoint(self.lower, x.mean(1), use_reentrant=False))
        return outputs


@healthy
class WeightDrop(nn.Module):
    """Drops recurrent weights instead of outputs (Merity et al. 2018)."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.recurrent = nn.Linear(features, UNITS), nn.Linear(UNITS, UNITS)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        weight = functional.dropout(self.recurrent.weight, 0.3, self.training)
        hidden = x.new_zeros(len(x), UNITS)
        for moment in x.unbind(1):
            hidden = torch.tanh(self.lower(moment) + functional.linear(hidden, weight))
        outputs: Tensor = self.head(hidden)
        return outputs


@healthy
class Noise(nn.Module):
    """Adds noise to its inputs while it trains, and has a parameter that it never uses."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.head, self.unused = nn.Linear(features, outputs), nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(x.mean(1) + 0.1 * torch.randn_like(x[:, 0]) * self.training)
        return outputs


@healthy
class MaskedWeights(nn.Module):
    """Pruned: a hook keeps the gradient of removed weights at zero."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)
        self.head.weight.register_hook(lambda slope: slope * (torch.arange(UNITS) % 2))

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(torch.tanh(self.lower(x.mean(1))))
        return outputs


class _OfType(nn.Module):
    """Keeps an LSTM in a type of its own, whatever the rest is moved to."""

    def __init__(self, features: int, outputs: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.dtype = dtype
        self.recurrent = nn.LSTM(features, UNITS, 2, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def to(self, *arguments: Any, **named: Any) -> "_OfType":
        super().to(*arguments, **named)
        self.recurrent.to(self.dtype)
        return self

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.recurrent(x.to(self.dtype))[0][:, -1].to(x.dtype))
        return outputs


@healthy
def BFloat16Weights(features: int, outputs: int) -> nn.Module:
    return _OfType(features, outputs, torch.bfloat16)


@healthy
def Float64Weights(features: int, outputs: int) -> nn.Module:
    return _OfType(features, outputs, torch.float64)


@healthy
class Autocast(nn.Module):
    """Multiplies in bfloat16."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, torch.bfloat16):
            outputs = self.head(torch.tanh(self.lower(x.mean(1))))
        return outputs.to(x.dtype)  # type: ignore[no-any-return]  # a tensor


@healthy
class Lazy(nn.Module):
    """Learns its width at the first call, which is made before it is trained."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.layer = nn.LazyLinear(outputs)
        self(torch.zeros(1, 1, features))

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.layer(x.mean(1))
        return outputs


def __getattr__(name: str) -> Build:  # noqa: N807  # Python's name
    """Give a case's factory the modules that a table makes."""
    if name in MODULES:
        return MODULES[name]
    raise AttributeError(name)
