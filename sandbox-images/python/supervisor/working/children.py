"""Child processes of the worker's own: those that outlived their cell, and a fork of the worker itself."""

import os
import signal
import sys
from typing import NoReturn


def reap_killed() -> None:
    """Waits for children the supervisor had killed after the last cell: as zombies they would count for the limit of
    processes. One that ended by itself is left to whoever waits for it."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    try:
        if os.waitid(os.P_ALL, 0, look) is None:
            return
    except ChildProcessError:
        return
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            ended = os.waitid(os.P_PID, int(name), look)
            if ended is not None and (ended.si_code, ended.si_status) == (os.CLD_KILLED, signal.SIGKILL):
                os.waitpid(int(name), os.WNOHANG)
        except ChildProcessError:
            continue


def end_child(end: dict) -> NoReturn:
    """Ends a forked child of a cell that ran on to the cell's end, as a program ends: it is not the worker."""
    error = end.get('error')
    status = 0 if error is None else 1
    if error is not None and error['name'] == 'SystemExit' and error['value'].isdigit():
        status = int(error['value']) & 255
    elif error is not None:
        print(error['traceback'], file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue
    os._exit(status)
