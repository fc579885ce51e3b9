"""`torch.nn.init` against its documentation, for models that initialise themselves."""

from collections.abc import Callable, Iterator
from math import sqrt

import torch
from torch.nn import init

from harness.probes.toolkit.check import Check
from harness.probes.toolkit.distribution import Constant, Distribution, Normal, Orthogonal, Uniform

OUT, IN = 48, 64


def framework_checks() -> Iterator[Check]:
    """Fill a `[48, 64]` weight with each initialiser and compare its distribution."""
    documented: dict[Callable[..., object], tuple[tuple[float, ...], Distribution]] = {
        init.uniform_: ((-0.3, 0.3), Uniform(0.3)),
        init.normal_: ((0.0, 0.3), Normal(0.3)),
        init.xavier_uniform_: ((), Uniform(sqrt(6 / (IN + OUT)))),
        init.xavier_normal_: ((), Normal(sqrt(2 / (IN + OUT)))),
        init.kaiming_uniform_: ((), Uniform(sqrt(6 / IN))),
        init.kaiming_normal_: ((), Normal(sqrt(2 / IN))),
        init.orthogonal_: ((), Orthogonal(1.0)),
        init.constant_: ((0.3,), Constant(0.3)),
        init.zeros_: ((), Constant(0.0)),
        init.ones_: ((), Constant(1.0)),
    }
    for function, (arguments, distribution) in documented.items():
        weight = torch.full((OUT, IN), 7.0)
        function(weight, *arguments)
        yield distribution.check(f"nn.init.{function.__name__}", weight.numpy())
