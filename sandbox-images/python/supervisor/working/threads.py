"""Threads that could not be started, and those at the end of a cell: as at the end of a program, non-daemon ones are
waited for."""

import sys
import threading

from working import pools


class RefusedThreads:
    """How many threads there were when one more could not be started: by the end of the cell they may be gone."""

    def __init__(self) -> None:
        self.most = 0
        self._start = threading._start_joinable_thread
        threading._start_joinable_thread = self.start_counted

    def start_counted(self, *arguments: object, **named: object) -> object:
        try:
            return self._start(*arguments, **named)
        except RuntimeError:
            self.most = max(self.most, threading.active_count())
            raise


def wait_for_threads(before: set[threading.Thread]) -> None:
    """Joins every non-daemon thread the cell started, pool threads excepted; an interrupt breaks off the wait."""
    for thread in _new(before):
        if not thread.daemon and thread not in _pool_threads():
            while thread.is_alive() and (not pools.is_manager(thread) or pools.is_busy(thread)):
                thread.join(0.05)


def left_running(before: set[threading.Thread]) -> int:
    """How many threads of the cell go on. Idle pool threads count too: nobody can tell them from busy ones."""
    return len(_new(before))


def _new(before: set[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]


def _pool_threads() -> set[threading.Thread]:
    """Threads of `concurrent.futures`, which end with the interpreter and may wait for work for ever."""
    module = sys.modules.get('concurrent.futures.thread')
    return set(module._threads_queues) if module is not None else set()
