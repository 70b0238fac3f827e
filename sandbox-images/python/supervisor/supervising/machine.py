"""What the sandbox as a whole uses, and what it runs on."""

import ctypes
import os
import socket
import stat

from supervising import processes
from supervising.processes import Processes
from supervising.tree import Tree


def gvisor_line() -> str | None:
    """The kernel log's line that only gVisor writes, read by the supervisor itself, or None."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        buffer = ctypes.create_string_buffer(1 << 16)
        size = library.klogctl(3, buffer, len(buffer))
    except (OSError, AttributeError):
        return None
    lines = buffer.raw[: max(0, size)].decode('utf-8', 'replace').splitlines()
    return next((line.strip()[:200] for line in lines if 'Starting gVisor' in line), None)


def standing() -> dict:
    """Who the supervisor is, as the kernel says."""
    status = {}
    with open('/proc/self/status', encoding='ascii') as file:
        for line in file:
            key, _, value = line.partition(':')
            status[key] = value.strip()
    return {
        'pid': os.getpid(),
        'uid': os.getuid(),
        'gid': os.getgid(),
        'groups': os.getgroups(),
        'no_new_privileges': _no_new_privileges(status.get('NoNewPrivs')),
        'capabilities': status.get('CapEff', ''),
    }


_PR_GET_NO_NEW_PRIVS = 39


def _no_new_privileges(line: str | None) -> bool:
    """Older gVisor leaves the line out of /proc; then the kernel is asked itself."""
    if line is not None:
        return line == '1'
    return ctypes.CDLL(None).prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1


def kernel() -> str:
    name = os.uname()
    return f'{name.release} {name.version}'


# Everything that can be written; the host says how each has to be.
_FOLDERS = ('/dev/shm', '/tmp', '/mnt/data', '/run/sallyport')


def interfaces() -> list[str]:
    """Names of the network interfaces, the loopback included."""
    return [name for _, name in socket.if_nameindex()]


def mounts() -> list[dict]:
    """The writable folders as they are mounted. One that is no file system of its own is left out."""
    root = os.stat('/').st_dev
    found = []
    for path in _FOLDERS:
        try:
            status, space = os.stat(path), os.statvfs(path)
        except FileNotFoundError:
            continue
        if status.st_dev != root:
            found.append(
                {
                    'path': path,
                    'bytes': space.f_blocks * space.f_frsize,
                    'uid': status.st_uid,
                    'mode': stat.S_IMODE(status.st_mode),
                    'noexec': bool(space.f_flag & os.ST_NOEXEC),
                },
            )
    return found


# Where `procs` stands in the kernel's struct sysinfo: after ten longs.
_PROCS = 80


class Machine:
    def __init__(self, tree: Tree, uid: int, inside_gvisor: bool) -> None:
        self._tree = tree
        self._uid = uid
        self._library = ctypes.CDLL(None)
        self._facts = ctypes.create_string_buffer(512)
        self._inside_gvisor = inside_gvisor
        self._others = processes.tasks_of_others(uid)
        self._temporary = os.open('/tmp', os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def look(self) -> Processes:
        return processes.look(self._uid)

    def disk(self) -> tuple[int, int]:
        """What is free in the tighter of the two writable places, and what both hold."""
        places = (self._tree.space(), os.fstatvfs(self._temporary))
        free = min(place.f_bavail * place.f_frsize for place in places)
        return free, sum((place.f_blocks - place.f_bfree) * place.f_frsize for place in places)

    def tasks(self) -> int | None:
        """Threads of this process and all of the user's, zombies included; None where the kernel counts other things."""
        if not self._inside_gvisor or self._library.sysinfo(self._facts) != 0:
            return None
        return int.from_bytes(self._facts.raw[_PROCS : _PROCS + 2], 'little') - self._others

    def used_bytes(self, seen: Processes, tmpfs_bytes: int) -> int:
        """Memory the user costs. gVisor's own count shares pages right; elsewhere sums of residents stand in."""
        if self._inside_gvisor:
            with open('/proc/meminfo', encoding='ascii') as file:
                values = {line.split(':')[0]: int(line.split()[1]) << 10 for line in file}
            return values['MemTotal'] - values['MemFree']
        return seen.resident_bytes + tmpfs_bytes
