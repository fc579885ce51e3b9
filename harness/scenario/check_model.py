"""What a declared stack of recurrent layers cannot be."""

from collections.abc import Iterable, Iterator

from harness.scenario.model_section import Model
from harness.scenario.vocabulary import CELLS


def check_model(model: Model) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with it, of a model that is built from the file."""
    if model.factory is not None:  # its layers are its own: see `check_own_module`
        return
    cell, kind = model.cell, model.kind
    if model.projection and not cell.projects:
        projecting = " and ".join(name for name, facts in CELLS.items() if facts.projects)
        yield "model.projection", f"is known of {projecting} only, not of {kind}"
    elif model.projection >= min(model.units):
        units = min(model.units)
        yield "model.projection", f"must be fewer than the {units} units of a layer"
    if model.forget_bias is not None and "forget" not in cell.gates:
        yield "model.forget_bias", f"is of a forget gate; {kind} has {_listed(cell.gates)}"
    elif model.forget_bias is not None and not model.bias:
        yield "model.forget_bias", "is a bias, and bias = false leaves layers none: drop either"
    if not cell.gated and model.gate_activation != cell.gate_activation:
        yield "model.gate_activation", f"acts on gates; {kind} has none"


OF_OWN_MODULE = {"factory", "arguments", "embedding"}
"""Keys that mean something beside the factory; an embedding is told where its ids are looked at."""


def check_own_module(model: Model, beside: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what is declared of layers that the user's own module does not take from the file.

    Args:
        model: of a case.
        beside: keys in the factory's own table, or laid over it. Those that it replaces are not:
            a file's other cases may be built from them.
    """
    if model.factory is None:
        if model.arguments:
            yield "model.arguments", "are handed to model.factory, and there is none"
        return
    told = (
        "is of the model that is built from the file; yours has its own: set it there, or hand it"
    )
    for key in sorted(set(beside) & set(Model.model_fields) - OF_OWN_MODULE):
        if getattr(model, key) != Model.model_fields[key].default:
            yield f"model.{key}", f"{told} over in model.arguments"


def _listed(gates: tuple[str, ...]) -> str:
    *others, last = gates
    return f"{', '.join(others)} and {last}" if others else f"{last} only"
