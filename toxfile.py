"""Leave out the tox environments whose backend cannot run on this machine, and say why."""

from tox.config.sets import ConfigSet
from tox.execute.request import StdinSource
from tox.plugin import impl
from tox.session.state import State
from tox.tox_env.api import ToxEnv
from tox.tox_env.errors import Skip

REASON = """
import sys
from harness.backends import get
print(get(sys.argv[1]).unavailable(sys.argv[2]) or "")
"""


@impl
def tox_add_env_config(env_conf: ConfigSet, state: State) -> None:
    """Add the setting `needs`: a backend and a device, one a line."""
    del state
    env_conf.add_config("needs", list[str], [], "backend and device that must be available")


@impl
def tox_before_run_commands(tox_env: ToxEnv) -> None:
    """Skip an environment whose backend says that it is unavailable."""
    if needs := tox_env.conf["needs"]:
        command = ["python", "-c", REASON, *needs]
        outcome = tox_env.execute(command, StdinSource.OFF, show=False, run_id="needs")
        outcome.assert_success()
        if reason := outcome.out.strip():
            raise Skip(reason)
