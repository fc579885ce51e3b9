"""`python -m harness.diagnosis.rerun EDIT SCRIPT [ARG ...]`: a run with one edit, for --confirm."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import json
import sys
from pathlib import Path


def main() -> int:
    """Run the script with the edit, and print whether it trained as the last line."""
    name, script, *arguments = sys.argv[1:]
    from harness.diagnosis.edits import Edit
    from harness.diagnosis.facts import Facts
    from harness.diagnosis.script import run
    from harness.diagnosis.session import observations
    from harness.diagnosis.watch.patches import Patches

    text = Path(script).read_text(encoding="utf-8", errors="replace")
    edit = Edit(name, Patches())

    def put_in(framework: str) -> None:
        if framework == "keras":
            edit.in_keras()
        elif "torch" in text or "keras" not in sys.modules:  # else it is Keras that asks for it
            edit.in_torch()

    result = run(script, arguments, on_import=put_in)
    reached = [Facts(seen) for seen in observations(result)]
    trains = bool(reached) and any(facts.ending == "good" for facts in reached)
    best = max((facts.reached for facts in reached), default=float("-inf"))
    print(json.dumps({"trains": trains, "acted": edit.acted, "reached": best}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
