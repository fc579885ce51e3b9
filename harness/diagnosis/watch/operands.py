"""Has a script tell what it compares and subtracts in NumPy, where nothing can be listened to.

`a == b` is run as `kept(1, a) == met(1, b)`: two functions that return what they are given. The
operator itself stays in the script's own frame, on its own line, with its own result and warnings.
"""

import ast
from collections import deque
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

import numpy as np

from harness.diagnosis.observations import Array

KEPT, MET, ASKED = "__harness_kept__", "__harness_met__", "__harness_asked__"
"""Names that a script knows the three functions by, as `torch.compile` takes none as a constant."""

REMEMBERED = 40
"""Operations of each kind that are remembered, the last ones."""

REDUCTIONS = frozenset(
    {"mean", "sum", "average", "median", "abs", "sqrt", "norm", "max", "nanmean"}
)
"""Methods and functions of NumPy that make a score of differences."""

MOST_VALUES = 50_000
"""Values of one array that are copied."""

Value = TypeVar("Value")


class Operands:
    """Arrays that met in a script's operators, oldest first.

    Attributes:
        compared: both sides of ``==``, of one size.
        subtracted: both sides of ``-``, of one size.
        largest: arrays whose largest value was asked for by ``argmax``, and along which axis.
    """

    def __init__(self) -> None:
        self.compared: deque[tuple[Array, Array]] = deque(maxlen=REMEMBERED)
        self.subtracted: deque[tuple[Array, Array]] = deque(maxlen=REMEMBERED)
        self.largest: deque[tuple[Array, int]] = deque(maxlen=REMEMBERED)
        self._left: dict[int, Any] = {}

    @property
    def functions(self) -> dict[str, Any]:
        """What a script has to know to run code of `listening`."""
        return {KEPT: self._kept, MET: self._met, ASKED: self._asked}

    def __reduce__(self) -> tuple[type["Operands"], tuple[()]]:
        """What is sent to another process, with a function of the script, starts anew there."""
        return Operands, ()

    def _kept(self, place: int, value: Value) -> Value:
        if _is_array(value):  # of most operands in a script there is nothing to keep
            self._left[place] = value
        return value

    def _met(self, place: int, value: Value) -> Value:
        left = self._left.pop(place, None) if self._left else None
        if left is not None and _is_array(value):
            self._meet(place, np.asarray(left), np.asarray(value))
        return value

    def _meet(self, place: int, left: Array, right: Array) -> None:
        """Remember two arrays of one size; an array that meets itself is compared on purpose."""
        if left.size != right.size or np.may_share_memory(left, right):
            return
        (self.subtracted if place % 2 else self.compared).append((left.copy(), right.copy()))

    def _asked(self, axis: int, value: Value) -> Value:
        if _is_array(value) and len(value.shape) > 1:  # type: ignore[attr-defined]
            self.largest.append((np.array(value), axis))
        return value


def _is_array(value: Any) -> bool:
    """A NumPy or JAX array of several numbers; tensors of PyTorch are listened to by themselves."""
    kind = type(value).__module__.partition(".")[0]
    return kind in {"numpy", "jaxlib"} and 1 < getattr(value, "size", 0) <= MOST_VALUES


def listening(source: bytes, path: Path) -> CodeType:
    """Compile a script so that it tells the operands of `Operands`; raises what `compile` does.

    Args:
        source: the script's text.
        path: its file, for tracebacks.
    """
    whole = compile(source, str(path), "exec", dont_inherit=True)
    if b"numba" in source:  # compiles functions by what they are made of
        return whole
    try:
        tree = _Placing().visit(ast.parse(source, str(path)))
        return compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
    except RecursionError:  # of long chains, which Python's own compiler can do
        return whole


class _Placing(ast.NodeTransformer):
    """Puts the functions around operands.

    What is decorated may be compiled by something that asks for each of its names, and what is
    annotated shows its text: both stay as they are.
    """

    def __init__(self) -> None:
        self.count = 0
        self.reduced = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Look into functions without a decorator."""
        return node if node.decorator_list else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Look at the value alone."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Leave its annotation."""
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Put them around both sides of one ``==`` between what is no constant."""
        self.generic_visit(node)
        if [type(op) for op in node.ops] == [ast.Eq]:
            node.left, node.comparators[0] = self._around(node.left, node.comparators[0], 0)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Put them around both sides of a difference that a mean or a sum is taken of."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Sub) and self.reduced:
            node.left, node.right = self._around(node.left, node.right, 1)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put one around what ``np.argmax(x, axis=1)`` or ``x.argmax(1)`` asks."""
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        self.reduced += name in REDUCTIONS
        self.generic_visit(node)
        self.reduced -= name in REDUCTIONS
        if not isinstance(function, ast.Attribute) or name != "argmax":
            return node
        given = [*node.args, *(k.value for k in node.keywords if k.arg == "axis")]
        axis = next((number for part in given if (number := _number(part)) is not None), None)
        if axis is None:
            return node
        if node.args and _number(node.args[0]) is None:
            node.args[0] = _call(ASKED, axis, node.args[0])
        else:
            function.value = _call(ASKED, axis, function.value)
        return node

    def _around(self, left: ast.expr, right: ast.expr, kind: int) -> tuple[ast.expr, ast.expr]:
        if any(isinstance(part, ast.Constant) for part in (left, right)):
            return left, right
        self.count += 1
        place = 2 * self.count + kind
        return _call(KEPT, place, left), _call(MET, place, right)


def _call(name: str, number: int, value: ast.expr) -> ast.expr:
    function = ast.Name(name, ast.Load())
    made = ast.Call(function, [ast.Constant(number), value], [])
    for node in (made, function, made.args[0]):
        ast.copy_location(node, value)
    return made


def _number(node: ast.expr) -> int | None:
    """The number that a node is, with its sign."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None
