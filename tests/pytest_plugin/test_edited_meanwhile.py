"""Files that are edited while a run trains: a case's error that names the file, never a hang."""

from pathlib import Path

import numpy as np
import pytest

from tests.pytest_plugin.runner import Runner

SCENARIO = """
question = "What if its files are edited?"
[data]
file = "{data}"
timesteps = 2
validation_records = 0
[model]
factory = "{module}:make"
[training]
epochs = 2
[converged]
at_least = 0.0
[[case]]
name = "edited"
expect = "converges"
"""

MODULE = """
from pathlib import Path
import numpy as np
from torch import nn

calls = []

class Net(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.lstm = nn.LSTM(features, 2, batch_first=True)
        self.head = nn.Linear(2, outputs)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])

def make(features, outputs):
    calls.append(1)
    if len(calls) == 3:
        {edit}
    return Net(features, outputs)
"""

ROWS = "a,b,target\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n"
EDITED = ROWS.replace("8", "9")


@pytest.mark.parametrize(
    ("module", "edit", "named"),
    [
        ("edits_csv", "Path({csv!r}).write_text({edited!r})", "x.csv"),
        ("edits_npz", "np.savez({npz!r}, x=np.ones((4, 2, 1)), y=np.arange(4) % 2)", "x.npz"),
        ("edits_itself", "Path(__file__).write_text('def make(): ...')", "edits_itself"),
    ],
)
def test_a_file_edited_during_the_run_is_its_cases_error_and_no_later_seed_is_journalled(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, module: str, edit: str, named: str
) -> None:
    result = edited_run(runner, monkeypatch, module, edit, named if "." in named else "x.csv")
    result.assert_outcomes(failed=1)
    [case] = runner.cases()
    assert case["outcome"] == "error"
    assert f"seed 2: {named}: " in case["sentence"]
    assert "since the run began" in case["sentence"]
    journal = runner.pytester.path / "reports/latest/journal.jsonl"
    assert journal.read_bytes().count(b'"sha256"') == 2


def test_an_edit_of_the_scenario_file_changes_nothing_of_a_run_that_has_begun(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = "Path({toml!r}).write_text('question = 1')"
    edited_run(runner, monkeypatch, "edits_toml", edit, "x.csv").assert_outcomes(passed=1)


def edited_run(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, module: str, edit: str, data: str
) -> pytest.RunResult:
    folder = runner.folder
    toml = runner.scenario(SCENARIO.format(data=data, module=module), "edited")
    csv, npz = folder / "x.csv", folder / "x.npz"
    csv.write_text(ROWS, encoding="utf-8")
    write_npz(npz)
    places = {"csv": str(csv), "npz": str(npz), "toml": str(toml), "edited": EDITED}
    (folder / f"{module}.py").write_text(MODULE.format(edit=edit.format(**places)))
    monkeypatch.syspath_prepend(folder)
    return runner("scenarios", "-ktrain", "--convergence-seeds=12", "--convergence-probes=off")


def write_npz(path: Path) -> None:
    np.savez(path, x=np.zeros((4, 2, 1)), y=np.arange(4) % 2)
