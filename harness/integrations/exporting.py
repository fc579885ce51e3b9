"""What exporters of the history share."""


class ExportError(Exception):
    """Why the history cannot be exported, in one sentence."""
