"""What the allocator of a worker was refused, as witness.c notes it in memory that both can see."""

import fcntl
import mmap
import os
import struct
import time

_RECORD = struct.Struct('=QQ')
# A library that gives up does so at once; on a crowded machine its end is seen a little later.
_RECENT_SECONDS = 5.0


class Witness:
    """Written by the user's uid: a worker's word, no more. Its last word is kept when it is closed."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        self._page = _mapped(descriptor)
        self._before = 0
        self._last = (0, 0)
        self._closed_at = 0

    def begin(self) -> None:
        """A cell begins: what was refused before is not its doing."""
        self._before = self._read()[0]

    def refused_lately(self) -> bool:
        """Was an allocation of this cell refused within the last moments?"""
        count, when = self._read()
        until = self._closed_at or time.monotonic_ns()
        return count > self._before and 0 <= until - when < _RECENT_SECONDS * 1e9

    def close(self) -> None:
        self._read()
        self._closed_at = time.monotonic_ns()
        if self._page is not None:
            self._page.close()
            self._page = None
        os.close(self._file)

    def _read(self) -> tuple[int, int]:
        """No system call: it is read at the beginning of every cell."""
        if self._page is not None:
            self._last = _RECORD.unpack_from(self._page)
        return self._last


def _mapped(descriptor: int) -> mmap.mmap | None:
    """The record's page; None for a file that is none, or that could shrink: to read behind its end would end us."""
    try:
        sealed = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK
        if sealed and os.fstat(descriptor).st_size == _RECORD.size:
            return mmap.mmap(descriptor, _RECORD.size, mmap.MAP_SHARED, mmap.PROT_READ)
    except OSError:
        pass
    return None
