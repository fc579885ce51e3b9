"""Whatever is raised becomes a sentence, except what ends a test."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from harness.backends.loop import attempt
from harness.backends.raised import ends_the_test, escaped, sentence_of


class Broken(Exception):  # noqa: N818  # a user's own
    def __str__(self) -> NoReturn:
        raise GeneratorExit


def test_an_exception_whose_message_raises_is_told_by_its_type() -> None:
    assert (
        sentence_of(Broken())
        == "Broken: (its message cannot be told: __str__ raised GeneratorExit)"
    )


def test_a_message_steers_no_terminal_and_fits_into_a_file() -> None:
    told = sentence_of(ValueError("a\ud800\x1b[2J\x00\nü"))
    assert told == "ValueError: a\\ud800\\x1b[2J\\x00\nü"
    told.encode()


def test_a_message_that_is_an_array_is_told_by_its_beginning() -> None:
    assert len(sentence_of(ValueError("x" * 10**6))) < 11_000


def test_plain_text_of_several_lines_stays_as_it_is() -> None:
    assert escaped("one\n\ttwo é") == "one\n\ttwo é"


def raising(error: BaseException) -> NoReturn:
    raise error


class Own(BaseException):
    pass


@pytest.mark.parametrize(
    "error", [Own("x"), SystemExit(3), GeneratorExit("x"), MemoryError(), RecursionError("deep")]
)
def test_whatever_is_raised_is_a_result(error: BaseException) -> None:
    assert attempt(lambda: raising(error), lambda crash: crash.message) == sentence_of(error)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), pytest.fail.Exception("a time limit")])
def test_ctrl_c_and_the_end_of_a_test_are_nobody_s_result(error: BaseException) -> None:
    with pytest.raises(type(error)):
        attempt(lambda: raising(error), lambda crash: crash.message)


def test_a_keyboard_interrupt_that_nobody_pressed_is_a_result() -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        assert not elsewhere.submit(ends_the_test, KeyboardInterrupt()).result()


@pytest.fixture
def as_in_a_worker() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("as_in_a_worker")
def test_a_worker_that_ignores_ctrl_c_raises_no_interrupt_of_a_person() -> None:
    told = attempt(lambda: raising(KeyboardInterrupt()), lambda crash: crash.message)
    assert told == "KeyboardInterrupt: "
