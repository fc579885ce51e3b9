"""Every fault that happened somewhere is told with the address of its report."""

from harness.selftest import FAULTS
from harness.selftest.fault import SYNTHETIC
from harness.selftest.sources import addresses, linked

NO_REPORT = {SYNTHETIC, "many", "Keras < 2.3 default"}


def test_every_source_but_those_without_a_report_has_an_address() -> None:
    without = {fault.source for fault in FAULTS if not addresses(fault.source)}
    assert without == NO_REPORT


def test_every_report_of_a_source_is_linked_to_its_own_address() -> None:
    assert linked("pytorch#1, owner/name PR 20") == (
        "[pytorch#1](https://github.com/pytorch/pytorch/issues/1), "
        "[owner/name PR 20](https://github.com/owner/name/pull/20)"
    )
    assert linked(SYNTHETIC) == SYNTHETIC
