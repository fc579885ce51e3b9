"""Records that a script drops from one array, and cuts another to its length: read from syntax."""

import ast
from pathlib import Path


def filtered_alone(path: Path) -> str:
    """``line 9: y = y[:len(x)]`` where ``x`` has lost records in between; else nothing.

    The records that were dropped stood anywhere; those that are cut off stand at the end, so that
    all behind the first one that was dropped belong to others.
    """
    tree = ast.parse(path.read_bytes())
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    masks = {name for node in assigned for name in _names(node) if _says_which(node.value)}
    thinned = {
        name: node for node in assigned for name in _names(node) if _drops(node.value, masks)
    }
    for node in assigned:
        for other, by in thinned.items():
            late = node.lineno >= by.lineno
            if late and other not in _names(node) and _is_cut_to(node.value, other):
                return (
                    f"line {by.lineno} drops records of {other}, and "
                    f"line {node.lineno} cuts others to their number: {ast.unparse(node)}"
                )
    return ""


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _drops(value: ast.expr, masks: set[str]) -> bool:
    """Whether a list keeps what fulfils a condition, or an array is indexed by one.

    Args:
        value: what is assigned.
        masks: names of conditions.
    """
    if isinstance(value, ast.ListComp):
        return any(part.ifs for part in value.generators)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in {"dropna", "drop_duplicates", "query"}
    if not isinstance(value, ast.Subscript):
        return False
    named = isinstance(value.slice, ast.Name) and value.slice.id in masks
    return named or _says_which(value.slice)


def _says_which(value: ast.expr) -> bool:
    """Whether a value is a condition that each record fulfils or not."""
    return any(
        isinstance(part, (ast.Compare, ast.Invert))
        or (isinstance(part, ast.Attribute) and part.attr in {"isnan", "isfinite", "notna"})
        for part in ast.walk(value)
    )


def _is_cut_to(value: ast.expr, name: str) -> bool:
    """Whether a value is ``something[:len(name)]``."""
    if not isinstance(value, ast.Subscript) or not isinstance(value.slice, ast.Slice):
        return False
    upper = value.slice.upper
    return (
        value.slice.lower is None
        and upper is not None
        and ast.unparse(upper) in {f"len({name})", f"{name}.shape[0]"}
    )
