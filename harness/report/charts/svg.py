"""What all pictures share: the frame with its title, the text, the style."""

import re
from html import escape


def svg(title: str, body: str, width: float, height: float) -> str:
    """Return a picture without a style, for a page that has it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"\n<title>{escape(title)}</title>\n{body}\n</svg>\n"
    )


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
