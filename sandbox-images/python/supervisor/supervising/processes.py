"""What the kernel says about the processes of the user's uid: the only source for "nothing is left"."""

import os
from dataclasses import dataclass

from worker_process import RESERVE

_PAGE = os.sysconf('SC_PAGE_SIZE')
_TICKS = os.sysconf('SC_CLK_TCK')
_MAXIMUM_SCAN = 4096


@dataclass(frozen=True)
class Processes:
    """One look at the process table. Zombies run nothing, so they are left out of the processes, but they count for the
    limit of tasks."""

    pids: tuple[int, ...]
    tasks: int
    resident_bytes: int
    # Seen by name and gone before more could be asked: that is how a fork bomb looks.
    vanished: int


def look(uid: int, root: str = '/proc') -> Processes:
    """Every live process of `uid`."""
    pids = []
    tasks = 0
    resident = 0
    vanished = 0
    for name in os.listdir(root):
        if not name.isdigit() or len(pids) >= _MAXIMUM_SCAN:
            continue
        try:
            if os.stat(f'{root}/{name}').st_uid != uid:
                continue
            fields = _fields(f'{root}/{name}/stat')
        except (OSError, IndexError):
            vanished += 1
            continue
        if fields[0] in ('Z', 'X'):
            tasks += 1
            continue
        pids.append(int(name))
        tasks += int(fields[17])
        resident += int(fields[21]) * _PAGE
    return Processes(tuple(pids), tasks + vanished, resident, vanished)


def tasks_of_others(uid: int, root: str = '/proc') -> int:
    """Threads of all processes that are neither this one nor of `uid`: in a Pod there are some before anything begins."""
    tasks = 0
    for name in os.listdir(root):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            if os.stat(f'{root}/{name}').st_uid != uid:
                tasks += int(_fields(f'{root}/{name}/stat')[17])
        except (OSError, IndexError):
            continue
    return tasks


@dataclass(frozen=True)
class Worked:
    """One look at a worker's process."""

    computing: bool
    cpu_ms: int
    resident_bytes: int
    tasks: int


class Watch:
    """A process's stat file held open: one system call per look, and never another process of the same number."""

    def __init__(self, pid: int, root: str = '/proc') -> None:
        self._file = os.open(f'{root}/{pid}/stat', os.O_RDONLY | os.O_CLOEXEC)
        # Largest of the looks, still known when it is gone.
        self.peak_resident_bytes = 0

    def look(self) -> Worked | None:
        """Does its main thread run right now, and what it used so far; None when it is gone."""
        try:
            fields = _split(os.pread(self._file, 4096, 0))
            cpu_ms = (int(fields[11]) + int(fields[12])) * 1000 // _TICKS
            resident = int(fields[21]) * _PAGE
            self.peak_resident_bytes = max(self.peak_resident_bytes, resident)
            return Worked(fields[0] in ('R', 'D'), cpu_ms, resident, int(fields[17]))
        except (OSError, IndexError, ValueError):
            return None

    def close(self) -> None:
        os.close(self._file)


def address_space_bytes(pid: int, root: str = '/proc') -> int:
    with open(f'{root}/{pid}/statm', encoding='ascii') as file:
        return int(file.read().split()[0]) * _PAGE


_LIMIT_NAMES = {
    'Max address space': 'address_space_bytes',
    'Max processes': 'processes',
    'Max open files': 'open_files',
    'Max file size': 'file_bytes',
    'Max core file size': 'core_bytes',
}


def applied_limits(pid: int, root: str = '/proc') -> dict[str, int | None]:
    """Soft limits in force as the kernel prints them; None is unlimited, or not bounded by a hard limit near it."""
    found: dict[str, int | None] = {}
    with open(f'{root}/{pid}/limits', encoding='ascii') as file:
        for line in file:
            key = _LIMIT_NAMES.get(line[:26].strip())
            if key is not None:
                soft, hard = line[26:].split()[:2]
                bounded = soft.isdigit() and hard.isdigit() and int(hard) <= int(soft) + RESERVE
                found[key] = int(soft) if bounded else None
    return found


def _fields(path: str) -> list[str]:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _split(os.read(file, 4096))
    finally:
        os.close(file)


def _split(text: bytes) -> list[str]:
    """The fields of a stat file from the third (state) on; a process's name may hold spaces and brackets."""
    return text[text.rfind(b')') + 2 :].decode('ascii', 'replace').split()
