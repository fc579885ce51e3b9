"""What all pictures share: the frame with its title, the text, the style, the file's name."""

import hashlib
import re
from html import escape
from pathlib import Path

from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

MOST_BYTES = 180
"""Of a case's id in the name of its picture: file systems take 255, and backend, device and what
marks an unfinished file come behind it."""

STYLE = (Path(__file__).parents[1] / "templates" / "chart.css").read_text(encoding="utf-8")


def svg(title: str, body: str, width: float, height: float) -> str:
    """Return a picture without a style, for a page that has it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"\n<title>{escape(title)}</title>\n{body}\n</svg>\n"
    )


def stand_alone(picture: str) -> str:
    """Return a picture as a file of its own, with its style."""
    head, tail = picture.split(">", 1)
    return f"{head}>\n<style>\n{STYLE}</style>{tail}"


def text(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    """Return words at a point: their start, middle or end."""
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def band(low: list[str], middle: list[str], high: list[str]) -> list[str]:
    """Return a shaded band between two lines of points, and the line within it."""
    return [
        f'<path class="band" d="M{"L".join(high + low[::-1])}Z"/>',
        f'<path class="median" d="M{"L".join([middle[0], *middle])}"/>',
    ]


def short(value: float) -> str:
    """Return ``1e9`` rather than ``1e+09``."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:.3g}")


def file_name(found: Outcome | TrainabilityMap) -> str:
    """Return the name of a picture: ``training.learning_rate.too_low.eager.cpu.svg``.

    No two have the same, also where capitals do not count: what a file name cannot tell apart, or
    cannot hold, a digest of the whole name does.
    """
    place = f".{found.backend}.{found.device.replace(':', '')}.svg"
    name = found.id.replace("/", ".")
    if "." in found.id or found.id != found.id.lower() or len(name.encode()) > MOST_BYTES:
        digest = hashlib.sha256(found.id.encode()).hexdigest()[:8]
        name = f"{name.encode()[:MOST_BYTES].decode(errors='ignore')}.{digest}"
    return name + place
