"""A case's own tables and the shared ones -> a validated case, or what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from harness.scenario.case import SECTIONS, Case, Claim
from harness.scenario.check_model import check_own_module
from harness.scenario.checks import check_case
from harness.scenario.data import Data
from harness.scenario.data_digest import digest_of_file
from harness.scenario.merge import Table, merge, model_of, overrides
from harness.scenario.problem import Problems
from harness.scenario.section import Section
from harness.scenario.validation_messages import causes, message_of
from harness.scenario.vocabulary import nearest
from harness.scenario.vocabulary.tasks import TASKS

Valid = TypeVar("Valid", bound=Section)


@dataclass(frozen=True)
class Written:
    """Where the keys of one section stand: in a case's own table, or in the shared one."""

    section: str
    case: str
    own: Table
    shared: Table

    def place(self, key: str) -> str:
        """Return the table to look into for ``key``.

        A key that stands nowhere is missing where the case says anything of the section; so is
        one without a name, for what is wrong with a table as a whole.
        """
        in_case = key in self.own or (self.own and key not in self.shared)
        return f"{self.case}.{self.section}" if in_case else self.section

    def beside(self, key: str) -> Table:
        """Return what stands in the table of ``key``, and what is laid over that."""
        return self.own if key in self.own else self.shared | self.own


@dataclass
class Resolver:
    """Resolves the cases of one file.

    Attributes:
        scenario, directory: the file's name in results, and where it lies.
        root: of the project, where its packages may lie as well.
        shared: the sections beside the cases, none of which may be a table.
        misnamed: sections of the case at hand in which a key or a word is unknown.
        digests: of the data files that cases name, each read once.
    """

    scenario: str
    directory: Path
    root: Path | None
    shared: Table
    problems: Problems
    misnamed: set[str] = field(default_factory=set)
    digests: dict[Path, str] = field(default_factory=dict)

    @property
    def importable(self) -> tuple[Path, ...]:
        """The folders in which the file's own modules lie."""
        return tuple(dict.fromkeys(filter(None, (self.directory, self.root))))

    def case(self, where: str, claim: Claim | None, table: Table) -> Case | None:
        """Lay a case's own sections over the shared ones and check what they say together.

        Args:
            where: the place of the case in its file: ``case[0]``.
            claim: the rest of the case, or ``None`` if that was wrong already.
            table: its sections.
        """
        self.misnamed.clear()
        for section, own in table.items():
            if not isinstance(own, dict):
                self.problems.add(f"{where}.{section}", f"must be a table, got {own!r}")
        written = {name: self.written(name, where, table) for name in SECTIONS}
        parts: dict[str, Any] = {name: self._section(written[name]) for name in SECTIONS}
        if claim is None or None in parts.values():
            return None
        case = Case.model_construct(
            **dict(claim),
            scenario=self.scenario,
            directory=self.directory,
            data_digest=self._digest(parts["data"]),
            importable=self.importable,
            overrides=overrides(table),
            **parts,
        )
        beside_factory = written["model"].beside("factory")
        for key, message in (*check_case(case), *check_own_module(case.model, beside_factory)):
            section, _, last = key.rpartition(".")
            if section in self.misnamed:  # a mistyped name may be what the check misses
                continue
            place = written[section].place(last) if section else where
            self.problems.add(f"{place}.{last}", message)
        return case

    def written(self, section: str, where: str, table: Table) -> Written:
        """Return where the keys of a section stand; what is no table has none."""
        own, shared = table.get(section), self.shared.get(section)
        return Written(
            section,
            where,
            own if isinstance(own, dict) else {},
            shared if isinstance(shared, dict) else {},
        )

    def _digest(self, data: Data) -> str:
        if data.file_name is None:
            return ""
        path = self.directory / data.file_name
        if path not in self.digests:
            self.digests[path] = digest_of_file(path)
        return self.digests[path]

    def _section(self, written: Written) -> Section | None:
        merged = merge(written.shared, written.own)
        model = model_of(written.section, merged)
        if model is not None:
            return self.validated(model, merged, written.place, written.section)
        task, place = merged.get("task"), written.place("task")
        if task is None:
            self.problems.add(place, "is missing: name a task, a file, a series or a factory")
        else:
            self.problems.add(f"{place}.task", f"unknown task {task!r}{nearest(str(task), TASKS)}")
        return None

    def validated(
        self, model: type[Valid], table: Table, place: Callable[[str], str], name: str = ""
    ) -> Valid | None:
        """Validate a table; what is wrong is noted, and what is left stands in for it.

        So that the other checks can find what else is wrong, in the same run.

        Args:
            model: what the table has to fit.
            table: keys and values, as they came from TOML.
            place: says for a key in which table of the file it is to be looked for.
            name: of the section that it is.

        Returns:
            ``None`` where nothing is left to check.
        """
        try:
            return model.model_validate(table)
        except ValidationError as invalid:
            errors = causes(invalid)
        for error in errors:
            steps = [str(step) for step in error["loc"]]
            if error["type"] in ("literal_error", "extra_forbidden"):
                self.misnamed.add(name)
            field_of = ".".join([place(steps[0] if steps else ""), *steps])
            self.problems.add(field_of, message_of(error, model))
        wrong = {error["loc"][0] for error in errors if error["loc"]}
        rest = {key: value for key, value in table.items() if key not in wrong}
        try:
            return model.model_validate(rest) if rest != table else None
        except ValidationError:  # a required key is missing: noted above
            return None
