"""Files that can be read: a pipe, a device or a socket under a file's name would never end."""

import errno
import stat
from pathlib import Path


def check_regular(path: Path) -> None:
    """Do nothing for a file, or for a link to one.

    Raises:
        OSError: for anything else, before it is opened.
    """
    try:
        mode = path.stat().st_mode
    except ValueError:
        raise OSError(errno.EINVAL, "no file has a NUL in its name", str(path)) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe, a device or a socket, not a file", str(path))
