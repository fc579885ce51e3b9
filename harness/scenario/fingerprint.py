"""What of a section a fingerprint covers, so that baselines outlive the keys that come after them.

A key that came later, at its default, trains as before it existed: it is left out. One that is
set, or one that was there when the first baselines were accepted, counts.
"""

from dataclasses import fields

from harness.scenario.rule import Rule
from harness.scenario.section import Section

ALWAYS = {
    "model": {
        *("kind", "factory", "arguments", "units", "init", "init_scale", "forget_bias", "dropout"),
        *("gate_activation", "cell_activation"),
    },
    "training": {
        *("optimizer", "learning_rate", "momentum", "weight_decay", "epsilon", "batch_size"),
        *("epochs", "clip_norm", "schedule", "decay", "decay_epochs", "warmup_epochs"),
        *("class_weights", "shuffle", "dtype", "time_limit"),
    },
    "converged": {"metric", "on", "at_least", "at_most", "hold"},
    "data": {
        *("task", "file", "target", "records", "validation_records", "timesteps", "normalize"),
        *("normalize_targets", "sort_by_label", "label_noise", "oversample", "jitter"),
        *("jitter_copies", "noise", "scale", "offset", "overlap", "positive_rate"),
        *("distractor_scale", "target_noise", "target_offset", "target_scale"),
    },
    "rule": {"bounds", "hold", "budget", "time_limit"},
}
"""The keys of each section when the first baselines were accepted. Never add to it: what is not
listed is treated as a later key."""


def covered(name: str, section: Section) -> str | None:
    """Return the JSON of a section's keys that its case's fingerprint covers; ``None``: none."""
    always = ALWAYS.get(name, set())
    later = {
        key
        for key, field in type(section).model_fields.items()
        if key not in always
        and getattr(section, key) == field.get_default(call_default_factory=True)
    }
    return (
        None if later == set(type(section).model_fields) else section.model_dump_json(exclude=later)
    )


def covered_by(rule: Rule) -> str:
    """Return what of a rule its case's fingerprint covers."""
    values = {field.name: (getattr(rule, field.name), field.default) for field in fields(rule)}
    kept = [
        f"{name}={value!r}"
        for name, (value, default) in values.items()
        if name in ALWAYS["rule"] or value != default
    ]
    return f"Rule({', '.join(kept)})"
