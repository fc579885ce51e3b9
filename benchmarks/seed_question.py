"""What decides how long the hello-world LSTM stays on its plateau?

    python benchmarks/seed_question.py [FOLDER]

Trains three stacked LSTM(15) layers to repeat the first of three values, as scenario hello_world
declares it, and varies one thing at a time: rate, depth, initialisation, scale of the inputs; 12
seeds of 120 epochs each on `ensemble`. Prints a table for each, and writes a picture of each into
FOLDER: medians of the training loss and of the training accuracy over the seeds.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from harness.backends.ensemble.backend import Ensemble
from harness.history import History
from harness.report.charts.axis import Axis
from harness.report.charts.svg import svg, text
from harness.scenario import Case, load
from harness.verdict.phases import Phases, phases

Floats = NDArray[np.float64]

SEEDS = range(12)
EPOCHS = 120
HELLO_WORLD = Path(__file__).parents[1] / "scenarios" / "hello_world.toml"

VARIED = {
    "rate": [
        *((f"Adam {rate}", f"training.learning_rate = {rate}") for rate in ("1e-4", "3e-4")),
        ("Adam 1e-3, as asked", ""),
        *(
            (f"Adam {rate}", f"training.learning_rate = {rate}")
            for rate in ("3e-3", "1e-2", "3e-2")
        ),
        ("Adam 1e-1", "training.learning_rate = 1e-1"),
    ],
    "depth": [
        (f"{layers} layer{'s' * (layers > 1)}", f"model.units = {[15] * layers}")
        for layers in (1, 2, 3, 4, 5)
    ],
    "initialisation": [
        ("Keras', as asked", ""),
        ("PyTorch's", 'model.init = "torch"'),
        ("Keras', forget bias 0", "model.forget_bias = 0.0"),
        ("Keras', half as large", "model.init_scale = 0.5"),
        ("Keras', twice as large", "model.init_scale = 2.0"),
        ("Keras', a tenth", "model.init_scale = 0.1"),
    ],
    "input_scale": [
        ("noise from 0 to 1", "data.noise = 1"),
        ("noise from 0 to 9, as asked", ""),
        ("the same, standardised", 'data.normalize = "standard"'),
        ("the same, within 0 and 1", 'data.normalize = "minmax"'),
        ("noise from 0 to 99", "data.noise = 99"),
        ("noise from 0 to 999", "data.noise = 999"),
    ],
}
"""For each thing that is varied: what a variant is called, and what it declares."""

COLOURS = ("#440154", "#3b528b", "#21918c", "#35a32f", "#c98a00", "#d95f02", "#c2185b")
WIDTH, HEIGHT, LEFT, RIGHT = 480, 490, 44, 470


def cases(variants: Sequence[tuple[str, str]]) -> list[Case]:
    """Return hello world, each with its own declaration."""
    shared = HELLO_WORLD.read_text(encoding="utf-8").partition("[[case]]")[0]
    rows = [
        f'[[case]]\nname = "v{number}"\nexpect = "converges"\ntraining.epochs = {EPOCHS}\n{own}\n'
        for number, (_, own) in enumerate(variants)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "varied.toml"
        path.write_text("\n".join([shared, *rows]), encoding="utf-8")
        return list(load(path, "varied").cases)


def curves(histories: Sequence[History]) -> tuple[Floats, Floats]:
    """Return the medians over seeds of loss and accuracy `[epochs + 1]`.

    They end where half of the seeds have; a seed that stopped before keeps its last value.
    """
    end = int(median(len(each.train_loss) for each in histories))
    columns: list[Floats] = []
    for recorded in ([h.train_loss for h in histories], [h.train_metric for h in histories]):
        kept = [np.pad(each, (0, max(end - len(each), 0)), mode="edge")[:end] for each in recorded]
        columns.append(np.median(np.stack(kept), axis=0))
    return columns[0], columns[1]


def row(name: str, found: Sequence[Phases]) -> str:
    """Return a line of the table."""
    reached = [each.converged_at for each in found if each.converged_at is not None]
    plateau = median(each.plateau for each in found)
    epochs = f"{median(reached):g}" if reached else "-"
    return f"| {name} | {len(reached)}/{len(found)} | {plateau:g} | {epochs} |"


def picture(title: str, names: Sequence[str], drawn: Sequence[tuple[Floats, Floats]]) -> str:
    """Return both medians of each variant, loss above accuracy, with a legend below."""
    across = Axis(0, max(len(loss) for loss, _ in drawn) - 1, LEFT, RIGHT)
    parts = ['<rect width="100%" height="100%" fill="#fff"/>']
    for index, (name, top, bottom, high) in enumerate(
        [("training loss", 20, 180, 0.8), ("training accuracy", 225, 385, 1.0)]
    ):
        up = Axis(0.0 if index == 0 else 0.4, high, bottom, top)
        parts += frame(across, up, name)
        for colour, medians in zip(COLOURS, drawn, strict=False):
            points = " ".join(
                f"{across.at(epoch):.1f},{up.at(value):.1f}"
                for epoch, value in enumerate(medians[index])
            )
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"/>'
            )
    parts += legend(names)
    style = "text{font:12px system-ui,sans-serif;fill:#333}"
    return svg(title, f"<style>{style}</style>" + "\n".join(parts), WIDTH, HEIGHT)


def frame(across: Axis, up: Axis, name: str) -> Iterator[str]:
    """Yield the lines and numbers of one panel."""
    for value in up.ticks:
        y = up.at(value)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#ddd"/>'
        yield text(LEFT - 6, y + 4, f"{value:g}", "end")
    for epoch in across.ticks:
        yield text(across.at(epoch), up.start + 16, f"{epoch:g}")
    yield text(RIGHT, up.end - 6, f"{name}, by epoch", "end")


def legend(names: Sequence[str]) -> Iterator[str]:
    """Yield the variants' names in two columns."""
    for number, (colour, name) in enumerate(zip(COLOURS, names, strict=False)):
        x, y = LEFT + 220 * (number % 2), 420 + 19 * (number // 2)
        yield f'<path d="M{x} {y - 4}h18" stroke="{colour}" stroke-width="3"/>'
        yield text(x + 24, y, name, "start")


def _silent(_seed: int, _epoch: int) -> None:
    """Say nothing of progress."""


def main() -> None:
    """Train what is varied, one thing after another."""
    parser = argparse.ArgumentParser(description="What decides how long the plateau lasts?")
    parser.add_argument("folder", nargs="?", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder
    for thing, variants in VARIED.items():
        print(f"\n| {thing} | converged | plateau, epochs | epochs to 100 % |\n|---|---|---|---|")
        drawn = []
        for (name, _), case in zip(variants, cases(variants), strict=True):
            histories = Ensemble().train(case, SEEDS, "cpu", _silent)
            drawn.append(curves(histories))
            print(row(name, [phases(each, case.converged) for each in histories]), flush=True)
        if folder is not None:
            title = f"Hello world by {thing.replace('_', ' ')}: medians of {len(SEEDS)} seeds"
            path = folder / f"seed_question_{thing}.svg"
            path.write_text(picture(title, [name for name, _ in variants], drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
