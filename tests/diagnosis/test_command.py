import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import harness
from harness.diagnosis import script, session
from harness.diagnosis.answer import Diagnosis, Finding, Tried
from harness.diagnosis.command import _offer, _untrained, add_arguments, run
from harness.diagnosis.names import Cause
from harness.diagnosis.rendering import NARROWEST, WIDTH, render
from harness.diagnosis.watch.hooks import Listeners

ROOT = Path(harness.__file__).parents[1]


def diagnose(
    folder: Path, text: str | None, *options: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    if text is not None:
        (folder / "script.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "harness.diagnosis", *options, str(folder / "script.py")],
        capture_output=True,
        text=True,
        check=False,
        input=given,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder,
    )


LOOP = """
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(128, 3); y = (x[:, 0] > 0).long()
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters(), lr=RATE)
for _ in range(40):
    for i in torch.randperm(128).split(16):
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        opt.zero_grad(); loss.backward(); opt.step()
print("loss", loss.item())
"""


def test_a_script_that_trains_exits_with_0_and_says_none(tmp_path: Path) -> None:
    done = diagnose(tmp_path, LOOP.replace("RATE", "1e-2"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["primary"] == "none"
    assert done.stdout.startswith("loss")


def test_a_cause_exits_with_1_and_names_the_line(tmp_path: Path) -> None:
    done = diagnose(tmp_path, LOOP.replace("RATE", "1e-7"))
    assert done.returncode == 1
    assert "learning_rate_too_low" in done.stdout
    assert "script.py:7" in done.stdout


@pytest.mark.slow
def test_a_remedy_that_works_is_confirmed_by_a_second_run(tmp_path: Path) -> None:
    done = diagnose(tmp_path, LOOP.replace("RATE", "8e-5"), "--json", "--confirm")
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["primary"] == "learning_rate_too_low"
    assert said["causes"][0]["confirmed"] is True
    assert "0 of 4 -> 4 of 4 seeds" in said["causes"][0]["evidence"]
    assert said["runs"] == 8


@pytest.mark.slow
def test_each_run_reads_the_same_input_and_makes_the_edit_in_what_the_script_imports(
    tmp_path: Path,
) -> None:
    (tmp_path / "training.py").write_text(
        LOOP.replace("RATE", "1e-6").replace("40", "int(input())")
    )
    done = diagnose(tmp_path, "import training\n", "--json", "--confirm", given="40\n")
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["causes"][0]["cause"], said["causes"][0]["confirmed"]) == (
        "learning_rate_too_low",
        True,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("import kerras\n", "kerras is not installed for "),
        ("import torch\ntorch.zeros(3).sum().backward()\n", "no parameter that can be trained"),
    ],
)
def test_what_an_exception_means_that_is_often_met_is_said(
    tmp_path: Path, text: str, hint: str
) -> None:
    done = diagnose(tmp_path, text)
    assert (done.returncode, hint in done.stderr.splitlines()[-1]) == (2, True)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_diagnosis_fits_the_terminal_and_is_never_wider_than_is_read_well(width: int) -> None:
    finding = Finding("no_signal", 0.8, "word " * 60, "edit " * 30)
    told = render(Diagnosis((finding,) * 3, "seen " * 40), "a.py", width=width)
    assert 0 <= min(max(width, NARROWEST), WIDTH) - max(map(len, told.splitlines()[2:])) < 5


WORKS, IN_VAIN = (Tried("shuffling", before=0, after=after, seeds=4) for after in (4, 0))


@pytest.mark.parametrize("tried", [WORKS, IN_VAIN, None])
def test_what_was_not_tried_is_said_only_of_what_was_not_tried(tried: Tried | None) -> None:
    finding = Finding("no_signal", 0.8, "e.", "r.", tried=tried)
    told = render(Diagnosis((finding,), "s."), "a.py", unconfirmed="ask for it")
    assert ("ask for it" in told) is (tried is None)
    assert ("Tried     shuffling: 0 of 4 -> " in told) is (tried is not None)


@pytest.mark.parametrize(
    ("tried", "sure"),
    [
        (WORKS, "run again with this edit it trains"),
        (IN_VAIN, "it does not train either: another cause, or one more"),
        (replace(IN_VAIN, rules_out=False), "does not train either, which rules nothing out"),
        (replace(WORKS, usual_rate=True), "a higher one helps whatever makes training slow"),
        (replace(WORKS, before=3), "it trains as well: the edit decides nothing"),
    ],
)
def test_what_runs_with_the_edit_say_is_said(tried: Tried, sure: str) -> None:
    finding = Finding("learning_rate_too_low", 0.8, "e.", "r.", tried=tried)
    assert sure in render(Diagnosis((finding,), "s.", runs=8), "a.py", width=WIDTH)


@pytest.mark.parametrize(("cause", "offered"), [("not_shuffled", True), ("no_signal", False)])
def test_confirm_is_offered_only_where_it_has_an_edit(cause: Cause, offered: bool) -> None:
    answer = Diagnosis((Finding(cause, 0.8, "e.", "r."),), "s.")
    assert bool(_offer(answer, confirmed=False)) is offered


def test_an_edit_that_was_refuted_is_not_the_one_to_make() -> None:
    first = Finding("not_shuffled", 0.8, "e.", "Shuffle.", tried=IN_VAIN)
    told = render(Diagnosis((first, Finding("no_signal", 0.7, "f.", "Look.")), "s."), "a.py")
    assert "Edit" not in told
    assert "In vain   Shuffle." in told
    assert told.endswith("f. Look.")


def usage(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    return parser.parse_args(given)


def test_only_the_script_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        usage()
    assert "required: SCRIPT.py\n" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "x = (\n", "print('hello', end='')\n", "1 / 0\n"])
def test_json_is_one_object_also_where_there_is_no_diagnosis(
    text: str | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "script.py").write_text(text)
    assert run(usage("--json", str(tmp_path / "script.py"))) == 2
    said = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert said == {"schema": 1, "primary": "none", "causes": [], "runs": 0}


def test_a_script_that_only_starts_processes_is_told_that_they_are_not_watched(
    tmp_path: Path,
) -> None:
    ended = script.Run(Listeners(str(tmp_path)), children=2)
    assert "It started 2 processes" in _untrained(tmp_path / "a.py", ended)
    assert "started" not in _untrained(tmp_path / "a.py", replace(ended, children=0))


def test_a_source_that_cannot_be_read_again_takes_no_diagnosis_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "script.py"
    path.write_text(LOOP.replace("RATE", "1e-7") + "import os; os.remove(__file__)\n")
    monkeypatch.chdir(tmp_path)
    assert run(usage("--json", "script.py")) == 1
    said = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert said["primary"] == "learning_rate_too_low"


def test_a_script_with_which_nothing_is_wrong_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "script.py"
    path.write_text("")
    healthy = session.Session(Diagnosis(seen="s."), script.Run(Listeners(str(tmp_path))), [])
    monkeypatch.setattr(session, "diagnose_script", lambda *_: healthy)
    assert run(usage("--json", "--confirm", str(path))) == 0  # to rank no trainings would fail
    assert json.loads(capsys.readouterr().out)["runs"] == 1


def test_a_script_that_does_not_exist_is_named(tmp_path: Path) -> None:
    done = diagnose(tmp_path, None)
    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_a_syntax_error_is_shown_with_its_line(tmp_path: Path) -> None:
    done = diagnose(tmp_path, "x = (\n")
    assert done.returncode == 2
    assert "line 1" in done.stderr
    assert "    x = (\n        ^\nSyntaxError" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_script_that_never_trains_is_told_so(tmp_path: Path) -> None:
    done = diagnose(tmp_path, "print('hello')\n")
    assert done.returncode == 2
    assert "trained nothing" in done.stderr


def test_a_crash_shows_its_own_traceback_and_none_of_ours(tmp_path: Path) -> None:
    done = diagnose(tmp_path, "def fail():\n    return {}['key']\nfail()\n")
    assert done.returncode == 2
    assert "KeyError: 'key'" in done.stderr
    assert "harness/diagnosis/script.py" not in done.stderr


def test_a_script_that_ends_itself_is_diagnosed_all_the_same(tmp_path: Path) -> None:
    text = LOOP.replace("RATE", "1e-2") + "import sys; sys.exit(0)\n"
    assert diagnose(tmp_path, text).returncode == 0


KERAS = """
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy as np
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).standard_normal((200, 3)); y = (x[:, 0] > 0).astype(int)
model = keras.Sequential(
    [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="softmax")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=3, verbose=0)
"""


def test_softmax_on_one_unit_is_found_in_a_keras_script(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="Keras is an extra")
    done = diagnose(tmp_path, KERAS, "--json")
    assert json.loads(done.stdout.splitlines()[-1])["primary"] == "wrong_output_activation"


DRAWS = """
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(128, 3)
class Coder(nn.Module):
    def __init__(self):
        super().__init__()
        self.code, self.back = nn.Linear(3, 6), nn.Linear(3, 3)
    def forward(self, x):
        mean, spread = self.code(x).chunk(2, -1)
        return self.back(mean + torch.randn_like(mean) * (0 * spread + 1))
net = Coder(); opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for _ in range(60):
    for i in torch.randperm(128).split(16):
        loss = nn.functional.mse_loss(net(x[i]), x[i])
        opt.zero_grad(); loss.backward(); opt.step()
"""


@pytest.mark.slow
def test_a_network_that_draws_random_numbers_mixes_no_records(tmp_path: Path) -> None:
    answer = json.loads(diagnose(tmp_path, DRAWS, "--json").stdout.splitlines()[-1])
    assert "shape_mismatch" not in [each["cause"] for each in answer["causes"]]
