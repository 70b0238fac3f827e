"""Processes of `multiprocessing` and pools of them at the end of a cell, treated as the end of a program treats them.

No process outlives its cell. A pool whose workers are killed from outside starts others for ever, so it is closed first.
"""

import sys
import threading
from typing import Any


def is_manager(thread: threading.Thread) -> bool:
    """The thread behind a `ProcessPoolExecutor`, joblib's included: it waits for work until its executor is shut down."""
    return any(kind.__name__ == '_ExecutorManagerThread' for kind in type(thread).__mro__)


def is_busy(manager: Any) -> bool:
    """Has its executor work that is not done?"""
    return bool(getattr(manager, 'pending_work_items', None))


def finish() -> None:
    """Closes idle pools and waits for processes that a program would wait for; an interrupt breaks off the wait."""
    close()
    module = sys.modules.get('multiprocessing.process')
    if module is not None:
        for process in module.active_children():
            if not process.daemon:
                process.join()


def close() -> None:
    """Shuts down every pool of processes there is: later use of it says so instead of waiting for ever."""
    for thread in threading.enumerate():
        if is_manager(thread):
            _attempt(lambda thread=thread: _shut_down(thread))
    util = sys.modules.get('multiprocessing.util')
    for finalizer in list(util._finalizer_registry.values()) if util is not None else ():
        _attempt(lambda finalizer=finalizer: _terminate(finalizer))


def _shut_down(manager: Any) -> None:
    executor = manager.executor_reference()
    if executor is not None:
        executor.shutdown(wait=True)


def _terminate(finalizer: Any) -> None:
    """Ends a `multiprocessing.Pool`, known by what it left for the end of the program; pools of threads go on."""
    callback = finalizer._callback
    if getattr(callback, '__name__', '') != '_terminate_pool':
        return
    pool = finalizer._weakref()
    if pool is None:
        finalizer()
    elif type(pool).__name__ != 'ThreadPool':
        pool.terminate()


def _attempt(work: Any) -> None:
    try:
        work()
    except Exception as error:
        print(f'A pool of processes could not be closed: {type(error).__name__}', file=sys.stderr)
