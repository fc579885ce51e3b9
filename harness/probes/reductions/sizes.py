"""How small a case is made, and the parts that every reduction puts in the place of its own."""

from harness.dataset import build, is_padded, targets_of
from harness.probes.reductions.step_records import StepRecords
from harness.scenario import Case, Converged, Mark, Model, Training
from harness.scenario.data import Data
from harness.scenario.vocabulary import METRICS
from harness.scenario.vocabulary.tasks import MeanThreshold, MeanValue

RECORDS, BATCH, EPOCHS = 20, 8, 7
"""Three batches an epoch, the last one partial; 21 steps."""

VALIDATED = 150
"""More than the ensemble evaluates at a time, twice over."""

CLIP_NORM = 0.05
"""Below the first gradients of the small case, so that clipping acts."""

SHORTEST_AND_LONGEST = (1, 3)
"""Steps of a record of the small case, where those of a case differ."""

SEVERAL = 3
"""Values or labels in a target of the small case, where those of a case have several."""

VOCABULARY = 5
"""Token ids of the small case, where a case has any."""

SCALE = 2.0
"""Starting weights of the small case are this much larger than usual, to use the gates' range."""

NARROWEST = 3
"""Width of a small case's projected outputs: fewer than its units."""

RESCALING = {"normalize", "normalize_targets"}
"""What a user's own module may need of its records; all other preparation is left out."""

NEVER = Converged(metric="loss", on="train", at_least=None, at_most=-1e30, hold=1)
"""No metric is that low."""


def changed(case: Case, data: Data, model: Model, training: Training) -> Case:
    """Return the case with other parts, trained for as long as it may."""
    return case.model_copy(
        update={"data": data, "model": model, "training": training, "converged": NEVER}
    )


def small_data(case: Case) -> Data:
    """Return twenty records of the case's kind, or so many of a user's own."""
    if case.model.factory is not None:
        fields = type(case.data).model_fields
        prepared = set(case.data.marked(Mark.PREPARATION)) - RESCALING
        plain = {name: fields[name].default for name in prepared}
        return case.data.model_copy(update={"records": RECORDS, **plain})
    common = {
        "records": RECORDS,
        "timesteps": 3,
        "validation_records": VALIDATED,
        "distractor_scale": 1.0,
    }
    embeds = case.model.embedding is not None
    numbers = several(case)
    if case.data.targets == "each_step" or is_padded(case) or embeds or numbers:
        own = {
            "kind": "values" if is_regression(case) else "classes",
            "targets": case.data.targets,
            "lengths": SHORTEST_AND_LONGEST if is_padded(case) else None,
            "vocabulary": VOCABULARY if embeds else None,
            "numbers": numbers,
            "distractor_scale": 0.0 if embeds else 1.0,
        }
        return StepRecords.model_validate(common | own)
    if is_regression(case):
        return MeanValue.model_validate(common)
    return MeanThreshold.model_validate({**common, "positive_rate": 0.3})


def loss_of(case: Case) -> dict[str, object]:
    """Return what is minimised; of declared weights those of the two classes of a small case."""
    kept = {name: getattr(case.training, name) for name in Training.marked(Mark.LOSS)}
    if isinstance(weights := kept["class_weights"], tuple) and case.model.factory is None:
        kept["class_weights"] = weights[:2]
    return kept


def loss_of_several(case: Case) -> dict[str, object]:
    """Return what is minimised where targets have several labels, of which no other loss is."""
    return loss_of(case) if case.training.loss == "bce" and several(case) else {}


def several(case: Case) -> int:
    """Return the numbers in a target of the small case; 0: it is one number."""
    return 0 if case.model.factory is not None else min(targets_of(case), SEVERAL)


def narrow(model: Model) -> Model:
    """Return the model at most two layers deep, as one `nn.LSTM` or several, as declared."""
    equal = len(set(model.units)) == 1
    units = (5, 5 if equal else 4)[: len(model.units)]
    small = {"units": units, "projection": min(model.projection, NARROWEST)}
    return model.model_copy(update=small | {"init_scale": SCALE, "forget_bias": None})


def biases_of(model: Model) -> str:
    """Return an initialiser under which as many biases are trained."""
    return "keras" if model.initialiser.one_bias else "torch"


def is_regression(case: Case) -> bool:
    """Tell whether targets are real numbers, from the file where nothing else tells."""
    if case.targets is not None:
        return case.targets == "values"
    kind = METRICS[case.converged.metric].of
    return build(case, 0).classes == 0 if kind == "any" else kind == "values"


def probe_rate(training: Training) -> float:
    """Return a rate at which float32 resolves an update; of the user's own optimizer its rate."""
    known = training.known_optimizer
    return training.learning_rate if known is None else known.probe_rate


def small_gradient_rate(training: Training) -> float:
    """Return likewise the rate for gradients about as small as epsilon."""
    known = training.known_optimizer
    return training.learning_rate if known is None else known.small_gradient_rate
