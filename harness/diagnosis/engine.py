"""From observations to one answer: every cause is asked, the strongest evidence is named first."""

from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.causes import FAMILIES
from harness.diagnosis.facts import Facts
from harness.diagnosis.guard import Guard
from harness.diagnosis.observations import Observations

NAMED = 0.5
"""Findings below this strength are not named: none is better than a guess."""

BESIDE = 0.35
"""Findings this much weaker than the first are left out: a list of everything helps nobody."""


UNTRAINED = ("learning_rate_too_low", "too_few_epochs", "network_too_small", "vanishing_gradient")

FOLLOWS: dict[str, tuple[str, ...]] = {
    "broken_graph": UNTRAINED,
    "frozen_parameters": UNTRAINED,
    "stale_gradients": ("learning_rate_too_low", "too_few_epochs"),
    "wrong_output_activation": ("exploding_gradient", "wrong_metric"),
    "non_finite_data": ("exploding_gradient", "learning_rate_too_high"),
}
"""What a cause that was seen directly looks like besides: no causes of their own."""


def diagnose(seen: Observations) -> Diagnosis:
    """Find why a training does not train, or that nothing is wrong with it.

    Args:
        seen: what was observed of it.

    Raises:
        TypeError: that are no observations.
    """
    if not isinstance(seen, Observations):
        raise TypeError(
            f"harness.diagnose(observations) wants harness.diagnosis.Observations, not "
            f"{type(seen).__name__}; for a script use `harness diagnose SCRIPT.py`, for a loop "
            f"harness.watch"
        )
    if len(seen.losses) == 0:
        return Diagnosis(seen="No update was seen.", runs=0)
    facts, guard = Facts(seen), Guard()
    found: dict[str, Finding] = {}
    for family in FAMILIES:
        for cause in family:
            finding = guard.ask(None, cause, facts)
            if finding is not None and finding.strength >= NAMED:
                known = found.get(finding.cause)
                if known is None or known.strength < finding.strength:
                    found[finding.cause] = finding
    ranked = sorted(found.values(), key=lambda finding: -finding.strength)
    kept = [f for f in ranked if f.strength > ranked[0].strength - BESIDE]
    kept = [f for f in kept if f.cause not in FOLLOWS.get(kept[0].cause, ())][:4]
    waits = not kept or kept[0].cause == "too_few_epochs"
    text = guard.ask(f"{len(seen.losses)} updates.", summary, facts)
    return Diagnosis(tuple(kept), seen=text + (guard.ask("", _waiting, facts) if waits else ""))


def _waiting(facts: Facts) -> str:
    """What is to be said of a plateau at the start, if there was one."""
    found = facts.plateau
    return f" {found.sentence(facts.steps_an_epoch)}" if found is not None else ""


def summary(facts: Facts) -> str:
    """What happened, in one sentence."""
    curve, best = facts.curve, facts.best
    text = f"{facts.steps} updates; training loss {curve.start:.4g} -> {curve.end:.4g}"
    if best is None:
        return text + "."
    if facts.in_own_unit:
        text += f" (a constant guess: {best.trivial:.4g})"
    if facts.classifies and best.labelled:
        text += f"; accuracy {best.score:.0%} (majority class: {best.trivial_score:.0%})"
    return text + "."
