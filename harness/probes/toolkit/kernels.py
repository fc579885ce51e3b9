"""How far recurrent kernels are from float64, by device and family, as measured.

cuDNN's `nn.LSTM`, `nn.GRU` and `nn.RNN` on one NVIDIA H100 with PyTorch 2.11: 804 settings of cell,
2 to 256 units, 3 to 200 timesteps, batches of 1 to 128, 1 to 3 layers and two seeds, with TF32 on
(PyTorch's default) and off. An error is the distance from float64 as a share of its length, the
largest of all outputs (forward) or gradients (backward); repeated calls were bit-identical.
"""

from typing import NamedTuple

from harness.probes.toolkit.check import FLOAT32_ROUNDOFF


class Measured(NamedTuple):
    """Largest errors of a width, over all its settings."""

    tf32: bool
    units: int
    forward_largest: float
    backward_largest: float


CUDNN = (
    Measured(False, 2, 8.7e-06, 8.6e-05),
    Measured(False, 8, 6.6e-06, 2.0e-05),
    Measured(False, 15, 5.7e-06, 9.0e-06),
    Measured(False, 33, 5.0e-06, 1.1e-05),
    Measured(False, 64, 5.5e-06, 1.1e-05),
    Measured(False, 256, 2.1e-07, 1.2e-06),
    Measured(True, 2, 4.3e-04, 3.4e-03),
    Measured(True, 8, 6.4e-04, 6.2e-03),
    Measured(True, 15, 2.6e-04, 6.4e-04),
    Measured(True, 33, 2.4e-04, 6.5e-04),
    Measured(True, 64, 5.1e-04, 1.6e-03),
    Measured(True, 256, 2.6e-04, 5.3e-04),
)

TOLERANCE = 64 * FLOAT32_ROUNDOFF
"""3.8e-6, of kernels that compute as written: rounding gives up to 4e-7."""

MARGIN = 2.0
"""Times the largest error that was measured: no list of settings is complete."""


class Kernel(NamedTuple):
    """How many times `TOLERANCE` a healthy kernel may be off, in results and in gradients."""

    forward: float
    backward: float


PLAIN = Kernel(1.0, 1.0)
"""PyTorch's kernels on a CPU, and everything that is not a recurrent kernel of a vendor's."""


def vendors_kernel(units: int, *, tf32: bool) -> Kernel:
    """Return the allowance of a layer on an accelerator, from the measured widths around its own.

    Accelerators other than CUDA are unmeasured and get the same.
    """
    rows = [row for row in CUDNN if row.tf32 == tf32]
    below = [row for row in rows if row.units <= units][-1:]
    above = [row for row in rows if row.units >= units][:1]
    forward = max(row.forward_largest for row in below + above)
    backward = max(row.backward_largest for row in below + above)
    return Kernel(*(max(1.0, MARGIN * error / TOLERANCE) for error in (forward, backward)))
