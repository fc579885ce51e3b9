"""Where faults happened, as addresses: a fault's source names issues and pull requests."""

import re
from collections.abc import Mapping

REPOSITORIES: Mapping[str, str] = {
    "accelerate": "huggingface/accelerate",
    "aprender": "paiml/aprender",
    "bert": "google-research/bert",
    "chainer": "chainer/chainer",
    "ConvE": "TimDettmers/ConvE",
    "fastai": "fastai/fastai",
    "FlagGems": "flagos-ai/FlagGems",
    "Flux": "FluxML/Flux.jl",
    "KempnerForge": "KempnerInstitute/KempnerForge",
    "keras": "keras-team/keras",
    "keras-cv": "keras-team/keras-cv",
    "lightning-bolts": "Lightning-Universe/lightning-bolts",
    "mead-baseline": "mead-ml/mead-baseline",
    "mlx": "ml-explore/mlx",
    "mxnet": "apache/mxnet",
    "on-policy": "marlbenchmark/on-policy",
    "Open-Rig3R": "engichang1467/Open-Rig3R",
    "Paddle": "PaddlePaddle/Paddle",
    "pytorch": "pytorch/pytorch",
    "pytorch-randaugment": "ildoonet/pytorch-randaugment",
    "tensorflow": "tensorflow/tensorflow",
    "transformers": "huggingface/transformers",
}
"""On GitHub, by the name that a source calls one by without its owner."""

_REPORT = re.compile(r"([\w./-]+)(#| PR )(\d+)")


def addresses(source: str) -> list[str]:
    """Return the address of each report that a source names; none of one that names no report."""
    return [_address(*report) for report in _REPORT.findall(source)]


def linked(source: str) -> str:
    """Return a source with each report as a link in Markdown."""
    return _REPORT.sub(lambda found: f"[{found[0]}]({_address(*found.groups())})", source)


def _address(name: str, kind: str, number: str) -> str:
    repository = name if "/" in name else REPOSITORIES[name]
    return f"https://github.com/{repository}/{'issues' if kind == '#' else 'pull'}/{number}"
