"""`python -m harness.diagnosis.rerun PLAN SCRIPT [ARG ...]`: one more run, for --confirm."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from harness.diagnosis.edits.feature_scales import Scales
from harness.diagnosis.names import Cause
from harness.diagnosis.trained import Trained


@dataclass(frozen=True)
class Plan:
    """One more run of a script.

    Attributes:
        run: its number; 0 keeps the script's own seeds.
        cause: whose remedy is made; ``None``: as it is written.
        scales: of what the script trained on as it is written.
    """

    run: int
    cause: Cause | None = None
    scales: Scales = field(default_factory=Scales)

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> "Plan":
        """What `as_json` wrote."""
        given = json.loads(text)
        return cls(given["run"], given["cause"], Scales.of_json(given["scales"]))


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        made: whether the script came to a place where the edit could be made.
        crashed: whether an exception ended it.
        trained: whether it trained.
    """

    made: bool
    crashed: bool
    trained: Trained

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> "Ended":
        """What `as_json` wrote.

        Raises:
            ValueError, TypeError, KeyError: it has not written that line.
        """
        given: dict[str, Any] = json.loads(text)
        return cls(**{**given, "trained": Trained(**given["trained"])})


def rerun(plan: Plan, script: Path | str, arguments: list[str]) -> Ended:
    """Run a script by a plan."""
    from harness.diagnosis.edits import REMEDIES
    from harness.diagnosis.script import run
    from harness.diagnosis.seeds import Seeds
    from harness.diagnosis.session import observations
    from harness.diagnosis.trained import trained
    from harness.diagnosis.watch.patches import Patches

    drawn = Patches()
    seeds = Seeds(plan.run, drawn)
    edit = REMEDIES[plan.cause](Patches(), plan.scales) if plan.cause else None

    def imported(framework: str) -> None:
        seeds.imported(framework)
        if edit is not None:
            (edit.in_keras if framework == "keras" else edit.in_torch)()

    try:
        result = run(script, arguments, on_import=imported)
        drawn.restore()  # simple models draw as they always do
        reached = trained(observations(result))  # which asks the network again, with the edit
    finally:
        drawn.restore()
        if edit is not None:
            edit.restore()
    return Ended(edit is None or edit.acted, result.crashed, reached)


def main() -> int:
    """Print how a run ended as the last line."""
    plan, script, *arguments = sys.argv[1:]
    print(rerun(Plan.of_json(plan), script, arguments).as_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
