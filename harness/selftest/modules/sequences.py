"""Healthy modules that read sequences: embedded, packed, padded, looped over, attended to."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from harness.selftest.modules.layers import UNITS, Build

VOCABULARY = 12


class _Embedding(nn.Module):
    """Integers, of which 0 stands for padding."""

    def __init__(self, _features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, UNITS, padding_idx=0)
        self.recurrent = nn.GRU(UNITS, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        words = (3 * x[..., 0]).long().abs() % VOCABULARY
        outputs: Tensor = self.head(self.recurrent(self.embedding(words))[0][:, -1])
        return outputs


class _EmbeddingBag(nn.Module):
    """A mean over the embeddings of all words but the padding."""

    def __init__(self, _features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.EmbeddingBag(VOCABULARY, UNITS, padding_idx=0, mode="mean")
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.embedding((3 * x[..., 0]).long().abs() % VOCABULARY))
        return outputs


class _TiedWeights(nn.Module):
    """One matrix embeds words and reads them out."""

    def __init__(self, _features: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, UNITS)
        self.words, self.head = nn.Linear(UNITS, VOCABULARY), nn.Linear(VOCABULARY, outputs)
        self.words.weight = self.embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        words = (3 * x[..., 0]).long().abs() % VOCABULARY
        outputs: Tensor = self.head(self.words(self.embedding(words).mean(1)))
        return outputs


class _CarriedState(nn.Module):
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


class _BufferedState(nn.Module):
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


class _PackedSequences(nn.Module):
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


class _Cells(nn.Module):
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


class _Attention(nn.Module):
    """A transformer's encoder layer, dropout included."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.wide, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)
        self.layer = nn.TransformerEncoderLayer(UNITS, 2, 8, dropout=0.1, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.layer(self.wide(x)).mean(1))
        return outputs


class _Convolution(nn.Module):
    """A convolution over time, instance norm and a maximum."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(features, UNITS, 3, padding=1)
        self.norm = nn.InstanceNorm1d(UNITS, affine=True, track_running_stats=True)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.norm(self.convolution(x.transpose(1, 2))).amax(2))
        return outputs


SEQUENCES: dict[str, Build] = {
    "embedding": _Embedding,
    "embedding_bag": _EmbeddingBag,
    "tied_weights": _TiedWeights,
    "carried_state": _CarriedState,
    "buffered_state": _BufferedState,
    "packed_sequences": _PackedSequences,
    "cells": _Cells,
    "attention": _Attention,
    "convolution": _Convolution,
}
"""By kind."""
