"""What installed packages add under a group of entry points: named, looked up, loaded."""

from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from harness.scenario.vocabulary import nearest

T = TypeVar("T")


@dataclass(frozen=True)
class Plugins(Generic[T]):
    """Everything that is installed under one group.

    Attributes:
        group: of entry points.
        kind: what one of them is, in messages: ``"backend"``.
        base: the class that each of them makes an instance of.
        error: what is raised for a name that cannot be used; the message says why.
    """

    group: str
    kind: str
    base: type[T]
    error: type[Exception]

    def names(self) -> list[str]:
        """Return all names, sorted; nothing is imported."""
        return sorted({point.name for point in entry_points(group=self.group)})

    def check(self, name: str) -> None:
        """Raise ``error``, with the nearest valid name, if nothing of that name is installed."""
        if name not in self.names():
            raise self.error(f"unknown {self.kind} {name!r}{nearest(name, self.names())}")

    def make(self, name: str, *arguments: object) -> T:
        """Call what ``name`` stands for.

        Raises:
            Exception: ``error``, if there is none of that name, if loading or calling it raises,
                or if it makes something else.
        """
        self.check(name)
        point = next(iter(entry_points(group=self.group, name=name)))
        called = f"{self.kind} {name!r} ({point.value})"
        try:
            made = point.load()(*arguments)
        except self.error:
            raise
        except Exception as error:  # whatever another package raises
            reason = f"{type(error).__name__}: {error}"
            raise self.error(f"{called} cannot be loaded: {reason}") from error
        if not isinstance(made, self.base):
            types = f"{type(made).__name__}, not {self.base.__name__}"
            raise self.error(f"{called} makes an object of type {types}")
        return made

    def package(self, name: str) -> str:
        """Return the name and version of the package that ``name`` is from; empty if none is."""
        points = entry_points(group=self.group, name=name)
        packages = [point.dist for point in points if point.dist is not None]
        return next((f"{package.name} {package.version}" for package in packages), "")
