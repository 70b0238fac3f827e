"""Starts the keeper where the supervisor itself may change uid (`--spawn self`)."""

import ctypes
import os
import sys

_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x20080522


def spawn_keeper(door: str, uid: int) -> None:
    """Forks a keeper of `uid` without any capability. Raises OSError where the supervisor may not do that."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    program = [sys.executable, '-I', '-S', '-B', f'{folder}/keeper.py', door]
    library = ctypes.CDLL(None, use_errno=True)
    if os.fork() != 0:
        return
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.closerange(3, 256)
        if os.getuid() != uid:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        # Ambient capabilities survive a change between two uids that are not root, and the next exec.
        if library.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 and _drop_all(library) == 0:
            os.execv(program[0], program)
    finally:
        os._exit(127)


def give_up_capabilities() -> None:
    """The supervisor needs them for one keeper only. Raises OSError where they stay, which nobody may ignore."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if _drop_all(library) != 0 or capabilities(os.getpid()).strip('0'):
        raise OSError(ctypes.get_errno(), 'the supervisor could not give up its capabilities')


def _drop_all(library: ctypes.CDLL) -> int:
    """Effective, permitted and inheritable ones. Returns what capset(2) does."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    return library.capset(header, nothing)


def capabilities(pid: int) -> str:
    """The permitted and effective sets of a process as hex digits; all zeros where it has none."""
    found = ''
    with open(f'/proc/{pid}/status', encoding='ascii', errors='replace') as file:
        for line in file:
            if line.startswith(('CapPrm:', 'CapEff:', 'CapAmb:')):
                found += line.split()[1]
    return found
