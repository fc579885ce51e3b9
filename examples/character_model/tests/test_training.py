"""Does the character model still learn its text?"""

from model import train


def test_it_learns_the_text(convergence):
    convergence.check(train, at_most={"loss": 0.15}, budget=40)
