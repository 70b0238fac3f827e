"""Capabilities of a supervisor that starts its keeper itself (`--spawn self`): held until then, and by nobody after.

The runtime gives them as ambient, because otherwise they end with the exec of the interpreter. Ambient ones would
also reach the keeper, and with it user code: so they stop being inheritable before the keeper is started.
"""

import ctypes
import os

_VERSION_3 = 0x20080522
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
# CAP_KILL, CAP_SETGID, CAP_SETUID: linux/capability.h
_NEEDED = 1 << 5 | 1 << 6 | 1 << 7


def keep_to_self() -> None:
    """What this process may do, its children may not."""
    _check(_libc().prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
    _set(_NEEDED)


def give_up() -> None:
    """For good."""
    _set(0)


def _set(capabilities: int) -> None:
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    # Effective, permitted, inheritable; twice, for the low and the high 32 capabilities.
    data = (ctypes.c_uint32 * 6)(capabilities, capabilities, 0, 0, 0, 0)
    _check(_libc().capset(header, data))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
