"""The files below `/mnt/data`, reached only from its descriptor, one component at a time, never through a link."""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator

UPLOAD_PREFIX = '.sallyport-upload-'

_MAXIMUM_PATH = 1024
_MAXIMUM_NAME = 255
_MAXIMUM_DEPTH = 32
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Refused(Exception):
    """A path or a file that is not dealt with. `code` is one of the protocol's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def name_is_plain(name: str) -> bool:
    """No control, format (bidirectional overrides), surrogate or line-separating characters; not `.` or `..`."""
    if name in ('', '.', '..') or name.startswith(UPLOAD_PREFIX) or len(name.encode('utf-8', 'replace')) > _MAXIMUM_NAME:
        return False
    return all(unicodedata.category(letter) not in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp') for letter in name)


def components(path: object) -> list[str]:
    """A relative path as its names. Raises Refused for one that could mean anything else than a file below the root."""
    if not isinstance(path, str) or not path:
        raise Refused('bad-path', 'a path is a non-empty text')
    if len(path) > _MAXIMUM_PATH or path.startswith('/'):
        raise Refused('bad-path', 'a path is relative to /mnt/data and has at most 1024 characters')
    names = path.split('/')
    if len(names) > _MAXIMUM_DEPTH or '\\' in path or not all(name_is_plain(name) for name in names):
        raise Refused('bad-path', 'a path has no empty, "." or ".." parts, no backslashes, control or format characters')
    return names


def refusal(error: OSError) -> Refused:
    """An operating-system error in the protocol's words."""
    code = {
        'ENOENT': 'not-found',
        'ENOTDIR': 'not-regular',
        'ELOOP': 'not-regular',
        'EISDIR': 'not-regular',
        'ENXIO': 'not-regular',
        'EACCES': 'permission',
        'EPERM': 'permission',
        'ENOSPC': 'no-space',
        'EDQUOT': 'no-space',
        'EFBIG': 'too-large',
        'ENAMETOOLONG': 'bad-path',
    }.get(os_error_name(error), 'io')
    return Refused(code, error.strerror or 'input or output failed')


def os_error_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, '')


def open_folder(name: str, parent: int | None = None) -> int:
    """A descriptor of a folder; a link to a folder is refused.

    O_DIRECTORY is not among the flags: with it gVisor follows a link in spite of O_NOFOLLOW.
    """
    folder = os.open(name, _FOLDER, dir_fd=parent)
    if not stat.S_ISDIR(os.fstat(folder).st_mode):
        os.close(folder)
        raise NotADirectoryError(errno.ENOTDIR, 'a part of the path is no folder')
    return folder


class Tree:
    """Opened once; every method raises Refused or OSError and leaves no descriptor behind."""

    def __init__(self, root: str, group: int) -> None:
        self._root = open_folder(root)
        self.group = group

    def parent(self, names: list[str], create: bool = False) -> int:
        """A new descriptor of the folder that holds the last name."""
        folder = os.dup(self._root)
        try:
            for name in names[:-1]:
                if create:
                    self._make_folder(folder, name)
                inner = open_folder(name, folder)
                os.close(folder)
                folder = inner
        except OSError:
            os.close(folder)
            raise
        return folder

    def open_regular(self, names: list[str]) -> int:
        """A descriptor of a regular file with one name. FIFOs are not waited for."""
        folder = self.parent(names)
        try:
            file = os.open(names[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            os.close(file)
            raise Refused('not-regular', 'this is a link, a folder, a pipe or a device, not a file of its own')
        return file

    def delete(self, names: list[str]) -> None:
        """Removes a file, a link (not its target) or a folder with all below it."""
        folder = self.parent(names)
        try:
            self._remove(folder, names[-1], 0)
        finally:
            os.close(folder)

    def walk(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every entry that is not a folder, as (path, lstat). Folders that are too deep or cannot be read are passed
        over."""
        pending = [('', 0)]
        while pending:
            prefix, depth = pending.pop()
            try:
                folder = self.parent([*prefix.split('/'), '']) if prefix else os.dup(self._root)
            except OSError:
                continue
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        path = f'{prefix}/{entry.name}' if prefix else entry.name
                        try:
                            if entry.is_dir(follow_symlinks=False):
                                if depth + 1 < _MAXIMUM_DEPTH:
                                    pending.append((path, depth + 1))
                            elif not entry.name.startswith(UPLOAD_PREFIX):
                                yield path, entry.stat(follow_symlinks=False)
                        except OSError:
                            continue
            except OSError:
                continue
            finally:
                os.close(folder)

    def changed(self) -> int:
        """When an entry of the root folder was made, renamed or removed, in nanoseconds."""
        return os.fstat(self._root).st_mtime_ns

    def is_empty(self) -> bool:
        return not os.listdir(self._root)

    def space(self) -> os.statvfs_result:
        return os.fstatvfs(self._root)

    def _make_folder(self, folder: int, name: str) -> None:
        try:
            os.mkdir(name, 0o770, dir_fd=folder)
            made = open_folder(name, folder)
        except FileExistsError:
            return
        try:
            os.fchown(made, -1, self.group)
            os.fchmod(made, 0o2770)
        finally:
            os.close(made)

    def _remove(self, folder: int, name: str, depth: int) -> None:
        try:
            os.unlink(name, dir_fd=folder)
            return
        except (IsADirectoryError, PermissionError):
            if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode) or depth > _MAXIMUM_DEPTH:
                raise
        inner = open_folder(name, folder)
        try:
            for entry in os.listdir(inner):
                self._remove(inner, entry, depth + 1)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=folder)
