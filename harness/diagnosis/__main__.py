"""`python -m harness.diagnosis [--json] [--confirm] SCRIPT.py [ARG ...]`."""

import argparse
import sys

from harness.diagnosis.command import add_arguments, run

parser = argparse.ArgumentParser(prog="harness diagnose", description="Why does it not train?")
add_arguments(parser)
sys.exit(run(parser.parse_args()))
