"""The precisions that a step can be computed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PrecisionName = Literal["float32", "float64", "bfloat16", "float16"]
Half = Literal["bfloat16", "float16"]


@dataclass(frozen=True)
class Precision:
    """The facts about one precision (IEEE 754; bfloat16 has float32's range).

    Attributes:
        roundoff: half the distance of 1 from the next number.
        smallest: the smallest positive number; what is below half of it is lost.
    """

    roundoff: float
    smallest: float


PRECISIONS: Mapping[PrecisionName, Precision] = {
    "float32": Precision(2.0**-24, 2.0**-149),
    "float64": Precision(2.0**-53, 2.0**-1074),
    "bfloat16": Precision(2.0**-8, 2.0**-133),
    "float16": Precision(2.0**-11, 2.0**-24),
}
