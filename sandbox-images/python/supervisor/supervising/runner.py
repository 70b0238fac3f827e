"""The one run at a time: begins it, watches it, and says how it ended from what can be seen."""

import signal
from collections.abc import Callable

import wire
from supervising import processes
from supervising.aftermath import Aftermath
from supervising.artifacts import Artifacts
from supervising.census import Census
from supervising.ending import Ending, read_ending
from supervising.host_stream import HostStream
from supervising.interrupts import Interrupts
from supervising.loop import Loop, Timer
from supervising.machine import Machine
from supervising.run import Run
from supervising.tree import Refused
from supervising.worker_link import WorkerEvents, WorkerLink
from supervising.worker_manager import WorkerManager

_SAMPLE_SECONDS = 0.025
# A bomb of threads is over, and its threads with it, within a few milliseconds.
_FIRST_SAMPLE_SECONDS = 0.004
_SETTLE_SECONDS = 0.0005
_SETTLE_TRIES = 100
_STATUS_SECONDS = 0.2
_STATUS_TRIES = 20
_ABORTS = (signal.SIGTRAP, signal.SIGABRT)
_FAULTS = (signal.SIGBUS, signal.SIGSEGV, signal.SIGILL)
_CALM_SECONDS = 0.1
_AGAIN_SECONDS = 0.5

# Makes the manager of workers whose events come to the runner.
Manage = Callable[[WorkerEvents], WorkerManager]


class Runner:
    """Events of workers come in here; frames about the run go out to the host."""

    def __init__(self, loop: Loop, host: HostStream, machine: Machine, artifacts: Artifacts, manage: Manage) -> None:
        self._loop = loop
        self._host = host
        self._machine = machine
        self._artifacts = artifacts
        self._run: Run | None = None
        self._worker: WorkerLink | None = None
        self._ending: Ending | None = None
        self._sampling: Timer | None = None
        self._dying: Timer | None = None
        self._statuses: dict[int, dict] = {}
        self._interrupts = Interrupts(loop)
        # What each worker had used when it was last idle.
        self._worked: dict[int, processes.Worked] = {}
        self._idle: list[Callable[[], None]] = []
        self.worker_manager = manage(self)
        self.census = Census(loop, machine, self.worker_manager)
        self._aftermath = Aftermath(loop, self.worker_manager, self.census)

    @property
    def busy(self) -> bool:
        return self._run is not None or self._interrupts.awaited

    def when_idle(self, then: Callable[[], None]) -> None:
        """Calls back once the run under way said its `done`, at once when there is none."""
        if self._run is None:
            then()
        else:
            self._idle.append(then)

    def begin(self, identifier: int, language: str, code: str) -> None:
        """Hands a cell to its worker. Raises Refused; an interrupt still on its way to the last cell is waited for."""
        limits = self.worker_manager.limits
        worker = self.worker_manager.workers.get(language)
        if limits is None:
            raise Refused('not-ready', 'the sandbox was given no limits yet')
        if worker is None:
            raise Refused('no-worker', f'there is no {language} worker; start one')

        def go() -> None:
            if not worker.alive:
                message = 'the worker ended before the cell began'
                self._host.send({'type': 'failed', 'id': identifier, 'code': 'no-worker', 'message': message})
                return
            self._run = Run(self._host, limits, identifier, language)
            self._run.tasks_before = self.census.count_tasks()
            before = self._worked.get(worker.pid) or worker.watch.look()
            if before is not None:
                self._worked[worker.pid] = before
                self._run.measures.peak_resident_bytes = before.resident_bytes
            self._worker = worker
            worker.witness.begin()
            worker.send({'type': 'cell', 'id': identifier, 'code': code})
            self._sampling = self._loop.after(_FIRST_SAMPLE_SECONDS, self._sample)

        self._interrupts.when_none(go)

    def interrupt(self, identifier: int, figures: bool) -> None:
        run, worker, keeper = self._run, self._worker, self.worker_manager.keeper
        if run is None or run.identifier != identifier or self._ending is not None or worker is None or keeper is None:
            return
        run.interrupt_asked = True
        if worker.language == 'javascript':
            # Node changes how it listens when a cell begins and ends: a signal in between is lost or ends the worker.
            # Early in a cell a message to the worker is enough. A second interrupt does no harm, since code cannot
            # catch one.
            early = _CALM_SECONDS - run.milliseconds / 1000
            self._loop.after(early if early > 0 else _AGAIN_SECONDS, lambda: self.interrupt(identifier, figures))
            if early > 0:
                self._interrupts.announce(identifier, worker)
                return
        self._interrupts.send(identifier, worker, keeper, figures)

    def on_keeper_news(self, news: dict) -> None:
        if news['type'] == 'interrupted':
            self._interrupts.arrived(news['run'])
        elif news['type'] == 'swept':
            if self._run is not None and news.get('run') == self._run.identifier:
                self._aftermath.on_swept(news)
        elif news['type'] == 'worker-ended' and type(news.get('pid')) is int:
            self._on_worker_ended(news['pid'], news.get('status'))

    def on_output(self, worker: WorkerLink, stream: str, text: str, size: int) -> None:
        """Output of a worker that runs nothing (a thread left behind) belongs to nobody and is dropped."""
        if self._run is not None and worker is self._worker:
            self._run.output(stream, text, size)

    def on_message(self, worker: WorkerLink, kind: int, payload: bytes) -> None:
        """Raises WireError when the worker breaks the rules, which ends it."""
        run = self._run if worker is self._worker and self._ending is None else None
        if kind == wire.CHUNK:
            if run is not None:
                run.continue_display(payload)
            return
        message = wire.decode(payload)
        if message['type'] == 'pong' and worker is self._worker:
            self._aftermath.on_answer()
            return
        if self.worker_manager.on_worker_message(worker, message) or run is None:
            return
        if message['type'] == 'display':
            run.begin_display(message.get('main'), message.get('bytes'))
        elif message['type'] == 'heeded' and message.get('id') == run.identifier:
            run.heed()
        elif message['type'] == 'end' and message.get('id') == run.identifier:
            self._end(read_ending(message, run.interrupt_asked))

    def on_lost(self, worker: WorkerLink) -> None:
        """The channel of a worker closed, or it said something impossible, or its process is gone."""
        if not worker.alive:
            return
        worker.drain()
        self.worker_manager.lose(worker)
        self._worked.pop(worker.pid, None)
        if worker is not self._worker or self._run is None:
            if worker is not self._worker:
                self._host.send(
                    {'type': 'worker-lost', 'language': worker.language, 'status': self._statuses.pop(worker.pid, None)},
                )
            return
        if self._ending is not None:
            self._ending.worker_alive = False
            self._aftermath.on_answer()
            return
        ending = Ending(reason='worker-died', worker_alive=False)
        if worker.pid in self._statuses:
            ending.status = self._statuses.pop(worker.pid)
            self._end(ending)
        else:
            self._await_status(ending, _STATUS_TRIES)

    def _await_status(self, ending: Ending, tries: int) -> None:
        """How it ended is evidence, and a large process takes its time to go; without a keeper nobody will know."""
        if tries == 0 or (tries < _STATUS_TRIES and self.worker_manager.keeper is None):
            self._end(ending)
        else:
            self._dying = self._loop.after(_STATUS_SECONDS, lambda: self._await_status(ending, tries - 1))

    def _on_worker_ended(self, pid: int, status: object) -> None:
        if isinstance(status, dict) and all(type(value) is int for value in status.values()) and len(status) == 1:
            self._statuses[pid] = status
        worker = self._worker
        if self._dying is not None and worker is not None and worker.pid == pid:
            self._dying.cancel()
            self._dying = None
            self._end(Ending(reason='worker-died', worker_alive=False, status=self._statuses.pop(pid, None)))
            return
        lost = [worker for worker in self.worker_manager.workers.values() if worker.pid == pid]
        for worker in lost:
            self.on_lost(worker)
        self._statuses.pop(pid, None)

    def _sample(self) -> None:
        run, worker = self._run, self._worker
        if run is None or worker is None:
            return
        seen = self.census.measure(run)
        if worker.alive:
            worker.watch.look()
        if self._ending is None and worker.alive and worker.pid not in seen.pids:
            self.on_lost(worker)
        seconds = run.milliseconds / 1000
        pause = min(_SAMPLE_SECONDS, seconds) if seconds < 1 else _SAMPLE_SECONDS * 2
        self._sampling = self._loop.after(pause, self._sample)

    def _end(self, ending: Ending) -> None:
        run, worker = self._run, self._worker
        if run is None or worker is None:
            return
        self._dying = None
        self._ending = ending
        run.run_ms = run.milliseconds
        if ending.reason == 'worker-died' and self._died_of_memory(run, worker, ending.status):
            ending.evidence = 'memory'
        if ending.evidence == 'processes':
            # A thread that cannot start for want of address space looks the same from inside, but for how many there are.
            # The cell may have ended them between two looks; then it is the worker who counted.
            self.census.measure(run)
            tasks = max(run.measures.peak_tasks, ending.threads_refused)
            ending.evidence = 'processes' if tasks * 3 > run.limits.processes else 'memory'
        if worker.alive:
            worker.drain()
        worker.finish_text()
        run.abandon_display()
        ending.artifacts = self._artifacts.changes(run.limits.artifacts)
        self._settle(run, worker, ending, _SETTLE_TRIES)

    def _died_of_memory(self, run: Run, worker: WorkerLink, status: dict | None) -> bool:
        """V8 aborts (SIGABRT, SIGTRAP) when its heap is full; then it was seen to hold most of what it may. A library of
        Python's aborts, touches what it did not get, or exits with 1; then an allocation was refused just before."""
        if status is None:
            return False
        if run.language == 'javascript':
            held = worker.watch.peak_resident_bytes
            return status.get('signaled') in _ABORTS and held > run.limits.memory_mb * 2**20 * 3 // 5
        gave_up = status.get('signaled') in (*_ABORTS, *_FAULTS) or status.get('exited') == 1
        return gave_up and worker.witness.refused_lately()

    def _settle(self, run: Run, worker: WorkerLink, ending: Ending, tries: int) -> None:
        """A worker that said it is done sleeps in its read; one that still computes lied."""
        worked = worker.watch.look() if ending.worker_alive and worker.alive else None
        if worked is not None:
            if worked.computing and tries > 0:
                self._loop.after(_SETTLE_SECONDS, lambda: self._settle(run, worker, ending, tries - 1))
                return
            ending.still_running = worked.computing
            before = self._worked.get(worker.pid)
            ending.cpu_ms = worked.cpu_ms - (0 if before is None else before.cpu_ms)
            self._worked[worker.pid] = worked
            run.measures.take(worked.resident_bytes, worked.tasks)
            if ending.reason != 'completed' or run.measures.tmpfs_bytes is not None:
                run.measures.take_disk(*self._machine.disk())
        if worked is None or not self.census.is_quiet(worker, worked.tasks):
            ending.processes_found = self.census.strangers(self.census.measure(run))
            if ending.processes_found:
                self._sweep(run, worker, ending)
                return
        self._conclude(run, worker, ending)

    def _sweep(self, run: Run, worker: WorkerLink, ending: Ending) -> None:
        """What the processes that the cell left behind wrote until they were ended is still the cell's."""

        def finish(left: int) -> None:
            if self._run is not run:
                return
            ending.processes_left = left
            ending.merge_artifacts(self._artifacts.changes(run.limits.artifacts))
            self._conclude(run, worker, ending)

        self._aftermath.sweep(worker, run.identifier, finish)

    def _conclude(self, run: Run, worker: WorkerLink, ending: Ending) -> None:
        """Where processes were ended or signaled, the worker itself says first that it lives on."""
        if worker.alive and (ending.processes_found or run.interrupt_asked):
            self._aftermath.ask(worker, lambda: self._say_done(run, ending))
        else:
            self._say_done(run, ending)

    def _say_done(self, run: Run, ending: Ending) -> None:
        worker = self._worker
        assert worker is not None
        if self._sampling is not None:
            self._sampling.cancel()
        self._run = self._worker = self._ending = None
        self._host.send(run.done(ending, ending.worker_alive and worker.alive))
        idle, self._idle = self._idle, []
        for then in idle:
            then()
