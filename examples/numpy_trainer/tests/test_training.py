"""Does the logistic regression still learn?"""

from trainer import fit, loss, records


def train(seed):
    points, labels = records(seed)
    for weights in fit(points, labels, seed):
        yield {"loss": loss(points, labels, weights)}


def test_it_separates_the_clouds(convergence):
    """The level that a healthy training reaches after half of its epochs."""
    convergence.check(train, at_most={"loss": 0.1}, margin=0.02)
