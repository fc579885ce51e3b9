"""Records of schema 1, which said in texts and dictionaries what is typed now."""

from typing import Any


def upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """Return a case of schema 1 in the form of today; another one as it is."""
    if not _old(record):
        return record
    criterion, baseline = _criterion(record["criterion"]), dict(record.get("baseline", {}))
    refused = f"baseline {baseline.get('status')}: " in record.get("sentence", "")
    seconds, compared = record.get("seconds_per_step"), baseline.pop("timing", {})
    timing = None if seconds is None else {"seconds_per_step": seconds, "comparison": compared}
    runs = [_run(run, criterion["on"], record) for run in record.get("runs", [])]
    baseline["status"] = str(baseline.get("status", "none"))
    return record | {
        "criterion": criterion,
        "baseline": baseline | {"refused": refused},
        "timing": timing,
        "runs": runs,
    }


def map_upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """Return a map of schema 1 in the form of today; another one as it is."""
    return record | {"criterion": _criterion(record["criterion"])} if _old(record) else record


def _old(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("criterion"), str)


def _criterion(text: str) -> dict[str, Any]:
    """Read ``train accuracy >= 1, held 2``."""
    phrase, _, held = text.partition(", held ")
    on, metric, sign, bound = phrase.split()
    side = "at_least" if sign == ">=" else "at_most"
    return {"on": on, "metric": metric, side: float(bound), "hold": int(held or 1)}


def _run(run: dict[str, Any], on: str, record: dict[str, Any]) -> dict[str, Any]:
    """Put the one metric where it was measured; a crash was told in the case's sentence only."""
    message = record["sentence"].partition(f"seed {run['seed']}: ")[2]
    return run | {f"{on}_metric": run["metric"], "message": message}
