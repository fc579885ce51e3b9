"""What pyproject.toml cannot say: the catalogue beside the package is installed inside of it."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["harness*"]), "harness.scenarios"],
    package_dir={"harness.scenarios": "scenarios"},
)
