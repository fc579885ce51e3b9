"""``convergence.csv``: one row a case, plain numbers."""

import csv
import io

from harness.report.document import COLUMNS, Document
from harness.report.document.columns import Value

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula starts, which a spreadsheet would compute; in full width too."""


def csv_file(document: Document) -> str:
    """Return the table of cases; what was not measured or does not apply is empty.

    An apostrophe stands before a text that a spreadsheet would take for a formula (OWASP, CSV
    injection).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.field for column in COLUMNS)
    writer.writerows(
        [_harmless(column.value(row.outcome)) for column in COLUMNS] for row in document.rows
    )
    return text.getvalue()


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value
