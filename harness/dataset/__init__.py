"""Task + seed -> arrays; files; preprocessing; the order of the records in every epoch."""

from harness.dataset.build import Dataset, build, check_data, is_padded, targets_of
from harness.dataset.files import changed, check_file
from harness.dataset.notes import notes_of
from harness.dataset.order import epoch_order

__all__ = [
    "Dataset",
    "build",
    "changed",
    "check_data",
    "check_file",
    "epoch_order",
    "is_padded",
    "notes_of",
    "targets_of",
]
