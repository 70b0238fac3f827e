"""What the allocator of a worker was refused, as witness.c notes it in memory that both can see."""

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
        self._before = 0
        self._last = (0, 0)
        self._closed_at = 0

    def begin(self) -> None:
        """A cell begins: what was refused before is not its doing."""
        self._before = self._read()[0]

    def refused_lately(self) -> bool:
        """Was an allocation of this cell refused within the last moments?"""
        count, when = self._read()
        until = time.monotonic_ns() if self._file >= 0 else self._closed_at
        return count > self._before and 0 <= until - when < _RECENT_SECONDS * 1e9

    def close(self) -> None:
        self._read()
        self._closed_at = time.monotonic_ns()
        os.close(self._file)
        self._file = -1

    def _read(self) -> tuple[int, int]:
        if self._file >= 0:
            try:
                self._last = _RECORD.unpack(os.pread(self._file, _RECORD.size, 0))
            except (OSError, struct.error):
                self._last = (0, 0)
        return self._last
