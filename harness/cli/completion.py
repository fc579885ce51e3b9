"""Print what lets a shell complete commands and their options: for bash, and zsh with it."""

import argparse
from importlib import import_module

from harness.cli import main
from harness.cli.exits import OK

SHELLS = {"bash": "", "zsh": "autoload -U +X bashcompinit && bashcompinit\n"}
"""What a shell needs before bash's own words for it."""

SCRIPT = """\
_harness() {{
  local words current=${{COMP_WORDS[COMP_CWORD]}}
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{commands}"
  else
    case ${{COMP_WORDS[1]}} in
{options}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _harness harness
"""
"""Where nothing fits, the shell completes names of files."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=" or ".join(SHELLS))
    parser.epilog = "Put the example into ~/.bashrc, or with zsh for bash into ~/.zshrc."


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    options = "\n".join(f'      {name}) words="{_options(name)}" ;;' for name in main.COMMANDS)
    commands = " ".join([*main.COMMANDS, "--help", "--version"])
    print(SHELLS[arguments.shell] + SCRIPT.format(commands=commands, options=options), end="")
    return OK


def _options(name: str) -> str:
    """Return the options of a command, and the words that its arguments may be."""
    parser = argparse.ArgumentParser()
    import_module(main.COMMANDS[name].module).add_arguments(parser)
    found: list[str] = []
    for action in parser._actions:  # noqa: SLF001  # argparse shows them nowhere else
        found += action.option_strings or map(str, action.choices or ())
    return " ".join(found)
