"""The shipped catalogue of scenarios: `pytest --pyargs harness.scenarios`."""
