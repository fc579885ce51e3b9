"""The project's git repository: its revisions, and working trees of two of them for a while."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.cli.exits import Mistake
from harness.results.git import ask


@dataclass(frozen=True)
class Revision:
    """A revision as the user named it, and the commit that it stands for."""

    name: str
    commit: str

    def __str__(self) -> str:
        """Return the name, with the commit where the name does not tell it."""
        short = self.commit[:7]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


@dataclass(frozen=True)
class Repository:
    """A checkout; ``below`` is where in it the command was called."""

    checkout: Path
    below: Path

    @classmethod
    def here(cls) -> "Repository":
        """Return the repository of the working directory.

        Raises:
            Mistake: if there is none, or no git.
        """
        here = Path.cwd()
        found = _git(here, "rev-parse", "--show-toplevel")
        if found.returncode:
            raise Mistake(f"{here} is in no git checkout: harness ci compares two revisions of one")
        checkout = Path(found.stdout.strip()).resolve()
        return cls(checkout, here.resolve().relative_to(checkout))

    def revision(self, name: str) -> Revision:
        """Return the commit that a name stands for.

        Raises:
            Mistake: if it stands for none.
        """
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        found = _git(self.checkout, *asked)
        if found.returncode == 0:
            return Revision(name, found.stdout.strip())
        shallow = _git(self.checkout, "rev-parse", "--is-shallow-repository").stdout.strip()
        hint = (
            "; this clone is shallow: fetch the revision first (actions/checkout: fetch-depth: 0)"
        )
        raise Mistake(f"{name}: no such revision{hint if shallow == 'true' else ''}")

    def uncommitted(self) -> int:
        """Return how many files have changes that no revision holds."""
        return len(_git(self.checkout, "status", "--porcelain").stdout.splitlines())

    @contextmanager
    def worktrees(self, *revisions: Revision) -> Iterator[list[Path]]:
        """Check revisions out in a temporary folder, which is gone afterwards.

        Raises:
            Mistake: if git cannot.
        """
        with tempfile.TemporaryDirectory(
            prefix="harness-ci-", ignore_cleanup_errors=True
        ) as folder:
            trees = [Path(folder).resolve() / str(n) for n in range(len(revisions))]
            try:
                for tree, revision in zip(trees, revisions, strict=True):
                    self._add(tree, revision)
                yield trees
            finally:
                for tree in trees:
                    _git(self.checkout, "worktree", "remove", "--force", str(tree))

    def _add(self, tree: Path, revision: Revision) -> None:
        """Add a working tree; the repository's hooks are for people's checkouts."""
        no_hooks = ("-c", f"core.hooksPath={os.devnull}")
        asked = ("worktree", "add", "--quiet", "--detach", str(tree), revision.commit)
        added = _git(self.checkout, *no_hooks, *asked)
        if added.returncode:
            raise Mistake(f"{revision}: git cannot check it out: {added.stderr.strip()}")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return ask(folder, *arguments)
    except FileNotFoundError:
        raise Mistake("git is not installed, or not on the PATH") from None
