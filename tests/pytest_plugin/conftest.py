import pytest
import torch

import harness.pytest_plugin.collection  # noqa: F401  # kept by pytester, which forgets what a run imported
from tests.pytest_plugin.runner import Runner
from tests.pytest_plugin.trial import Trial


@pytest.fixture(scope="session", autouse=True)
def _everything_of_torch_imported() -> None:
    """Pytester forgets what a run imported, and PyTorch cannot be imported twice.

    The first optimiser imports PyTorch's compiler.
    """
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1).step()


@pytest.fixture
def runner(pytester: pytest.Pytester) -> Runner:
    return Runner(pytester)


@pytest.fixture
def trial(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Trial:
    return Trial(pytester, monkeypatch)
