"""Which way a metric gets better, where its name says so."""

import re

_LOWER = {
    "bpb", "bpc", "cer", "entropy", "error", "fid", "loss", "mae", "mape", "mse", "nll",
    "perplexity", "ppl", "rmse", "wer",
}  # fmt: skip
_HIGHER = {
    "acc", "accuracy", "auc", "auroc", "bleu", "dice", "f1", "iou", "map", "mcc", "ndcg",
    "precision", "psnr", "r2", "recall", "reward", "return", "rouge", "ssim",
}  # fmt: skip


def higher_is_better(metric: str) -> bool | None:
    """Return whether higher values are better; ``None`` where the name does not say."""
    words = set(re.findall(r"[a-z]+\d*", metric.lower().replace("_", " ")))
    lower = bool(words & _LOWER) or any(word.endswith("loss") for word in words)
    higher = bool(words & _HIGHER)
    return None if lower == higher else higher
