"""The line of a script where the edit belongs."""

import re
from pathlib import Path

from harness.diagnosis.names import Cause

OPTIMIZER = r"(Adam\w*|SGD|RMSprop|Adagrad|Adadelta|LBFGS|NAdam|RAdam)\s*\(|optimizer\s*=|lr\s*="
MODEL = r"Sequential\s*\(|nn\.(LSTM|GRU|RNN|Linear)\s*\(|layers\.\w+\(|keras\.Model\s*\("
DATA = r"\.fit\s*\(|DataLoader\s*\(|TensorDataset\s*\(|train_on_batch\s*\("
LOSS = r"criterion\s*=|Loss\s*\(|loss\s*=|cross_entropy|mse_loss|\.compile\s*\("
BACKWARD = r"\.backward\s*\(|\.fit\s*\(|\.step\s*\("

PLACES: dict[Cause, tuple[str, ...]] = {
    "learning_rate_too_low": (OPTIMIZER,),
    "learning_rate_too_high": (OPTIMIZER,),
    "exploding_gradient": (r"\.step\s*\(", OPTIMIZER),
    "stale_gradients": (BACKWARD,),
    "broken_graph": (r"\.detach\(|\.item\(|\.data\b|stop_gradient|no_grad|argmax|\.numpy\(", LOSS),
    "frozen_parameters": (r"requires_grad|trainable", OPTIMIZER),
    "train_mode_missing": (r"\.eval\(|training=", r"epoch"),
    "stale_state": (r"stateful|hidden|state", MODEL),
    "shape_mismatch": (LOSS,),
    "wrong_loss": (LOSS,),
    "wrong_output_activation": (r"softmax|sigmoid|Sigmoid|Softmax|tanh|Tanh|relu", MODEL),
    "wrong_metric": (r"==|metrics\s*=",),
    "poor_initialization": (r"init", MODEL),
    "saturated_activation": (r"sigmoid|tanh|Sigmoid|Tanh", MODEL),
    "vanishing_gradient": (MODEL,),
    "network_too_small": (MODEL,),
    "network_too_large": (MODEL,),
    "dropout_too_high": (r"[Dd]ropout",),
    "not_shuffled": (r"shuffle", DATA),
    "batch_too_large": (r"batch_size", DATA),
    "too_few_epochs": (r"epochs\s*=|EPOCHS|range\s*\(", r"\.fit\s*\("),
    "overfitting": (r"epochs\s*=|range\s*\(", r"\.fit\s*\("),
    "labels_misaligned": (r"perm|shuffle|roll", DATA),
}
"""Patterns for each cause, the best first; causes in the data default to where data are passed."""


def line_of(cause: Cause, path: Path) -> str | None:
    """``file:line`` of the first line that a cause's edit is likely to touch, or ``None``."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for pattern in (*PLACES.get(cause, ()), DATA):
        for number, line in enumerate(lines, 1):
            code = line.split("#")[0]
            if re.search(pattern, code) and not re.match(r"\s*(import|from)\b", code):
                return f"{path.name}:{number}"
    return None


DRAWN_ORDER = r"(?:randperm|permutation)\s*\("
ALONE = (
    re.compile(rf"^\s*(\w+)\s*=\s*(\w+)\[[^\]]*{DRAWN_ORDER}"),
    re.compile(r"^\s*(\w+)\s*=\s*(?:\w+\.)+permutation\(\s*([A-Za-z_]\w*)\s*[,)]"),
    re.compile(r"^(?:\w+\.)*shuffle\(\s*([A-Za-z_]\w*)\s*\)"),
    re.compile(r"^\s*(\w+)\s*=\s*(?:\w+\.)*sort\(\s*(\w+)\s*\)"),
)
"""Lines that put one array into an order of its own: a permutation drawn in place, a shuffle."""


def permuted_alone(path: Path) -> str:
    """``line 12: X = X[rng.permutation(n)]`` if one array is permuted by itself, else nothing.

    An order that is drawn inside the index cannot be used again for another array. Lists of
    indices, named so, are meant to be shuffled alone.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        code = line.split("#")[0]
        for pattern in ALONE:
            found = pattern.match(code)
            if found is None:
                continue
            name = found.group(found.lastindex or 1)
            if not re.match(
                r"(?i)(idx|ind|perm|order|data|pairs|samples|records|files|train|test|n)\w*$", name
            ):
                return f"line {number}: {code.strip()}"
    return ""
