"""What became of a case in one sentence: what changed, by how much, how sure, where to look."""

from harness.report.document.phrases import share, words
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.scenario.criterion import Criterion

PLACES = {
    "batches": "the order and the contents of the batches",
    "gradient": "the backward pass",
    "identity_layers": "dropout and normalisation",
    "initialisation": "how starting weights are drawn",
    "layers": "the recurrent kernel",
    "loss": "the loss",
    "modes": "what differs between training and evaluation",
    "optimizer": "the optimizer's step",
    "reference_steps": "everything in a step: no narrower probe disagrees",
    "seed_independence": "what the batched seeds share",
}
"""Where a probe that disagrees leads; the narrowest comes first where several do."""

DIFFERENT = ("slower", "faster", "changed")
"""Comparisons that have a size."""

CLAIMS = {"converges": "converge", "fails": "fail"}

WIDEST = "reference_steps"
"""The probe that sees whole steps: it leads nowhere in particular if another one disagrees."""


def headline(outcome: Outcome) -> str:
    """Return the sentence; for one that passed without a change, what was confirmed."""
    if outcome.outcome == "error":
        return outcome.sentence.partition("\n")[0]
    compared = outcome.comparison
    changed = change(compared, outcome.criterion) if compared.refused else ""
    clauses = [changed, _time(outcome), _probes(outcome)]
    found = [clause for clause in clauses if clause]
    if outcome.verdict.result != "pass" or not found:
        found.insert(0, _claim(outcome))
    return "; ".join(found)


def _claim(outcome: Outcome) -> str:
    """Say how many seeds converged against the claim, and how or why the others did not."""
    if outcome.criterion.of_mean or outcome.verdict.result == "inconclusive":
        return outcome.verdict.sentence
    if outcome.verdict.result == "pass":
        return _confirmed(outcome)
    if outcome.expect == "fails" and 2 * outcome.converged < outcome.seeds:
        text = f"fails as claimed, but not for the stated reason {outcome.stated}"
    else:
        text = f"{share(outcome)} seeds converged, though claimed to {CLAIMS[outcome.expect]}"
    found = outcome.diagnosis[0].cause if outcome.diagnosis else words(outcome.symptom)
    return f"{text}: {found}" if found != "-" else text


def _confirmed(outcome: Outcome) -> str:
    """Say that a claim held: how many seeds converged, or for which reason they fail."""
    if outcome.expect == "converges":
        return f"{share(outcome)} seeds converged, as claimed"
    reason = f": {outcome.stated}" if outcome.stated else ""
    return f"fails as claimed, {share(outcome)} seeds converged{reason}"


def change(compared: Comparison, criterion: Criterion, against: str = "accepted") -> str:
    """Say how training changed against what it is compared with, by how much and how surely."""
    if not compared.tested or compared.status not in DIFFERENT:
        return compared.sentence
    seeds = _seeds(compared)
    if compared.status == "changed" or compared.effect is None:
        return f"trains otherwise than {against} ({_evidence(compared)}{seeds})"
    size = _size(abs(100 * compared.effect))
    if compared.measure == "metric":
        worse = "worse" if compared.status == "slower" else "better"
        return f"{criterion.metric} is {size} {worse} than {against} ({seeds}{_surely(compared)})"
    return f"trains {size} {compared.status} than {against} ({seeds}{_surely(compared)})"


def _size(percent: float) -> str:
    return f"{percent:.2g} %" if percent < 100 else f"{percent:.0f} %"  # noqa: PLR2004  # no 4.5e+02


def _seeds(compared: Comparison) -> str:
    new, accepted = compared.seeds
    return f"{new} paired seeds" if compared.paired else f"{new} seeds against {accepted}"


def _surely(compared: Comparison) -> str:
    return f", p = {compared.p_value:.1g}" if compared.p_value is not None else ""


def _evidence(compared: Comparison) -> str:
    """Say by how much the first losses differ, if that is what changed."""
    differ, explained = compared.first_losses_differ_by, compared.rounding_explains
    if differ is None or explained is None or differ <= explained:
        return ""
    return f"first losses differ by {differ:.2g}, rounding explains {explained:.2g}; "


def _time(outcome: Outcome) -> str:
    timing = outcome.timing
    slower = timing is not None and timing.comparison.status == "slower"
    return timing.comparison.sentence if timing is not None and slower else ""


def _probes(outcome: Outcome) -> str:
    """Say which probes disagree, which agree, and where that leads."""
    failed = [probe.name for probe in outcome.probes if probe.status == "fail"]
    if not failed:
        return ""
    agree = [probe.name for probe in outcome.probes if probe.status == "pass"]
    narrow = [name for name in failed if name != WIDEST] or failed
    verb = "disagrees" if len(failed) == 1 else "disagree"
    rest = f", {_listed(agree)} agree" if len(agree) > 1 else ""
    places = _listed([PLACES.get(name, name) for name in narrow])
    return f"{_listed(failed)} {verb}{rest}: look at {places}"


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
