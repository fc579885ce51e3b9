"""A table of a scenario file, and what can be said of its fields where they are declared.

Other layers ask for the fields of a mark instead of listing them, so a new field is missed
nowhere: without a mark it counts as deciding what a training step does.
"""

from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
NotNegativeInt = Annotated[int, Field(ge=0)]


class Mark(Enum):
    """What a field decides; written into its type: ``Annotated[float, Mark.UPDATE]``."""

    START = "how starting weights are drawn"
    PREPARATION = "what is done to the records before training"
    LOSS = "what is minimised"
    UPDATE = "how a gradient becomes an update"
    SCHEDULE = "how the learning rate changes"
    FREE = "changes no operation of a step"
    SWITCH = "changes the operations of a step only by being there or not"


_NO_OPERATION = {Mark.START, Mark.PREPARATION, Mark.SCHEDULE, Mark.FREE}


class Section(BaseModel):
    """A table of a scenario file: frozen, and any key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @classmethod
    def marked(cls, mark: Mark) -> tuple[str, ...]:
        """Return the names of the fields that carry ``mark``."""
        return tuple(name for name, field in cls.model_fields.items() if mark in field.metadata)

    def operations(self) -> dict[str, object]:
        """Return what decides the operations of a training step, whatever their numbers.

        Settings that are equal in this can be trained as one batched model, and a step of either
        takes as long.
        """
        return {
            name: bool(value) if Mark.SWITCH in field.metadata else value
            for name, field in type(self).model_fields.items()
            if not _marks(field) & _NO_OPERATION
            for value in [getattr(self, name)]
        }


def _marks(field: FieldInfo) -> set[Mark]:
    return {mark for mark in field.metadata if isinstance(mark, Mark)}
