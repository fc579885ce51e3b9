"""Why does it not train? Observations of a training -> evidence -> one ranked answer."""

from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.engine import diagnose
from harness.diagnosis.names import CAUSES, Cause
from harness.diagnosis.observations import Observations

__all__ = ["CAUSES", "Cause", "Diagnosis", "Finding", "Observations", "diagnose"]
