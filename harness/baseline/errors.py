"""What is raised where a baseline cannot be used."""


class BaselineError(Exception):
    """A baseline cannot be read, written or compared; one sentence says which and what to do."""
