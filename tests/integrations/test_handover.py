"""A fit in a thread hands over one evaluation at a time, and ends when nobody wants more."""

from collections.abc import Callable

import pytest

from harness.integrations.handover import Handover, Stopped, recorded


class Fake:
    """A framework whose fit calls a callback after each epoch."""

    def __init__(self) -> None:
        self.epochs = 0
        self.ended_by: BaseException | None = None

    def fit(self, seed: int, record: Callable[[dict[str, float]], None]) -> None:
        try:
            for _ in range(100):
                self.epochs += 1
                record({"loss": seed + 1 / self.epochs})
        except BaseException as error:
            self.ended_by = error
            raise


def test_evaluations_arrive_in_order_and_the_fit_waits_for_each_to_be_judged() -> None:
    fake = Fake()
    train = recorded(fake.fit, lambda handover: handover.record)
    running = train(3)
    assert [next(running), next(running)] == [{"loss": 4.0}, {"loss": 3.5}]
    assert fake.epochs <= 3


def test_a_generator_that_is_closed_ends_the_fit() -> None:
    fake = Fake()
    running = recorded(fake.fit, lambda handover: handover.record)(0)
    next(running)
    running.close()  # type: ignore[attr-defined]  # it is a generator
    assert isinstance(fake.ended_by, Stopped)
    assert fake.epochs == 1


def test_a_fit_that_ends_by_itself_ends_the_generator() -> None:
    fake = Fake()
    assert len(list(recorded(fake.fit, lambda handover: handover.record)(0))) == 100
    assert fake.ended_by is None


def test_what_the_fit_raises_is_raised_where_it_is_judged() -> None:
    def fit(seed: int, handover: Handover) -> None:
        handover.record({"loss": 1.0})
        raise OSError("the disk is full")

    running = recorded(fit, lambda handover: handover)(0)
    next(running)
    with pytest.raises(OSError, match="the disk is full") as caught:
        next(running)
    assert caught.traceback[-1].name == "fit"
