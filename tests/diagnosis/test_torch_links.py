"""Losses whose outputs are not on the targets' scale, and likelihoods that scripts write out."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import harness
from harness.diagnosis import diagnose
from harness.diagnosis.canonical import quality, rows
from harness.diagnosis.engine import summary
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Loss, LossKind, Observations
from harness.diagnosis.watch.graph import is_likelihood, logarithm_of_zero
from harness.diagnosis.watch.keras_answers import classes_second
from harness.diagnosis.watch.pairs import handwritten
from tests.diagnosis.test_torch_loops import loop, primary, watched

SCORES = torch.linspace(-1.0, 1.0, 12).reshape(4, 3).requires_grad_()
LABELS = torch.tensor([0, 2, 1, 1])
BITS = functional.one_hot(LABELS, 3).float()
LOGS = functional.log_softmax(SCORES, 1)
CHANCES = torch.sigmoid(SCORES)
ROWS = torch.arange(4)


def judged(kind: LossKind, outputs: np.ndarray, targets: np.ndarray) -> float:
    found = rows(kind, outputs, targets)
    assert found is not None
    return quality(kind, found).skill


def test_logarithms_of_the_right_rates_explain_counts() -> None:
    counts = np.array([1.0, 4.0, 9.0, 30.0])
    assert judged("poisson", np.log(counts), counts) == pytest.approx(1.0)
    assert judged("poisson", counts, counts) < 0


def test_a_soft_margin_is_the_cross_entropy_of_its_labels() -> None:
    logits, labels = np.array([3.0, -2.0, 1.0]), np.array([1.0, -1.0, -1.0])
    found = rows("margin", logits, labels)
    assert found is not None
    said = functional.soft_margin_loss(torch.tensor(logits), torch.tensor(labels))
    assert quality("margin", found).loss == pytest.approx(float(said))


@pytest.mark.parametrize("kind", ["other", "poisson"])
def test_no_constant_guess_is_said_in_another_unit_than_the_loss(kind: LossKind) -> None:
    counts = np.arange(1.0, 40.0)
    seen = Observations(np.ones(50), loss=Loss(kind), output_targets=counts, outputs=np.log(counts))
    assert "constant guess" not in summary(Facts(seen))
    assert Facts(seen).targets is None
    assert Facts(seen).ending != "bad"


def ended(reduction: str, targets: torch.Tensor) -> str:
    """What is said of a network that slowly learns some chances."""
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    net = torch.nn.Linear(3, 4)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
    with harness.watch(net, optimizer) as watch:
        for _ in range(60):
            optimizer.zero_grad()
            loss = functional.binary_cross_entropy(net(x).sigmoid(), targets, reduction=reduction)
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()
    return " ".join(watch.diagnosis.seen.split())


@pytest.mark.parametrize(
    ("reduction", "labels", "said"),
    [
        ("mean", True, {"constant guess", "accuracy"}),
        ("sum", True, {"accuracy"}),
        ("mean", False, {"constant guess"}),
        ("sum", False, set()),
    ],
)
def test_a_guess_is_said_in_the_losss_unit_and_accuracy_of_labels(
    reduction: str, labels: bool, said: set[str]
) -> None:
    chances = torch.rand(40, 4, generator=torch.Generator().manual_seed(0))
    seen = ended(reduction, chances.round() * 0.8 + 0.1 if labels else chances)
    assert {word for word in ("constant guess", "accuracy") if word in seen} == said


@pytest.mark.parametrize(("labels", "same_unit"), [(True, True), (True, False), (False, True)])
def test_a_plateau_is_said_of_labels_in_the_losss_unit_only(labels: bool, same_unit: bool) -> None:
    targets = np.tile([0.0, 1.0], 20) if labels else np.linspace(0, 1, 40)
    losses = np.linspace(0.75, 0.66, 100) + 0.001 * np.sin(np.arange(100.0))
    loss = Loss("bce", same_unit=same_unit)
    seen = Observations(losses, loss=loss, output_targets=targets, outputs=np.full(40, 0.5))
    assert ("A plateau" in diagnose(seen).seen) == (labels and same_unit)


@pytest.mark.parametrize("kind", ["bce", "nll"])
def test_shares_that_are_answered_exactly_leave_nothing_to_gain(kind: LossKind) -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(4), 50)
    answers = np.log(shares) if kind == "nll" else shares
    assert judged(kind, answers, shares) == pytest.approx(1.0)
    middle = np.broadcast_to(shares.mean(0), shares.shape)
    assert judged(kind, np.log(middle) if kind == "nll" else middle, shares) == pytest.approx(0.0)


@pytest.mark.parametrize(("gone", "ending"), [(0.8, "good"), (0.02, "bad"), (None, "unknown")])
def test_a_loss_of_unknown_kind_is_judged_by_its_own_value(gone: float | None, ending: str) -> None:
    outputs, targets = np.zeros((40, 2)), np.arange(40.0)
    seen = Observations(
        np.ones(50), loss=Loss("other"), targets=targets, final_outputs=outputs, share_gone=gone
    )
    assert Facts(seen).ending == ending


def test_components_of_a_mixture_are_no_answers_to_a_target() -> None:
    output, target = torch.randn(6, 5, requires_grad=True), torch.randn(6, 1)
    own = -torch.logsumexp(-((output - target) ** 2), 1).mean()
    assert handwritten(output, target, own).kind == "other"
    assert handwritten(output, target, ((output - target) ** 2).mean()).kind == "mse"


MINIMISED: list[tuple[str, Callable[[], torch.Tensor], bool]] = [
    ("picked", LOGS[ROWS, LABELS].mean, True),
    ("gathered", LOGS.gather(1, LABELS[:, None]).mean, True),
    ("one-hot", (BITS * LOGS).sum(1).mean, True),
    ("bits", (BITS * CHANCES.log() + (1 - BITS) * (1 - CHANCES).log()).mean, True),
    ("with its minus", lambda: -LOGS[ROWS, LABELS].mean(), False),
    ("costs of a policy", (LOGS[ROWS, LABELS] * torch.arange(4.0)).mean, False),
    ("entropy", (LOGS.exp() * LOGS).sum(1).mean, False),
    ("a critic", lambda: SCORES[:2].mean() - SCORES[2:].mean(), False),
]


@pytest.mark.parametrize(("name", "made", "likely"), MINIMISED, ids=[m[0] for m in MINIMISED])
def test_only_a_likelihood_of_labels_without_its_minus_is_taken_for_one(
    name: str, made: Callable[[], torch.Tensor], likely: bool
) -> None:
    del name
    assert is_likelihood(made()) is likely


def test_a_logarithm_of_zero_is_told_from_data_that_are_not_finite() -> None:
    cut = torch.relu(SCORES)
    assert logarithm_of_zero(-torch.log(cut[ROWS, LABELS]).mean()) == "relu"
    assert logarithm_of_zero((torch.log(CHANCES) * float("nan")).mean()) is None


@pytest.mark.parametrize(
    ("logarithm", "cause"), [(True, "wrong_output_activation"), (False, "none")]
)
def test_rates_are_no_logarithms_of_rates(logarithm: bool, cause: str) -> None:
    torch.manual_seed(0)
    x = torch.randn(200, 4)
    counts = torch.poisson(2 + 2 * x[:, 0].clamp(-1, 1))
    criterion = nn.PoissonNLLLoss(log_input=logarithm)
    with watched() as found:
        net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1), nn.Softplus())
        loop(net, lambda i: criterion(net(x[i])[:, 0], counts[i]), 200)
    assert primary(found) == cause


@pytest.mark.parametrize(
    ("name", "low", "high", "cause"),
    [
        ("MAPE", 1.0, 10.0, "none"),
        ("mean_absolute_percentage_error", -1.0, 1.0, "wrong_loss"),
        ("mean_absolute_percentage_error", 0.0, 1.0, "wrong_loss"),
        ("MeanSquaredLogarithmicError", 0.0, 9.0, "none"),
        ("msle", -1.0, 9.0, "wrong_loss"),
    ],
)
def test_a_loss_of_shares_or_logarithms_asks_for_targets_that_have_them(
    name: str, low: float, high: float, cause: str
) -> None:
    loss = Loss(name=name, output_shape=(20, 1), target_shape=(20, 1))
    values = np.linspace(low, high, 2000)[:, None]
    seen = Observations(losses=np.ones(100), framework="keras", loss=loss, targets=values)
    assert diagnose(seen).primary == cause


@pytest.mark.parametrize("kind", ["nll", "cross_entropy"])
def test_outputs_of_keras_at_each_step_are_judged_with_classes_on_their_last_axis(
    kind: LossKind,
) -> None:
    labels = np.arange(60).reshape(20, 3) % 4
    chances = np.where(np.eye(4)[labels] > 0, 0.97, 0.01)
    given = chances if kind == "nll" else np.log(chances)
    outputs = classes_second(Loss(kind), given)
    assert outputs is not None
    assert judged(kind, outputs, labels) == pytest.approx(1 - np.log(0.97) / np.log(0.25))
