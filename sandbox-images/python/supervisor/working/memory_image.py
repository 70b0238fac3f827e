"""The memory of a worker that is going to be checkpointed, as a file that every sandbox restored from it shares.

The host fetches the file, puts it where all of them find it, and says hello once more. See memory_image.c.
"""

import ctypes
import gc
import hashlib
import os
import sys
import types

_SHARED = '/opt/sallyport/memory'

# CPython 3.13, Include/refcount.h: whoever holds or lets go of such an object does not count it.
_VERSION = (3, 13)
_IMMORTAL = 0xFFFFFFFF


class MemoryImage:
    """`dump`, then whatever writes to what is often written to, then `share`."""

    def __init__(self, path: str = '/mnt/data/memory.img') -> None:
        self._path = path
        self._digest: str | None = None

    def dump(self) -> None:
        """Writes the file; nothing where this process cannot."""
        library = _library()
        if library is None:
            return
        stop_counting()
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        try:
            if library.sallyport_dump(file) <= 0:
                os.unlink(self._path)
                return
            with open(self._path, 'rb') as written:
                self._digest = hashlib.file_digest(written, 'sha256').hexdigest()
        finally:
            os.close(file)

    def share(self) -> int:
        """Bytes that are now the file's; 0 where the host gave none."""
        library = _library()
        path = f'{_SHARED}/{self._digest}'
        if library is None or not os.path.exists(path):
            return 0
        gc.collect()
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return library.sallyport_share(file)
        finally:
            os.close(file)


def stop_counting() -> int:
    """Makes every object there is immortal, as `None` is: to count who holds it would write to its page."""
    if sys.version_info[:2] != _VERSION or sys.implementation.name != 'cpython':
        return 0
    gc.collect()
    gc.unfreeze()
    # Held until the end: an object that goes meanwhile would leave its address to another one.
    held = _everything()
    for part in held:
        ctypes.c_uint64.from_address(id(part)).value = _IMMORTAL
    gc.freeze()
    return len(held)


def _everything() -> list:
    """All objects that the collector knows, and what they hold."""
    seen: set[int] = set()
    held: list = []
    waiting = gc.get_objects()
    own = {id(seen), id(held), id(waiting)}
    while waiting:
        part = waiting.pop()
        if id(part) in seen or id(part) in own or isinstance(part, types.FrameType):
            continue
        seen.add(id(part))
        held.append(part)
        waiting += gc.get_referents(part)
        if isinstance(part, types.CodeType):
            # The collector does not look into it.
            waiting += (part.co_consts, part.co_names, part.co_name, part.co_qualname, part.co_filename)
            waiting += (part.co_linetable, part.co_exceptiontable)
    return held


def _library() -> ctypes.PyDLL | None:
    """The functions of memory_image.c, called with the interpreter's lock held; None where they were not loaded."""
    library = ctypes.PyDLL(None)
    try:
        library.sallyport_dump.restype = library.sallyport_share.restype = ctypes.c_long
    except AttributeError:
        return None
    return library
