"""Which files a cell made or changed, by comparing size, time and inode of every file below `/mnt/data`."""

import os
import stat

from supervising.tree import Tree, name_is_plain

_MAXIMUM_FILES = 4_000
_MAXIMUM_LISTED_BYTES = 256 << 10


def describe(path: str, status: os.stat_result) -> dict:
    """The protocol's `file`."""
    return {'path': path, 'bytes': status.st_size, 'modified_ms': status.st_mtime_ns // 1_000_000}


def is_offered(path: str, status: os.stat_result) -> bool:
    """A regular file with one name and a path that could be asked for."""
    return (
        stat.S_ISREG(status.st_mode)
        and status.st_nlink == 1
        and len(path) <= 1024
        and all(name_is_plain(name) and '\\' not in name for name in path.split('/'))
    )


class Artifacts:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, tuple[int, int, int]] = {}
        # When the root folder last changed, if it was seen without any entry since; -1 otherwise.
        self._empty_since = -1

    def note(self, path: str, status: os.stat_result) -> None:
        """A file the host put there is not an artifact."""
        self._known[path] = _signature(status)

    def changes(self, maximum: int) -> tuple[list[dict], int, bool]:
        """What changed since the last call: files, number of new entries that are not regular files, was it cut."""
        if not self._known and self._tree.changed() == self._empty_since:
            return [], 0, False
        changed = self._tree.changed()
        seen: dict[str, tuple[int, int, int]] = {}
        files: list[dict] = []
        refused = 0
        listed_bytes = 0
        cut = False
        for path, status in self._tree.walk():
            if len(seen) >= _MAXIMUM_FILES:
                cut = True
                break
            signature = _signature(status)
            seen[path] = signature
            if self._known.get(path) == signature:
                continue
            if not is_offered(path, status):
                refused += 1
                continue
            # JSON writes a character as up to twelve ASCII bytes.
            listed_bytes += 80 + len(path) * 12
            if len(files) >= maximum or listed_bytes > _MAXIMUM_LISTED_BYTES:
                cut = True
                continue
            files.append(describe(path, status))
        self._known = seen
        self._empty_since = changed if not seen and self._tree.is_empty() else -1
        files.sort(key=lambda file: file['path'])
        return files, refused, cut


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return (status.st_size, status.st_mtime_ns, status.st_ino)
