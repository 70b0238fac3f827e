"""The supervisor: answers the host's requests, one event at a time."""

import os
import sys
import time
from collections.abc import Callable

import wire
from supervising import machine as machines
from supervising.artifacts import Artifacts, describe, is_offered
from supervising.host_stream import HostStream
from supervising.limits import parse_limits
from supervising.loop import READ, WRITE, Loop
from supervising.machine import Machine
from supervising.runner import Runner
from supervising.transfers import Transfers
from supervising.tree import Refused, Tree, components, refusal
from supervising.worker_link import WorkerEvents
from supervising.worker_manager import KeeperEvents, WorkerManager

LANGUAGES = ('python', 'javascript', 'shell')

_MAXIMUM_CODE = 512 << 10
_MAXIMUM_LISTED = 10_000
_LIST_PAGE = 500
_KILL_SECONDS = 1.0
_BROKEN = 70


class Supervisor:
    def __init__(self, *, data: str, door: str, spawn: str, uid: int, threads: int) -> None:
        self._spawn = spawn
        self._uid = uid
        self._started = time.monotonic()
        self._loop = Loop()
        self._host = HostStream()
        self._tree = Tree(data, uid)
        self._artifacts = Artifacts(self._tree)
        self._transfers = Transfers(self._host, self._tree, self._artifacts)
        self._gvisor = machines.gvisor_line()
        self._machine = Machine(self._tree, uid, self._gvisor is not None)
        keeper = KeeperEvents(
            needed=lambda: self._host.send({'type': 'need-keeper'}),
            lost=lambda: self._host.send({'type': 'keeper-lost'}),
            news=self._on_keeper_news,
        )

        def manage(workers: WorkerEvents) -> WorkerManager:
            return WorkerManager(self._loop, workers, keeper, uid=uid, door=door, spawn=spawn, threads=threads)

        self._runner = Runner(self._loop, self._host, self._machine, self._artifacts, manage)
        self._worker_manager = self._runner.worker_manager
        self._census = self._runner.census
        self._requests: dict[str, Callable[[int, dict], None]] = {
            'start': self._do_start,
            'run': self._do_run,
            'interrupt': self._do_interrupt,
            'kill': self._do_kill,
            'put': self._do_put,
            'close': self._do_close,
            'abort': self._do_abort,
            'get': self._do_get,
            'credit': self._do_credit,
            'list': self._do_list,
            'delete': self._do_delete,
            'stats': self._do_stats,
            'ping': self._do_ping,
        }
        self._greeted = False
        self._kills: dict[int, Callable[[], None]] = {}
        self._kill_id = 0

    def serve(self) -> None:
        """Until the host closes its stream; never returns otherwise."""
        self._loop.watch(self._host.source, self._on_host)
        self._loop.watch(self._host.sink, lambda: None, 0)
        while True:
            self._loop.step()
            more = self._transfers.pump()
            self._host.flush()
            congested = self._host.congested
            for worker in list(self._worker_manager.workers.values()):
                worker.pause(congested)
            # A download with credit goes on at the next turn, when the stream takes more.
            self._loop.change(self._host.sink, WRITE if self._host.pending or more else 0)

    def _on_host(self) -> None:
        if not self._host.receive():
            sys.exit(0)
        try:
            while (frame := self._host.next()) is not None:
                kind, payload = frame
                if kind == wire.CONTROL:
                    self._on_request(wire.decode(payload))
                elif kind == wire.CHUNK and len(payload) >= wire.STREAM.size:
                    self._on_chunk(wire.STREAM.unpack_from(payload)[0], payload[wire.STREAM.size :])
                else:
                    raise wire.WireError(f'a frame of kind {kind} is not known')
        except wire.WireError as error:
            self._fatal(str(error))

    def _on_chunk(self, stream: int, data: bytes) -> None:
        self._guarded(stream, lambda: self._transfers.chunk(stream, data))

    def _on_request(self, request: dict) -> None:
        kind = request['type']
        if kind == 'hello':
            self._hello(request)
            return
        handler = self._requests.get(kind)
        identifier = request.get('id')
        if handler is None or type(identifier) is not int or not 0 < identifier < 1 << 31:
            raise wire.WireError(f'a request {kind[:40]!r} with this id is not known')
        if not self._greeted:
            self._fail(identifier, Refused('not-ready', 'hello comes first'))
            return
        self._guarded(identifier, lambda: handler(identifier, request))

    def _guarded(self, identifier: int, work: Callable[[], None]) -> None:
        try:
            work()
        except (Refused, OSError) as error:
            self._transfers.drop(identifier)
            self._fail(identifier, error if isinstance(error, Refused) else refusal(error))

    def _fail(self, identifier: int, refused: Refused) -> None:
        self._host.send({'type': 'failed', 'id': identifier, 'code': refused.code, 'message': str(refused)})

    def _fatal(self, message: str) -> None:
        print(f'sallyport supervisor: {message}', file=sys.stderr)
        self._host.send({'type': 'fatal', 'message': message[:500]})
        self._host.flush_all()
        sys.exit(_BROKEN)

    def _hello(self, request: dict) -> None:
        try:
            nonce = bytes.fromhex(request['nonce'])
            seed = bytes.fromhex(request['seed'])
            languages = request['languages']
            limits = None if request['limits'] is None else parse_limits(request['limits'])
        except (KeyError, TypeError, ValueError) as error:
            raise wire.WireError(f'hello cannot be understood: {error}') from error
        known = isinstance(languages, list) and all(language in LANGUAGES for language in languages)
        if request.get('version') != 1 or len(nonce) != 16 or len(seed) != 32 or not known or self._runner.busy:
            raise wire.WireError('hello cannot be understood, or came during a run')
        self._host.adopt(nonce)
        self._greeted = True
        remaining = [language for language in languages if language not in self._worker_manager.workers]

        def settled(facts: dict | None, why: str) -> None:
            if facts is None:
                self._fatal(why)
            elif remaining:
                self._worker_manager.start(remaining.pop(0), settled)
            else:
                self._say_ready()

        self._worker_manager.settle(limits, seed.hex(), settled)

    def _say_ready(self) -> None:
        keeper = self._worker_manager.keeper
        self._host.send(
            {
                'type': 'ready',
                'version': 1,
                'supervisor': machines.standing(),
                'keeper': None if keeper is None else {'pid': keeper.pid, 'uid': self._uid},
                'workers': list(self._worker_manager.facts.values()),
                'gvisor': self._gvisor,
                'kernel': machines.kernel(),
                'interfaces': machines.interfaces(),
                'mounts': machines.mounts(),
                'unix_ms': time.time_ns() // 1_000_000,
                'spawn': self._spawn,
            },
        )

    def _do_ping(self, identifier: int, _: dict) -> None:
        self._host.send({'type': 'pong', 'id': identifier, 'unix_ms': time.time_ns() // 1_000_000})

    def _do_start(self, identifier: int, request: dict) -> None:
        def started(facts: dict | None, why: str) -> None:
            if facts is None:
                self._fail(identifier, Refused('start-failed', why))
            else:
                self._host.send({'type': 'started', 'id': identifier, 'worker': facts})

        language = self._language(request)
        if self._runner.busy:
            raise Refused('busy', 'a cell runs')
        self._worker_manager.start(language, started)

    def _do_run(self, identifier: int, request: dict) -> None:
        language, code = self._language(request), request.get('code')
        if not isinstance(code, str) or len(code.encode('utf-8', 'surrogatepass')) > _MAXIMUM_CODE:
            raise Refused('bad-request', f'code is text of at most {_MAXIMUM_CODE} bytes')
        if self._runner.busy:
            raise Refused('busy', 'another cell runs')
        if not self._worker_manager.is_new(language):
            self._runner.begin(identifier, language, code)
            return

        def started(facts: dict | None, why: str) -> None:
            if facts is None:
                self._fail(identifier, Refused('start-failed', why))
            else:
                self._guarded(identifier, lambda: self._runner.begin(identifier, language, code))

        self._worker_manager.start(language, started)

    def _do_interrupt(self, identifier: int, request: dict) -> None:
        self._runner.interrupt(identifier, request.get('figures') is True)

    def _do_kill(self, identifier: int, _: dict) -> None:
        keeper = self._worker_manager.keeper
        if keeper is None:
            raise Refused('keeper-lost', 'the keeper is gone; the host has to kill from outside')
        self._kill_id += 1
        order = self._kill_id

        def answer() -> None:
            if self._kills.pop(order, None) is not None:
                self._runner.when_idle(lambda: self._census.when_gone(killed))

        def killed(left: int) -> None:
            alive = self._worker_manager.keeper is not None
            self._host.send({'type': 'killed', 'id': identifier, 'processes_left': left, 'keeper': alive})

        self._kills[order] = answer
        self._loop.after(_KILL_SECONDS, answer)
        keeper.order({'type': 'kill', 'order': order})

    def _on_keeper_news(self, news: dict) -> None:
        if news['type'] == 'killed':
            answer = self._kills.get(news['order'])
            if answer is not None:
                answer()
        else:
            self._runner.on_keeper_news(news)

    def _do_put(self, identifier: int, request: dict) -> None:
        self._transfers.put(identifier, request.get('path'), request.get('bytes'))

    def _do_close(self, identifier: int, _: dict) -> None:
        self._transfers.close(identifier)

    def _do_abort(self, identifier: int, _: dict) -> None:
        if self._transfers.drop(identifier):
            raise Refused('aborted', 'ended as the host asked')

    def _do_get(self, identifier: int, request: dict) -> None:
        self._transfers.get(identifier, request.get('path'))

    def _do_credit(self, identifier: int, request: dict) -> None:
        self._transfers.credit(identifier, request.get('bytes'))

    def _do_list(self, identifier: int, _: dict) -> None:
        files: list[dict] = []
        refused = 0
        truncated = False
        for path, status in self._tree.walk():
            if not is_offered(path, status):
                refused += 1
            elif len(files) < _MAXIMUM_LISTED:
                files.append(describe(path, status))
            if len(files) + refused >= 2 * _MAXIMUM_LISTED:
                truncated = True
                break
        files.sort(key=lambda file: file['path'])
        pages = [files[start : start + _LIST_PAGE] for start in range(0, len(files), _LIST_PAGE)] or [[]]
        for index, page in enumerate(pages):
            more = index < len(pages) - 1
            message = {'type': 'listed', 'id': identifier, 'files': page, 'more': more, 'refused': refused}
            self._host.send({**message, 'truncated': truncated or len(files) >= _MAXIMUM_LISTED})

    def _do_delete(self, identifier: int, request: dict) -> None:
        self._tree.delete(components(request.get('path')))
        self._host.send({'type': 'deleted', 'id': identifier})

    def _do_stats(self, identifier: int, _: dict) -> None:
        seen = self._machine.look()
        free, held = self._machine.disk()
        self._host.send(
            {
                'type': 'stats',
                'id': identifier,
                'processes': len(seen.pids),
                'tasks': seen.tasks,
                'resident_bytes': seen.resident_bytes,
                'tmpfs_bytes': held,
                'disk_free_bytes': free,
                'uptime_ms': round((time.monotonic() - self._started) * 1000),
            },
        )

    def _language(self, request: dict) -> str:
        language = request.get('language')
        if language not in LANGUAGES:
            raise Refused('bad-request', f'language is one of {", ".join(LANGUAGES)}')
        return language
