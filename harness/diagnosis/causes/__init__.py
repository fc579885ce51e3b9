"""Causes by family; each is a function from facts to a finding, or to nothing."""

from harness.diagnosis.causes.budget import BUDGET
from harness.diagnosis.causes.data import CAUSES as DATA
from harness.diagnosis.causes.exploding import exploding_gradient
from harness.diagnosis.causes.generalisation import generalisation
from harness.diagnosis.causes.loop import CAUSES as LOOP
from harness.diagnosis.causes.loss import wrong_loss
from harness.diagnosis.causes.model import CAUSES as MODEL
from harness.diagnosis.causes.output import wrong_output_activation
from harness.diagnosis.causes.pairing import labels_misaligned
from harness.diagnosis.causes.rate import RATES
from harness.diagnosis.causes.updates import CAUSES as UPDATES

FAMILIES = (
    UPDATES,
    LOOP,
    (labels_misaligned,),
    DATA,
    (generalisation,),
    (wrong_output_activation, wrong_loss),
    MODEL,
    RATES,
    (exploding_gradient,),
    BUDGET,
)
