"""Files that a cell leaves open: what it wrote is in the file when the cell ends, as when a program ends."""

import ctypes
import fcntl
import gc
import io
import os
import stat
import sys
from typing import Any

# Where a cell's files are looked for. Nothing of the worker's own is open for writing there.
_PLACES = ('/mnt/data/', '/tmp/')
_KEPT = '/mnt/data/'

_PLAIN = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
# Their last bytes are written when they are closed, and they cannot go on after it.
_CLOSED_TO_BE_WHOLE = (('gzip', 'GzipFile'), ('bz2', 'BZ2File'), ('lzma', 'LZMAFile'), ('zipfile', 'ZipFile'))


class OpenFiles:
    """One worker's. It looks through the objects only where something is open for writing."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._opened = _counter()
        # The count when nothing was open for writing; None when something was, or it was not looked at yet.
        self._none_open_at: int | None = None

    def settle(self) -> None:
        """Writes what waits in the buffers of open files; names those on stderr that are whole only once closed."""
        opened = None if self._opened is None else self._opened.value
        if opened is not None and opened == self._none_open_at:
            return
        self._none_open_at = None
        if not _written_to():
            self._none_open_at = opened
            return
        # Texts first: they write into the others.
        packed = [kind for module, name in _CLOSED_TO_BE_WHOLE if (kind := _kind(module, name)) is not None]
        found = [part for part in gc.get_objects() if type(part) in (*_PLAIN, *packed)]
        for part in sorted(found, key=lambda part: type(part) is not io.TextIOWrapper):
            if type(part) in _PLAIN:
                _flush(part)
        unfinished = {path for part in found if type(part) not in _PLAIN and (path := _path_of(part)) is not None}
        for descriptor, path in _written_to().items():
            if path.startswith(_KEPT) and (path in unfinished or os.fstat(descriptor).st_size == 0):
                self._tell(path)

    def _tell(self, path: str) -> None:
        if path not in self._told:
            self._told.add(path)
            name = path[len(_KEPT) :]
            print(f'{name} is still open and may not hold all that was written: close it, or use `with`', file=sys.stderr)


def _counter() -> ctypes.c_uint64 | None:
    """How many files the process has opened for writing (see opened.c); None where nobody counts."""
    try:
        return ctypes.c_uint64.in_dll(ctypes.CDLL(None), 'sallyport_opened_for_writing')
    except (OSError, ValueError):
        return None


def _written_to() -> dict[int, str]:
    """Regular files that are open for writing, by descriptor."""
    found = {}
    for name in os.listdir('/proc/self/fd'):
        descriptor = int(name)
        try:
            # Most are pipes, and what a pipe is called takes longer to ask than what it is.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                continue
            path = os.readlink(f'/proc/self/fd/{name}')
            if path.startswith(_PLACES) and fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
                found[descriptor] = path
        except OSError:
            continue
    return found


def _flush(part: Any) -> None:
    try:
        if not part.closed and part.writable():
            part.flush()
    except Exception:
        # A full disk, or a descriptor that was closed behind its back: the cell has not asked for this.
        return


def _kind(module: str, name: str) -> type | None:
    found = getattr(sys.modules.get(module), name, None)
    return found if isinstance(found, type) else None


def _path_of(part: Any) -> str | None:
    """Where a compressed file is that is being written."""
    try:
        is_archive = hasattr(part, 'namelist')
        is_open = part.fp is not None and part.mode != 'r' if is_archive else not part.closed and part.writable()
        name = part.filename if is_archive else part.name
        return os.path.realpath(name) if is_open and isinstance(name, str) else None
    except Exception:
        return None
