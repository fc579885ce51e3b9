"""Tasks of token ids: tags, sentences of a small grammar, what is said, what is remembered.

A model needs `model.embedding` for ids; with `one_hot` a step is a vector of 0 and 1 instead.
"""

from abc import abstractmethod
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from harness.scenario.data import TARGETS, Drawn, Fraction, PositiveInt, StepTask, Targets
from harness.scenario.section import Mark

Ids = NDArray[np.int64]


class IdTask(StepTask):
    """A task whose inputs are token ids."""

    one_hot: bool = Field(
        default=False, description="a step is a vector of 0 and 1 instead of a token id"
    )

    @property
    @abstractmethod
    def tokens(self) -> int:
        """How many tokens there are."""

    @property
    def ids(self) -> int | None:
        """Its inputs are token ids below this, unless they are vectors."""
        return None if self.one_hot else self.tokens

    @property
    def width(self) -> int:
        """An id, or a number for each token."""
        return self.tokens if self.one_hot else 1

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw tokens and their targets; encode the tokens."""
        tokens, y = self.drawn(records, rng)
        x = np.eye(self.tokens)[tokens] if self.one_hot else tokens[..., None].astype(np.float64)
        return x, y

    @abstractmethod
    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, NDArray[Any]]:
        """Draw tokens and targets, `[records, timesteps]` both, or with an axis for several."""


class Tagging(IdTask):
    """Tag each token: most have a tag of their own, others that after the tag before them.

    Sequence labelling as part-of-speech tagging is, with as many ambiguous words as English has in
    running text: about two in five (DeRose 1988). Tagging words by themselves is right for the rest
    and, of those, for one in `tags`.
    """

    task: Literal["tagging"] = "tagging"
    targets: Targets = Field("each_step", description=TARGETS)
    vocabulary: Annotated[int, Field(ge=2, le=10_000)] = Field(30, description="tokens")
    tags: Annotated[int, Field(ge=2, le=1000)] = Field(3, description="tags")
    ambiguous: Annotated[Fraction, Mark.FREE] = Field(
        0.4, description="share of the vocabulary whose tag follows from the one before"
    )

    @property
    def tokens(self) -> int:
        """The vocabulary."""
        return self.vocabulary

    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw tokens; the last ones of the vocabulary are the ambiguous ones."""
        tokens = rng.integers(0, self.vocabulary, (records, self.timesteps))
        follows = tokens >= round((1 - self.ambiguous) * self.vocabulary)
        y, before = np.zeros_like(tokens), np.zeros(records, np.int64)
        for t in range(self.timesteps):
            before = np.where(follows[:, t], before + 1, tokens[:, t]) % self.tags
            y[:, t] = before
        return tokens, y


class BagOfTokens(IdTask):
    """Tell whether good words outnumber bad ones: sentiment, of which order says nothing.

    A third of the words is good, a third bad, the others say nothing. As in reviews (Pang et al.
    2002) a bag of words is enough, so that a mean of embeddings learns it as well as an LSTM.
    """

    task: Literal["bag_of_tokens"] = "bag_of_tokens"
    timesteps: PositiveInt = Field(15, description="length of a sequence")
    vocabulary: Annotated[int, Field(ge=3, le=10_000)] = Field(30, description="tokens")
    label_noise: Annotated[float, Mark.FREE] = Field(
        0.0, ge=0, lt=0.5, description="share of labels flipped"
    )

    @property
    def tokens(self) -> int:
        """The vocabulary."""
        return self.vocabulary

    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw tokens; where good and bad ones are as many, the last of them decides."""
        tokens = rng.integers(0, self.vocabulary, (records, self.timesteps))
        said = np.where(tokens % 3 == 2, -1, tokens % 3)  # noqa: PLR2004  # nothing, good, bad
        last = np.zeros(records, np.int64)
        y = np.zeros_like(tokens)
        for t, total in enumerate(said.cumsum(axis=1).T):
            last = np.where(said[:, t] == 0, last, said[:, t])
            y[:, t] = np.where(total == 0, last > 0, total > 0)
        flipped = rng.random(records) < self.label_noise
        return tokens, y ^ flipped[:, None]


class Themes(IdTask):
    """Tell which of several themes the tokens so far have touched: labels that exclude no other.

    Each theme has a share of the vocabulary, and as much of it touches none. Answering what most
    records say of each theme is right for more than half of the labels.
    """

    task: Literal["themes"] = "themes"
    timesteps: PositiveInt = Field(6, description="length of a sequence")
    vocabulary: Annotated[int, Field(ge=3, le=10_000)] = Field(24, description="tokens")
    themes: Annotated[int, Field(ge=2, le=1000)] = Field(3, description="labels of a record")

    @property
    def tokens(self) -> int:
        """The vocabulary."""
        return self.vocabulary

    @property
    def several(self) -> int:
        """A label for each theme."""
        return self.themes

    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw tokens; targets are `[records, timesteps, themes]`."""
        tokens = rng.integers(0, self.vocabulary, (records, self.timesteps))
        theme = tokens % (2 * self.themes)  # those beyond the number of themes touch none
        touched = theme[..., None] == np.arange(self.themes)
        return tokens, np.logical_or.accumulate(touched, axis=1).astype(np.int64)


class Copy(IdTask):
    """Repeat, once a cue has come, the symbols that were read first.

    Hochreiter & Schmidhuber 1997; as in Arjovsky et al. 2016 (arXiv:1511.06464), section 4.1, with
    blanks before and after. Without memory the loss is `memorised` ln(`symbols`) / `timesteps`, at
    which LSTMs stay for long; of all steps most are blanks, so that accuracy starts high.
    """

    task: Literal["copy"] = "copy"
    targets: Targets = Field("each_step", description=TARGETS)
    timesteps: PositiveInt = Field(10, description="length of a sequence")
    symbols: Annotated[int, Field(ge=2, le=1000)] = Field(4, description="symbols to remember")
    memorised: PositiveInt = Field(2, description="symbols in a record")

    @property
    def tokens(self) -> int:
        """Symbols, the blank and the cue."""
        return self.symbols + 2

    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw symbols; blank is the token after them, the cue the last one."""
        size, blank = self.memorised, self.symbols
        symbols = rng.integers(0, self.symbols, (records, size))
        tokens = np.full((records, self.timesteps), blank)
        y = tokens.copy()
        tokens[:, :size], y[:, -size:] = symbols, symbols
        if self.timesteps > 2 * size:
            tokens[:, -size - 1] = blank + 1
        return tokens, y


class Grammar(IdTask):
    """Predict the next character of sentences of Reber's grammar, one after the other.

    Reber 1967; as a stream in Gers et al. 2000, section 4. At most characters two may follow, each
    as often, so that no model's loss is below the grammar's own entropy, about 0.6 nats a
    character, and none is right for more than about 0.65 of them.
    """

    task: Literal["grammar"] = "grammar"
    targets: Targets = Field("each_step", description=TARGETS)
    timesteps: PositiveInt = Field(20, description="length of a sequence")

    @property
    def tokens(self) -> int:
        """Its characters."""
        return len(CHARACTERS)

    def drawn(self, records: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Walk through the grammar, from its beginning, by fair coins."""
        coins = rng.integers(0, 2, (records, self.timesteps))
        written = np.zeros((records, self.timesteps + 1), np.int64)
        node = np.full(records, FIRST)
        for t in range(self.timesteps):
            written[:, t + 1], node = AFTER[node, coins[:, t]].T
        return written[:, :-1], written[:, 1:]


CHARACTERS = "BTSXPVE"
FIRST = 0
_EDGES = (
    ("T1", "P2"),  # after B
    ("S1", "X3"),
    ("T2", "V4"),
    ("X2", "S5"),
    ("P3", "V5"),
    ("E6", "E6"),
    ("B0", "B0"),  # the next sentence
)
AFTER = np.array([[(CHARACTERS.index(e[0]), int(e[1])) for e in edges] for edges in _EDGES])
"""By node and coin: the character that follows, and the node that it leads to."""

ID_TASKS: tuple[type[StepTask], ...] = (Tagging, BagOfTokens, Themes, Copy, Grammar)
