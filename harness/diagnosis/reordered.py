"""An order that a script draws anew between the arrays that it puts into it: read from syntax."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from harness.diagnosis.source import DRAWN, called


def orders_apart(path: Path) -> str:
    """``line 9: y = y[q]`` where ``x`` has got another order than ``q``; else nothing.

    Each of two orders has been given to one array alone. One name may mean both: a list that is
    shuffled, or drawn, once more in between.
    """
    tree = ast.parse(path.read_bytes())
    nodes = sorted((n for n in ast.walk(tree) if isinstance(n, ast.stmt)), key=lambda n: n.lineno)
    last: dict[str, int] = {}
    given: dict[tuple[str, int], dict[str, ast.stmt]] = defaultdict(dict)
    for node in nodes:
        last |= dict.fromkeys(_drawn(node), node.lineno)
        for array, order in _put_in(node):
            if order in last:
                given[order, last[order]].setdefault(array, node)
    alone = dict(next(iter(arrays.items())) for arrays in given.values() if len(arrays) == 1)
    if len(alone) < 2:  # noqa: PLR2004 - an array beside another
        return ""
    (first, _), (_, node) = list(alone.items())[:2]
    return f"line {node.lineno}: {ast.unparse(node)}, not in the order of {first}"


def _drawn(node: ast.stmt) -> Iterator[str]:
    """Lists that a statement puts into a new order, or draws."""
    call = getattr(node, "value", None)
    if not isinstance(call, ast.Call):
        return
    changed = call.args[:1] if called(call) == "shuffle" else []
    if isinstance(node, ast.Assign) and called(call) in DRAWN:
        changed = node.targets
    yield from (part.id for part in changed if isinstance(part, ast.Name))


def _put_in(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Arrays, each with the list by which a statement indexes all of it."""
    if not isinstance(node, ast.Assign):
        return
    through = _through(node.value)
    parts = [part for part in ast.walk(node.value) if isinstance(part, ast.Subscript)]
    for array, order in ((part.value, part.slice) for part in parts):
        if isinstance(array, ast.Name) and isinstance(order, ast.Name):
            yield array.id, through.get(order.id, order.id)


def _through(value: ast.expr) -> dict[str, str]:
    """What each variable of a comprehension goes through: ``i`` of ``x[i] for i in idx``."""
    loops = [part for part in ast.walk(value) if isinstance(part, ast.comprehension)]
    return {
        loop.target.id: loop.iter.id
        for loop in loops
        if isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Name)
    }
