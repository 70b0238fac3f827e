"""Entry point of the Python worker: imports the analyst's libraries, then runs cells until the supervisor goes away."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)

import builtins  # noqa: E402
import gc  # noqa: E402
import importlib  # noqa: E402
import platform  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections import deque  # noqa: E402
from collections.abc import Callable  # noqa: E402

import working.charts  # noqa: E402, F401  (imported before user code may shadow anything)
from working import exercise, failures, pools, seeds  # noqa: E402
from working.absent import replace_input  # noqa: E402
from working.cells import Cells  # noqa: E402
from working.channel import Channel  # noqa: E402
from working.children import end_child, reap_killed  # noqa: E402
from working.figures import Figures  # noqa: E402
from working.open_files import OpenFiles  # noqa: E402
from working.plotting import Plotting  # noqa: E402
from working.presenter import Presenter  # noqa: E402
from working.reserve import Reserve  # noqa: E402
from working.template import Template, freeze  # noqa: E402
from working.threads import RefusedThreads, left_running, wait_for_threads  # noqa: E402

_PREIMPORTED = ('numpy', 'pandas')

# How long nobody asks for anything before a worker does of its own accord what a first cell may need: a small table is
# quick, plotting takes half a second, which a pool that is in use needs for others.
_TABLE_SECONDS = 0.05
_PLOTTING_SECONDS = 10.0

# Bytes a cell may grow by before its end is seen as near the limit.
_NEAR = 64 << 20


class Worker:
    def __init__(self) -> None:
        self._channel = Channel()
        self._presenter = Presenter(self._channel)
        self._figures = Figures(self._presenter)
        self._cells = Cells()
        self._open_files = OpenFiles()
        self._reserve = Reserve()
        self._refused_threads = RefusedThreads()
        self._plotting = Plotting(self._figures.attach)
        self._template = Template(self._plotting, self._rehearse)
        self._chores: deque[tuple[float, Callable[[], None]]] = deque()
        self._running = False
        self._rehearsing = False
        self._is_warm = False
        self._early = False
        self._peak_before = 0

    def serve(self) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        self._cells.module.__dict__['display'] = self._presenter.display
        # As in notebooks, modules of the user's own find it too.
        builtins.display = self._presenter.display  # type: ignore[attr-defined]
        replace_input()
        preimport()
        freeze()
        self._channel.send({'type': 'ready', 'version': platform.python_version(), 'preimported': preimported()})
        while True:
            self._do_chores()
            message = self._channel.receive()
            if message['type'] == 'settings':
                self._settle(message)
            elif message['type'] == 'cell':
                self._chores.clear()
                self._run(message['id'], message['code'])
            elif message['type'] == 'ping':
                self._channel.send({'type': 'pong'})

    def _settle(self, message: dict) -> None:
        if message['limits'] is None:
            self._template.greet()
        else:
            self._presenter.limit(message['limits'])
            self._reserve.limited()
        seeds.mix(bytes.fromhex(message['seed']))
        self._channel.send({'type': 'settled', 'preimported': preimported()})
        if message['limits'] is not None and not self._is_warm:
            self._is_warm = True
            self._chores.append((_TABLE_SECONDS, lambda: self._rehearse(exercise.TABLE)))
            if not self._plotting.is_loaded:
                self._chores.append((_PLOTTING_SECONDS, self._prepare_plotting))

    def _rehearse(self, *cells: str) -> None:
        """Runs cells of our own as those of the user are run, but for what is said of them. An interrupt is for the cell
        that comes next."""
        self._rehearsing = True
        try:
            with self._channel.muted(), self._cells.forgotten():
                for code in cells:
                    self._run(0, code)
        finally:
            self._rehearsing = False

    def _do_chores(self) -> None:
        """Until somebody asks for something. A cell that comes meanwhile waits for the one that is being done."""
        while self._chores and not self._channel.hears(self._chores[0][0]):
            self._chores.popleft()[1]()

    def _prepare_plotting(self) -> None:
        self._plotting.load()
        freeze()

    def _run(self, identifier: int, code: str) -> None:
        reap_killed()
        self._presenter.begin()
        self._peak_before = _peak_resident()
        self._refused_threads.most = 0
        threads = set(threading.enumerate())
        end: dict = {'type': 'end', 'id': identifier, 'reason': 'completed'}
        if signal.getsignal(signal.SIGINT) != self._on_interrupt:
            signal.signal(signal.SIGINT, self._on_interrupt)
        self._reserve.shut()
        try:
            try:
                self._running = True
                self._heed_early_interrupt(identifier)
                self._evaluate(code, threads)
            except BaseException as error:
                # Still to be interrupted: a `__str__` of the user's may take for ever.
                self._add_failure(end, error)
                if not self._channel.left:
                    self._hand_over(identifier, end['reason'] == 'interrupted')
            finally:
                self._running = False
        except KeyboardInterrupt:
            error = failures.bare('KeyboardInterrupt', 'interrupted')
            end |= {'reason': 'interrupted', 'evidence': None, 'error': error}
        except BaseException:
            end |= {'reason': 'raised', 'error': failures.bare('Exception', 'it could not be described')}
        self._settle_files()
        if self._channel.left:
            end_child(end)
        self._finish(end, threads)

    def _settle_files(self) -> None:
        try:
            self._open_files.settle()
        except Exception:
            # What a cell leaves behind may answer in any way.
            return

    def _hand_over(self, identifier: int, interrupted: bool) -> None:
        """What the cell drew before it failed. An interrupted one is given time for it only where somebody waits."""
        if not interrupted or not self._channel.is_interrupted(identifier):
            self._figures.emit_open()
            pools.close()
        elif self._figures.are_open and self._channel.wants_figures(identifier):
            self._channel.send({'type': 'heeded', 'id': identifier})
            self._figures.emit_open()

    def _heed_early_interrupt(self, identifier: int) -> None:
        """One that came after the cell was handed over and before it ran; not a late one of the cell before."""
        if self._rehearsing:
            return
        early, self._early = self._early, False
        if early and self._channel.is_interrupted(identifier):
            raise KeyboardInterrupt('interrupted')

    def _add_failure(self, end: dict, error: BaseException) -> None:
        """Reports the end of a cell that an exception ended. The evidence is sent first, since making the text of the
        exception may fail."""
        if isinstance(error, SystemExit) and (error.code is None or (isinstance(error.code, int) and error.code == 0)):
            return
        end['reason'] = 'interrupted' if isinstance(error, KeyboardInterrupt) else 'raised'
        if not isinstance(error, (SystemExit, KeyboardInterrupt)):
            self._prepare_for_failure(error)
            end['evidence'] = failures.evidence(error)
        end['error'] = failures.describe(error)

    def _evaluate(self, code: str, threads: set[threading.Thread]) -> None:
        self._cells.run(code, self._show_result)
        self._figures.emit_open()
        if len(threading.enumerate()) > len(threads):
            self._channel.flush()
            wait_for_threads(threads)
        if not self._channel.left:
            pools.finish()

    def _prepare_for_failure(self, error: BaseException) -> None:
        if isinstance(error, (MemoryError, OSError, RuntimeError)):
            self._reserve.want()
            self._reserve.open()

    def _show_result(self, value: object) -> None:
        if not self._figures.show_result(value):
            self._presenter.show_result(value)

    def _finish(self, end: dict, threads: set[threading.Thread]) -> None:
        peak = _peak_resident()
        if peak - self._peak_before > _NEAR and not self._rehearsing:
            self._reserve.want()
        self._reserve.open()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                continue
        self._figures.drop_open()
        end['threads_left'] = left_running(threads)
        end['threads_refused'] = self._refused_threads.most
        end['truncated'] = self._presenter.finish()
        # The kernel keeps the largest value ever: it is this cell's only where this cell raised it.
        end['peak_resident_bytes'] = peak if peak > self._peak_before else 0
        self._channel.send(end)

    def _on_interrupt(self, _number: int, _frame: object) -> None:
        if self._running and not self._rehearsing:
            raise KeyboardInterrupt('interrupted')
        self._early = True


def _peak_resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def preimport() -> None:
    """Imports what nearly every analysis wants. It stays, so the collector need not look at it again and again."""
    gc.disable()
    for name in _PREIMPORTED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    gc.enable()


def preimported() -> list[str]:
    return [name for name in (*_PREIMPORTED, 'matplotlib') if name in sys.modules]


def main() -> None:
    os.umask(0o007)
    # It watches this process alone: programs that the user's code starts go without.
    os.environ.pop('LD_PRELOAD', None)
    time.tzset()
    sys.stdin = open(os.devnull, encoding='utf-8')
    sys.stdout.reconfigure(line_buffering=True, errors='replace')
    sys.stderr.reconfigure(errors='backslashreplace')
    sys.argv = ['']
    sys.path.remove(_HERE)
    sys.path.append('/mnt/data')
    sys.path.append(f'{_HERE}/shims')
    Worker().serve()


if __name__ == '__main__':
    main()
