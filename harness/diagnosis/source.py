"""The line of a script where the edit belongs, and orders that it draws: read from its syntax."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.diagnosis.names import Cause


@dataclass(frozen=True)
class Place:
    """Something to look for in a script.

    Attributes:
        calls: last names of what is called: ``Adam`` finds ``torch.optim.Adam(...)``.
        keywords: names of arguments.
        names: of variables that are assigned.
        attributes: read or assigned.
    """

    calls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    def is_at(self, node: ast.AST) -> bool:
        """Whether a node of the syntax tree is what is looked for."""
        if isinstance(node, ast.Call):
            return called(node) in self.calls
        if isinstance(node, ast.keyword):
            return node.arg in self.keywords
        if isinstance(node, ast.Name):
            return isinstance(node.ctx, ast.Store) and node.id in self.names
        return isinstance(node, ast.Attribute) and node.attr in self.attributes


OPTIMIZER = Place(
    (
        *("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Nadam", "SGD", "RMSprop", "Adagrad"),
        *("Adadelta", "LBFGS", "Lion", "Ftrl"),
    ),
    ("optimizer", "lr", "learning_rate"),
)
MODEL = Place(
    (
        *("Sequential", "LSTM", "GRU", "RNN", "SimpleRNN", "Linear", "Dense", "Conv1d", "Conv2d"),
        *("Conv1D", "Conv2D", "Model", "TransformerEncoderLayer"),
    )
)
DATA = Place(("fit", "DataLoader", "TensorDataset", "train_on_batch"))
LOSS = Place(
    (
        *("mse_loss", "cross_entropy", "nll_loss", "l1_loss", "binary_cross_entropy"),
        *("binary_cross_entropy_with_logits", "kl_div", "compile"),
        *("MSELoss", "L1Loss", "CrossEntropyLoss", "NLLLoss", "BCELoss", "BCEWithLogitsLoss"),
        *("HuberLoss", "SmoothL1Loss", "KLDivLoss"),
    ),
    ("loss",),
    ("loss", "criterion", "loss_fn", "loss_function"),
)
BOUNDED = ("softmax", "sigmoid", "tanh", "Softmax", "Sigmoid", "Tanh", "LogSoftmax", "log_softmax")
EPOCHS = Place((), ("epochs",), ("epochs", "EPOCHS", "num_epochs", "n_epochs"))
CUT = ("detach", "item", "numpy", "argmax", "no_grad", "stop_gradient")

PLACES: dict[Cause, tuple[Place, ...]] = {
    "learning_rate_too_low": (OPTIMIZER,),
    "learning_rate_too_high": (OPTIMIZER,),
    "exploding_gradient": (Place(("step",)), OPTIMIZER),
    "stale_gradients": (Place(("backward",)), DATA),
    "broken_graph": (Place(CUT, attributes=("data",)), LOSS),
    "frozen_parameters": (
        Place(("requires_grad_",), attributes=("requires_grad", "trainable")),
        OPTIMIZER,
    ),
    "train_mode_missing": (Place(("eval",), ("training",)), Place(("dropout",))),
    "stale_state": (Place((), ("stateful",), ("hidden", "state", "h", "hx")), MODEL),
    "shape_mismatch": (LOSS,),
    "wrong_loss": (LOSS,),
    "wrong_output_activation": (Place(BOUNDED), Place((), ("activation",)), LOSS),
    "wrong_metric": (Place(("argmax", "round", "max"), ("metrics",)),),
    "poor_initialization": (
        Place(
            ("zeros_", "ones_", "constant_", "normal_", "uniform_", "fill_"),
            ("kernel_initializer", "recurrent_initializer"),
        ),
        MODEL,
    ),
    "saturated_activation": (Place(BOUNDED), MODEL),
    "vanishing_gradient": (MODEL,),
    "network_too_small": (MODEL,),
    "network_too_large": (MODEL,),
    "dropout_too_high": (Place(("Dropout", "dropout"), ("dropout",)),),
    "not_shuffled": (Place((), ("shuffle",)), DATA),
    "batch_too_large": (Place((), ("batch_size",), ("batch_size", "batch")), DATA),
    "too_few_epochs": (EPOCHS, Place(("range",))),
    "overfitting": (EPOCHS, Place(("range",))),
    "labels_misaligned": (Place(("randperm", "permutation", "shuffle", "roll")), DATA),
}
"""What to look for with each cause, the best first; otherwise where data are passed."""


def line_of(cause: Cause, path: Path) -> str | None:
    """``file:line`` of the first line that a cause's edit is likely to touch, or ``None``."""
    nodes = list(ast.walk(_tree(path)))
    for place in (*PLACES.get(cause, ()), DATA):
        lines = [node.lineno for node in nodes if hasattr(node, "lineno") and place.is_at(node)]
        if lines:
            return f"{path.name}:{min(lines)}"
    return None


DRAWN = ("randperm", "permutation")
INDICES = re.compile(r"(?i)(idx|ind|perm|order|data|pairs|samples|records|files|train|test|n)\w*$")
"""Names of lists that are meant to be put into an order of their own."""


MODULES = ("torch", "np", "numpy", "ops", "jnp")

RANDOM = (*DRAWN, "shuffle", "randint", "integers", "choice", "sample", "randn", "rand", "normal")
"""Calls that make the next batch one of other records, where a training loop makes them."""

UPDATES = ("backward", "step", "train_on_batch")


def draws_orders(path: Path) -> bool:
    """Whether each batch of a training loop is drawn: its records do not continue the last one's.

    Looks for ``shuffle=True``, and for what is drawn in a loop that makes updates or in a function
    of the script that such a loop calls.
    """
    tree = _tree(path)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    if any(
        isinstance(node, ast.keyword) and node.arg == "shuffle" and _is_true(node.value)
        for node in ast.walk(tree)
    ):
        return True
    for loop in ast.walk(tree):
        if not isinstance(loop, (ast.For, ast.While)):
            continue
        names = _called_in(loop)
        inside = set().union(*(_called_in(functions[n]) for n in names if n in functions), names)
        if inside & set(UPDATES) and inside & set(RANDOM):
            return True
    return False


def _called_in(node: ast.AST) -> set[str]:
    return {called(part) for part in ast.walk(node) if isinstance(part, ast.Call)}


def permuted_alone(path: Path) -> str:
    """``line 12: X = X[rng.permutation(n)]`` if one array is permuted by itself, else nothing.

    An order that is drawn inside the index cannot be used again for another array. Lists of
    indices, named so, are meant to be shuffled alone, and so are the parts of one record.
    """
    tree = _tree(path)
    parts = {id(statement) for body in _repeated(tree) for statement in _of_one_turn(body)}
    for statement in ast.walk(tree):
        for array in _put_in_order(statement):
            if (
                array
                and array not in MODULES
                and not INDICES.match(array)
                and id(statement) not in parts
            ):
                assert isinstance(statement, ast.stmt)  # noqa: S101  # only statements do it
                return f"line {statement.lineno}: {ast.unparse(statement)}"
    return ""


def _repeated(tree: ast.Module) -> Iterator[ast.AST]:
    """Loops, and functions of the script that are called in loops, but for those that train."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for loop in ast.walk(tree):
        if isinstance(loop, (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)):
            bodies = [loop, *(functions[n] for n in _called_in(loop) if n in functions)]
            yield from (body for body in bodies if not _called_in(body) & {*UPDATES, "fit"})


def _of_one_turn(body: ast.AST) -> Iterator[ast.stmt]:
    """Statements that put into an order what each turn of a loop, or each call, makes anew."""
    statements = [node for node in ast.walk(body) if isinstance(node, ast.stmt)]
    made = [(statement, name) for statement in statements for name in _made(statement)]
    for statement in statements:
        for array in _put_in_order(statement):
            if any(name == array and by is not statement for by, name in made):
                yield statement


def _made(statement: ast.stmt) -> set[str]:
    """Variables that a statement assigns, or that a loop goes through with."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, (ast.For, ast.AnnAssign)) else targets
    return {
        node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
    }


def _put_in_order(node: ast.AST) -> Iterator[str]:
    """Names of arrays that a statement puts into an order that nothing else can use."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Expr) and isinstance(value, ast.Call) and called(value) == "shuffle":
        yield from _argument(value)
    if not isinstance(node, ast.Assign):
        return
    if isinstance(value, ast.Subscript):
        kinds = {called(part) for part in ast.walk(value.slice) if isinstance(part, ast.Call)}
        kept = _root(value) in _made(node)  # else a score may sort them, for a metric
        if kinds & set(DRAWN) or (kept and "argsort" in kinds):
            yield _root(value)
    value = _unwrapped(value)
    if isinstance(value, ast.Call) and called(value) in {"permutation", "sort"}:
        yield from _argument(value)
        if called(value) == "sort" and isinstance(value.func, ast.Attribute):
            yield _root(value.func.value)


def _unwrapped(node: ast.AST | None) -> ast.AST | None:
    """The call of ``y.sort().values`` and of ``torch.sort(y)[0]``."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


def _argument(call: ast.Call) -> Iterator[str]:
    if call.args and (name := _root(call.args[0])):
        yield name


def _root(node: ast.AST) -> str:
    """The variable that an expression such as ``x[:n]`` is part of; nothing if it is none."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_true(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())
