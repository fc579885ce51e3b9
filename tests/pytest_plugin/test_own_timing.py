"""A step of the user's own code is timed where its modules can be imported."""

from tests.pytest_plugin.runner import QUICK, Runner

BESIDE = """
from torch import nn

class Net(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.lstm, self.head = nn.LSTM(features, 8, batch_first=True), nn.Linear(8, outputs)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])
"""


def test_a_module_beside_the_scenario_is_found_where_a_step_is_timed(runner: Runner) -> None:
    (runner.folder / "beside.py").write_text(BESIDE, encoding="utf-8")
    runner.scenario(QUICK.replace("units = [8]", 'factory = "beside:Net"').partition("remedies")[0])
    runner("scenarios", "-k", "time", "--convergence-probes=off").assert_outcomes(passed=1)
