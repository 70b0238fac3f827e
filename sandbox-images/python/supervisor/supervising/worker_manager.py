"""Keeper and workers: how they come to be, are limited, and are lost."""

import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass

from supervising import processes
from supervising.keeper_door import KeeperDoor
from supervising.keeper_link import KeeperLink, are_worker_ends
from supervising.keeper_process import give_up_capabilities, spawn_keeper
from supervising.limits import Limits
from supervising.loop import Loop, Timer
from supervising.worker_link import WorkerEvents, WorkerLink

_START_SECONDS = 20.0
_ENDED = 'it ended while it started'

# Address space of matplotlib, where the worker imports it later: it is not the program's to pay.
_PLOTTING_BYTES = 40 << 20

Started = Callable[[dict | None, str], None]


class _Start:
    """A worker on its way: spawned → ready → limited → settled."""

    def __init__(self, language: str, then: Started, timer: Timer) -> None:
        self.language = language
        self.then = then
        self.timer = timer
        self.worker: WorkerLink | None = None
        self.facts: dict = {}


def _names(modules: object) -> list[str]:
    return [str(name)[:100] for name in modules[:50]] if isinstance(modules, list) else []


@dataclass(frozen=True)
class KeeperEvents:
    # Asks the host for a keeper.
    needed: Callable[[], None]
    lost: Callable[[], None]
    # Takes what the keeper says beside what concerns the start of workers.
    news: Callable[[dict], None]


class WorkerManager:
    def __init__(
        self, loop: Loop, events: WorkerEvents, keeper: KeeperEvents, *, uid: int, door: str, spawn: str, threads: int
    ) -> None:
        self.workers: dict[str, WorkerLink] = {}
        self.facts: dict[str, dict] = {}
        self.keeper: KeeperLink | None = None
        self.limits: Limits | None = None
        self._loop = loop
        self._events = events
        self._keeper_events = keeper
        self._uid = uid
        self._spawn_mode = spawn
        self._threads = threads
        self._door_path = door
        self._door = KeeperDoor(loop, door, uid)
        self._starts: list[_Start] = []
        self._seed = ''
        self._known: set[str] = set()
        self._keeper_spawned = False

    def is_new(self, language: str) -> bool:
        """Had this language never a worker in this sandbox?"""
        return language not in self._known

    def start(self, language: str, then: Started) -> None:
        """Calls `then` with the worker's facts, or with None and why not."""
        if language in self.workers or any(start.language == language for start in self._starts):
            then(None, f'there is a {language} worker already')
            return
        self._known.add(language)
        timer = self._loop.after(_START_SECONDS, lambda: self._give_up(start, 'it took longer than 20 s'))
        start = _Start(language, then, timer)
        self._starts.append(start)
        if self.keeper is None:
            self._call_keeper()
        else:
            self._order_spawn(language)

    def settle(self, limits: Limits | None, seed: str, then: Started) -> None:
        """Gives new limits and a seed to every worker there is; calls `then` once all took them or one did not."""
        self.limits = limits
        self._seed = seed
        waiting = set(self.workers)
        if not waiting:
            then({}, '')
            return

        def one(language: str) -> Started:
            def settled(facts: dict | None, why: str) -> None:
                waiting.discard(language)
                if facts is None:
                    waiting.clear()
                    then(None, why)
                elif not waiting:
                    then({}, '')

            return settled

        for language, worker in list(self.workers.items()):
            timer = self._loop.after(_START_SECONDS, lambda: None)
            start = _Start(language, one(language), timer)
            start.worker = worker
            start.facts = self.facts[language]
            self._starts.append(start)
            self._limit(start)

    def lose(self, worker: WorkerLink) -> None:
        """The worker is of no use any more; its process may still have to be ended."""
        worker.close()
        if self.keeper is not None:
            self.keeper.order({'type': 'end', 'pid': worker.pid})
        if self.workers.get(worker.language) is worker:
            del self.workers[worker.language]
            self.facts.pop(worker.language, None)
        for start in [start for start in self._starts if start.worker is worker]:
            self._give_up(start, _ENDED)

    def own_pids(self) -> set[int]:
        """Processes of the user's uid that are allowed to be there."""
        pids = {worker.pid for worker in self.workers.values()}
        pids |= {start.worker.pid for start in self._starts if start.worker is not None}
        if self.keeper is not None:
            pids.add(self.keeper.pid)
        return pids

    def on_worker_message(self, worker: WorkerLink, message: dict) -> bool:
        """Takes the messages of a worker that starts; False when this is none."""
        start = next((start for start in self._starts if start.worker is worker), None)
        if start is None:
            return False
        if message['type'] == 'ready':
            version = message.get('version')
            start.facts['version'] = version[:100] if isinstance(version, str) else ''
            start.facts['preimported'] = _names(message.get('preimported'))
            self._limit(start)
        elif message['type'] == 'settled':
            start.facts['preimported'] = _names(message.get('preimported'))
            self._starts.remove(start)
            start.timer.cancel()
            self.workers[start.language] = worker
            self.facts[start.language] = start.facts
            start.then(start.facts, '')
        return True

    def _call_keeper(self) -> None:
        self._door.open(self._on_keeper)
        if self._spawn_mode == 'exec':
            self._keeper_events.needed()
            return
        if self._keeper_spawned:
            for start in list(self._starts):
                self._give_up(start, 'the keeper is gone, and only one can be had')
            return
        self._keeper_spawned = True
        spawn_keeper(self._door_path, self._uid)

    def _on_keeper(self, connection: socket.socket, pid: int) -> None:
        if self._spawn_mode == 'self':
            give_up_capabilities()
        self.keeper = KeeperLink(self._loop, connection, pid)
        self.keeper.listen(self._on_news, self._on_keeper_lost)
        for start in self._starts:
            self._order_spawn(start.language)

    def _order_spawn(self, language: str) -> None:
        if self.keeper is not None:
            memory = 0 if self.limits is None else self.limits.memory_mb
            order = {'type': 'spawn', 'language': language, 'memory_mb': memory, 'threads': self._threads}
            self.keeper.order(order)

    def _on_keeper_lost(self) -> None:
        self.keeper = None
        for start in list(self._starts):
            self._give_up(start, 'the keeper is gone')
        self._keeper_events.lost()

    def _on_news(self, news: dict, descriptors: list[int]) -> None:
        kind = news['type']
        if kind == 'spawned':
            self._on_spawned(news, descriptors)
        elif kind in ('limited', 'limit-failed', 'spawn-failed'):
            for start in list(self._starts):
                if start.worker is not None and start.worker.pid == news.get('pid'):
                    self._on_limited(start, news)
                elif kind == 'spawn-failed' and start.language == news.get('language'):
                    self._give_up(start, str(news.get('message'))[:200])
        else:
            self._keeper_events.news(news)

    def _on_spawned(self, news: dict, descriptors: list[int]) -> None:
        language, pid = news.get('language'), news.get('pid')
        start = next((start for start in self._starts if start.language == language and start.worker is None), None)
        if start is None or type(pid) is not int or not are_worker_ends(descriptors):
            # A worker that came too late ends by itself when its channel closes.
            for descriptor in descriptors:
                os.close(descriptor)
            return
        try:
            uid = os.stat(f'/proc/{pid}').st_uid
            start.worker = WorkerLink(self._loop, self._events, start.language, pid, descriptors)
        except OSError:
            for descriptor in descriptors:
                os.close(descriptor)
            self._give_up(start, _ENDED)
            return
        start.facts = {'language': start.language, 'pid': pid, 'uid': uid, 'limits': None}

    def _limit(self, start: _Start) -> None:
        assert start.worker is not None
        if self.limits is None or self.keeper is None:
            self._send_settings(start)
            return
        limits = {
            'processes': self.limits.processes,
            'open_files': self.limits.open_files,
            'file_bytes': self.limits.file_bytes,
            'core_bytes': 0,
        }
        if start.language != 'javascript':
            # V8 reserves address space by the hundred gigabytes and has its own heap limit instead.
            try:
                space = processes.address_space_bytes(start.worker.pid) + self.limits.memory_mb * 2**20
                if start.language == 'python' and 'matplotlib' not in start.facts['preimported']:
                    space += _PLOTTING_BYTES
            except (OSError, IndexError):
                self._give_up(start, _ENDED)
                return
            earlier = (start.facts['limits'] or {}).get('address_space_bytes')
            limits['address_space_bytes'] = space if earlier is None else min(space, earlier)
        start.facts['wanted'] = limits
        self.keeper.order({'type': 'limit', 'pid': start.worker.pid, 'limits': limits})

    def _on_limited(self, start: _Start, news: dict) -> None:
        assert start.worker is not None and self.limits is not None
        wanted = start.facts.pop('wanted', None)
        try:
            applied = processes.applied_limits(start.worker.pid)
        except OSError:
            self._give_up(start, _ENDED)
            return
        if news['type'] != 'limited' or wanted is None or any(applied.get(name) != value for name, value in wanted.items()):
            self._give_up(start, f'its limits did not take: {applied}')
            return
        start.facts['limits'] = {'memory_mb': self.limits.memory_mb, **applied}
        self._send_settings(start)

    def _send_settings(self, start: _Start) -> None:
        assert start.worker is not None
        limits = None if self.limits is None else asdict(self.limits)
        start.worker.send({'type': 'settings', 'limits': limits, 'seed': self._seed})

    def _give_up(self, start: _Start, why: str) -> None:
        if start not in self._starts:
            return
        self._starts.remove(start)
        start.timer.cancel()
        if start.worker is not None:
            self.lose(start.worker)
        start.then(None, f'the {start.language} worker did not start: {why}')
