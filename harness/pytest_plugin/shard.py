"""Which part of the cases this machine trains; it imports nothing heavy."""

import re
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Division:
    """How the selected pieces of work were divided.

    Attributes:
        digest: of who trains what: shards that were divided otherwise do not belong together.
        pieces: how many there are.
        mine: how many of them this shard has to train.
    """

    digest: str
    pieces: int
    mine: int

    @property
    def leaves_nothing(self) -> bool:
        """Whether other shards train all that there is, since there are more of them."""
        return self.pieces > 0 == self.mine


DIVISION = pytest.StashKey[Division]()


@dataclass(frozen=True)
class Shard:
    """One of several shards, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read ``2/4``.

        Raises:
            ValueError: if there is no such shard.
        """
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(f"must be a shard of several, from 1/4 to 4/4, say, got {text!r}")
        return cls(int(found[1]), int(found[2]))
