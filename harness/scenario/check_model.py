"""What a declared stack of recurrent layers cannot be."""

from collections.abc import Iterator

from harness.scenario.model_section import Model
from harness.scenario.vocabulary import CELLS


def check_model(model: Model) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with it, of a model that is built from the file."""
    cell, kind = model.cell, model.kind
    if model.projection and not cell.projects:
        projecting = " and ".join(name for name, facts in CELLS.items() if facts.projects)
        yield "model.projection", f"is known of {projecting} only, not of {kind}"
    elif model.projection >= min(model.units):
        units = min(model.units)
        yield "model.projection", f"must be fewer than the {units} units of a layer"
    if model.forget_bias is not None and "forget" not in cell.gates:
        yield "model.forget_bias", f"is of a forget gate; {kind} has {_listed(cell.gates)}"
    if not cell.gated and model.gate_activation != cell.gate_activation:
        yield "model.gate_activation", f"acts on gates; {kind} has none"


def _listed(gates: tuple[str, ...]) -> str:
    *others, last = gates
    return f"{', '.join(others)} and {last}" if others else f"{last} only"
