"""What a scenario file declares: one question, and the cases that answer it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, SerializeAsAny

from harness.scenario.data import Data, FromFactory
from harness.scenario.fingerprint import covered
from harness.scenario.model_section import Model
from harness.scenario.probes_off import Probes
from harness.scenario.section import Section
from harness.scenario.sections import Accepted, Converged, Seeds
from harness.scenario.source import Source
from harness.scenario.training_section import Training
from harness.scenario.vocabulary import MARGIN, Diagnosis, Expect

if TYPE_CHECKING:
    from harness.scenario.own import OwnCase

MOST_CHARACTERS = 100
"""Of a case's name; as many bytes of a scenario file's. File systems take 255, and reports,
baselines and pytest put other words beside it."""

CaseName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]+$", max_length=MOST_CHARACTERS)]
SECTIONS = ("data", "model", "training", "converged", "seeds", "baseline", "probes")
NOT_TRAINING = {"seeds", "baseline", "probes"}
"""Sections that do not decide how a seed trains."""
OWN_SECTIONS = ("train", "converged", "seeds", "baseline")
"""Those of a case whose training the user wrote."""


class Claim(Section):
    """What a case says will happen."""

    name: CaseName = Field(description="unique within the file; part of the test's id")
    expect: Expect = Field(description="what is claimed of nearly all seeds")
    rate: float = Field(
        0.9, gt=0.5, lt=1, description="converges: at least this share does; fails: does not"
    )
    diagnosis: Diagnosis | None = Field(None, description="why it fails")
    remedies: str | None = Field(None, description="the case that this one is the cure for")
    note: str = Field("", description="what a reader of the report should know about this case")
    margin: float = Field(
        MARGIN, ge=0, lt=1, description="relative change of the epochs that the baseline tolerates"
    )


class Case(Claim):
    """A claim with everything resolved that is needed to train it."""

    scenario: str
    directory: Path
    data: SerializeAsAny[Data]
    model: Model
    training: Training
    converged: Converged
    seeds: Seeds
    baseline: Accepted = Accepted()
    probes: Probes = Probes()
    data_digest: str = ""
    """Of its data file as it was when the scenario was loaded; empty where there is none."""
    importable: tuple[Path, ...] = ()
    """Folders in which the user's own modules may lie."""
    handed_over: Mapping[str, Any] = {}
    """What a test handed over of the user's own, by the names that its sections have for it."""
    code: tuple[Source, ...] = ()
    """Files of code that trains it and is not named: all else is declared."""
    overrides: tuple[str, ...] = ()
    """What its own tables say, a line a key: how it differs from what its file's cases share."""

    @property
    def tolerated(self) -> float:
        """Relative change that the baseline tolerates."""
        return self.margin if self.baseline.margin is None else self.baseline.margin

    @property
    def factory(self) -> str | None:
        """The user's own module, ``"package.module:Name"``; ``None``: it is built from the file."""
        return self.model.factory

    @property
    def own_code(self) -> tuple[str, ...]:
        """What of the user's own code trains it, each ``"package.module:name"``."""
        data = self.data.factory if isinstance(self.data, FromFactory) else None
        own = self.factory, data, self.training.own_loss, self.training.own_optimizer
        return tuple(filter(None, own))

    @property
    def unknown_to_reference(self) -> str | None:
        """What of the user's own the NumPy reference cannot compute, if anything."""
        if self.model.factory is not None:
            return "module"
        if self.training.own_loss is not None:
            return "loss"
        return "optimizer" if self.training.own_optimizer is not None else None

    @property
    def budget(self) -> int:
        """Most epochs of a seed."""
        return self.training.epochs

    @property
    def id(self) -> str:
        """The case's name in results: ``training/learning_rate/too_low``."""
        return f"{self.scenario}/{self.name}"

    @property
    def targets(self) -> Literal["classes", "values"] | None:
        """What a model of the case predicts; ``None`` where only the file can tell."""
        return self.data.predicts

    @property
    def time_limit(self) -> float | None:
        """Seconds that one seed may take, where it says so."""
        return self.training.time_limit

    @property
    def workload(self) -> str:
        """All that decides how long a step takes, in words; equal texts take equally long."""
        training = self.training
        records = getattr(self.data, "records", None) or training.batch_size
        largest_batch = min(training.batch_size, records)
        of_training = {"batch_size": largest_batch, "constant_rate": training.constant_rate}
        parts = {
            "data": self.data.operations(),
            "model": self.model.operations(),
            "training": training.operations() | of_training,
        }
        return "; ".join(f"{name} {value}" for name, value in parts.items())

    @property
    def declared(self) -> "Case":
        """Itself: all that it trains is declared, so the NumPy reference trains it too."""
        return self

    @property
    def fingerprint(self) -> str:
        """A hash of all that decides how a seed trains, 16 hexadecimal digits."""
        sections = [name for name in SECTIONS if name not in NOT_TRAINING]
        parts = [part for name in sections if (part := covered(name, getattr(self, name)))]
        if self.data.file_name is not None:
            parts.append(self.data_digest)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SweepAxis:
    """A number that a sweep varies: ``training.learning_rate``, and its values, lowest first."""

    key: str
    values: tuple[float, ...]
    spacing: Literal["log", "linear"]


@dataclass(frozen=True)
class Sweep:
    """A map to be drawn: a case at every point, the last axis fastest. It claims nothing."""

    scenario: str
    name: str
    note: str
    seeds: int
    axes: tuple[SweepAxis, ...]
    cases: tuple[Case, ...]

    @property
    def id(self) -> str:
        """The map's name in results: ``training/learning_rate_map/rate``."""
        return f"{self.scenario}/{self.name}"


@dataclass(frozen=True)
class Scenario:
    """One file: its question, its cases and its sweeps, in the file's order.

    Cases whose training the user wrote are ``own_cases``.
    """

    name: str
    path: Path
    question: str
    source: str
    tags: tuple[str, ...]
    cases: tuple[Case, ...]
    sweeps: tuple[Sweep, ...] = ()
    own_cases: "tuple[OwnCase, ...]" = ()

    @property
    def claims(self) -> "tuple[Case | OwnCase, ...]":
        """All that is trained and judged: models that the file declares, and the user's own."""
        return *self.cases, *self.own_cases
