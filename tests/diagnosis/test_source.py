from pathlib import Path

import pytest

from harness.diagnosis.filtered import filtered_alone
from harness.diagnosis.source import draws_orders, line_of, permuted_alone

SCRIPT = """import torch  # Adam( here is a comment, and no optimizer
note = "Adam(lr=1)"
x = x[torch.randperm(100)]
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
"""


def script(folder: Path, text: str) -> Path:
    path = folder / "script.py"
    path.write_text(text)
    return path


def test_the_line_is_found_by_what_is_called_and_not_by_what_is_written(tmp_path: Path) -> None:
    assert line_of("learning_rate_too_low", script(tmp_path, SCRIPT)) == "script.py:4"


def test_an_array_that_is_permuted_alone_is_quoted(tmp_path: Path) -> None:
    assert permuted_alone(script(tmp_path, SCRIPT)) == "line 3: x = x[torch.randperm(100)]"


def test_a_list_of_indices_may_be_permuted_alone(tmp_path: Path) -> None:
    assert permuted_alone(script(tmp_path, "order = rng.permutation(order)\n")) == ""


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("y = y.sort().values", True),
        ("y, _ = torch.sort(y)", True),
        ("y = np.sort(y)", True),
        ("files = files.sort()", False),
        ("highest = torch.topk(y, 3).values", False),
        ("y = y[np.argsort(y)]", True),
        ("hits = y[np.argsort(-scores)]", False),
    ],
)
def test_targets_that_are_sorted_alone_are_quoted(text: str, alone: bool, tmp_path: Path) -> None:
    said = permuted_alone(script(tmp_path, text))
    assert said == (f"line 1: {text}" if alone else "")


@pytest.mark.parametrize(
    "text",
    [
        "def a():\n    words = [1]\n    shuffle(words)\n    return words\n[a() for _ in n]\n",
        "for i in range(9):\n    words = make(i)\n    shuffle(words)\n    texts.append(words)\n",
        "for words in texts:\n    shuffle(words)\n",
    ],
)
def test_parts_of_one_record_may_be_shuffled(text: str, tmp_path: Path) -> None:
    assert permuted_alone(script(tmp_path, text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "def load():\n    x = read()\n    shuffle(x)\n    return x\nx = load()\n",
        "x = read()\nfor epoch in range(9):\n    shuffle(x)\n",
        "def run():\n    x = get()\n    shuffle(x)\n    fit(x)\nfor seed in range(3):\n    run()\n",
    ],
)
def test_an_array_that_is_shuffled_alone_is_found_wherever_it_stands(
    text: str, tmp_path: Path
) -> None:
    assert permuted_alone(script(tmp_path, text)).endswith("shuffle(x)")


LOOP = """
for step in range(10):
    {}
    loss(x).backward()
"""


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        (LOOP.format("i = torch.randint(0, 9, (4,))"), True),
        (LOOP.format("x = next_batch()") + "def next_batch(): return rng.choice(9)", True),
        ("DataLoader(data, shuffle=True)", True),
        ("order = torch.randperm(9)" + LOOP.format("i = order[step]"), False),
        (LOOP.format("i = step"), False),
    ],
)
def test_batches_are_drawn_where_the_training_loop_draws_them(
    text: str, drawn: bool, tmp_path: Path
) -> None:
    assert draws_orders(script(tmp_path, text)) is drawn


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("texts = [t for t in texts if len(t) > 4]\nlabels = labels[: len(texts)]\n", True),
        ("x = x[~np.isnan(x).any(1)]\ny = y[:x.shape[0]]\n", True),
        ("kept = (abs(x) < 9).all(1)\nx = x[kept]\ny = y[:len(x)]\n", True),
        ("kept = rng.permutation(9)\nx = x[kept]\ny = y[:len(x)]\n", False),
        ("x = x[x[:, 0] > 0]\ny = y[kept][:10]\n", False),
        ("x = [row.lower() for row in x]\ny = y[:len(x)]\n", False),
        ("y = y[:len(x)]\nx = x[x[:, 0] > 0]\n", False),
        ("x = x[x[:, 0] > 0]\nx = x[:len(x)]\n", False),
    ],
)
def test_records_dropped_from_one_array_alone_are_told_by_what_is_cut(
    text: str, told: bool, tmp_path: Path
) -> None:
    assert bool(filtered_alone(script(tmp_path, text))) == told
