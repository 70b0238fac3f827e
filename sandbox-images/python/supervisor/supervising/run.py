"""One run: what it may still put out, what was measured, and how it ended."""

import json
import time
from dataclasses import dataclass, field

import wire
from supervising.ending import Ending
from supervising.host_stream import HostStream
from supervising.limits import Limits

_FIRST_DISPLAY_STREAM = 1 << 31
_INLINE_DISPLAY = 256 << 10
# Code points; the host counts UTF-16 units, of which one code point may need two.
_MAXIMUM_TEXT = 32_768


@dataclass
class Measures:
    """Peaks are the largest samples; the worker's own mark is taken where it is larger (the kernel keeps it)."""

    peak_resident_bytes: int = 0
    peak_tasks: int = 0
    minimum_disk_free_bytes: int | None = None
    tmpfs_bytes: int | None = None

    def take(self, resident_bytes: int, tasks: int) -> None:
        self.peak_resident_bytes = max(self.peak_resident_bytes, resident_bytes)
        self.peak_tasks = max(self.peak_tasks, tasks)

    def take_disk(self, free_bytes: int, held_bytes: int) -> None:
        before = self.minimum_disk_free_bytes
        self.minimum_disk_free_bytes = free_bytes if before is None else min(before, free_bytes)
        self.tmpfs_bytes = held_bytes

    def as_message(self, ending: Ending) -> dict:
        return {
            'peak_resident_bytes': max(self.peak_resident_bytes, ending.peak_resident_bytes),
            'peak_tasks': self.peak_tasks,
            'minimum_disk_free_bytes': self.minimum_disk_free_bytes,
            'tmpfs_bytes': self.tmpfs_bytes,
            'cpu_ms': ending.cpu_ms,
        }


@dataclass
class _Body:
    """A display item on its way from the worker: collected while small, streamed on when large, or dropped."""

    main: bool
    size: int
    index: int
    stream: int | None = None
    dropped: bool = False
    received: int = 0
    collected: bytearray = field(default_factory=bytearray)


class Run:
    """Forwards a cell's output to the host within the caps. Everything given to it is hostile."""

    def __init__(self, host: HostStream, limits: Limits, identifier: int, language: str) -> None:
        self.identifier = identifier
        self.language = language
        self.interrupt_asked = False
        self._heeded = False
        self.truncated: set[str] = set()
        self.written = {'stdout': 0, 'stderr': 0}
        self.measures = Measures()
        self.tasks_before = 0
        self.started = time.monotonic()
        self.run_ms = 0.0
        self._host = host
        self.limits = limits
        self._forwarded = {'stdout': 0, 'stderr': 0}
        self._discarded = 0
        self._exceeded: set[str] = set()
        self._items = 0
        self._item_bytes = 0
        self._body: _Body | None = None
        self._streams = 0

    @property
    def milliseconds(self) -> float:
        return round((time.monotonic() - self.started) * 1000, 3)

    def output(self, stream: str, text: str, size: int) -> None:
        self.written[stream] += size
        room = self.limits.output_bytes - self._forwarded[stream]
        # A character counts as the bytes it came from, near enough: all of this piece, or what of it fits.
        fitting = text if size <= room else text[: max(0, room)]
        self._forwarded[stream] += min(size, max(0, room))
        for start in range(0, len(fitting), _MAXIMUM_TEXT):
            piece = fitting[start : start + _MAXIMUM_TEXT]
            self._host.send({'type': 'output', 'id': self.identifier, 'stream': stream, 'text': piece})
        if size > room:
            self.truncated.add(stream)
            self._discarded += size - max(0, room)
            if self._discarded > self.limits.discard_bytes:
                self.exceed('output', self._discarded, self.limits.discard_bytes)

    def exceed(self, what: str, measured: int, limit: int) -> None:
        """Tells the host once per kind."""
        if what not in self._exceeded:
            self._exceeded.add(what)
            message = {'type': 'exceeded', 'id': self.identifier, 'what': what, 'measured': measured, 'limit': limit}
            self._host.send(message)

    def heed(self) -> None:
        """Tells the host, once, that the code stopped and what it drew follows."""
        if self.interrupt_asked and not self._heeded:
            self._heeded = True
            self._host.send({'type': 'heeded', 'id': self.identifier})

    def begin_display(self, main: object, size: object) -> None:
        """Raises WireError when the worker announces nonsense."""
        if self._body is not None or not isinstance(main, bool) or type(size) is not int or not 0 < size < 1 << 31:
            raise wire.WireError('a display was announced wrongly')
        body = _Body(main=main, size=size, index=self._items)
        self._body = body
        if self._items >= self.limits.results:
            self.truncated.add('results')
            body.dropped = True
        elif self._item_bytes + size > self.limits.results_bytes:
            self.truncated.add('results-bytes')
            body.dropped = True
        else:
            self._items += 1
            self._item_bytes += size
            if size > _INLINE_DISPLAY:
                body.stream = _FIRST_DISPLAY_STREAM + self._streams
                self._streams += 1
                self._announce(body, {'stream': body.stream, 'bytes': size})

    def continue_display(self, data: bytes) -> None:
        body = self._body
        if body is None or body.received + len(data) > body.size:
            raise wire.WireError('a display is longer than announced')
        body.received += len(data)
        if body.stream is not None:
            for start in range(0, len(data), wire.MAXIMUM_CHUNK):
                self._host.send_chunk(body.stream, data[start : start + wire.MAXIMUM_CHUNK])
        elif not body.dropped:
            body.collected += data
        if body.received == body.size:
            self._body = None
            self._finish(body)

    def abandon_display(self) -> None:
        """The run ended inside an item: what was announced to the host is ended short."""
        body, self._body = self._body, None
        if body is not None and body.stream is not None:
            self._host.send({'type': 'end', 'stream': body.stream, 'bytes': body.received})

    def done(self, ending: Ending, worker_alive: bool) -> dict:
        """The protocol's `done`."""
        artifacts, refused, cut = ending.artifacts
        truncated = self.truncated | ending.truncated | ({'artifacts'} if cut else set())
        return {
            'type': 'done',
            'id': self.identifier,
            'reason': ending.reason,
            'error': ending.error,
            'evidence': self._evidence(ending),
            'status': ending.status,
            'worker_alive': worker_alive,
            'still_running': ending.still_running,
            'processes_found': ending.processes_found,
            'processes_left': ending.processes_left,
            'threads_left': ending.threads_left,
            'artifacts': artifacts,
            'artifacts_refused': refused,
            'truncated': sorted(truncated),
            'output_bytes': self.written,
            'measured': self.measures.as_message(ending),
            'run_ms': self.run_ms,
        }

    def _evidence(self, ending: Ending) -> str | None:
        """What the worker said of a limit, or what was counted."""
        # Tasks that were there before (zombies nobody waited for) were not started by this cell.
        if ending.evidence is None and self.tasks_before < self.limits.processes <= self.measures.peak_tasks:
            return 'processes'
        return ending.evidence

    def _finish(self, body: _Body) -> None:
        if body.stream is not None:
            self._host.send({'type': 'end', 'stream': body.stream, 'bytes': body.received})
        elif not body.dropped:
            item = _item(bytes(body.collected))
            if item is None:
                raise wire.WireError('a display is not a JSON object')
            try:
                self._announce(body, {'item': item})
            except (ValueError, RecursionError) as error:
                raise wire.WireError('a display cannot be passed on') from error

    def _announce(self, body: _Body, content: dict) -> None:
        self._host.send(
            {'type': 'display', 'id': self.identifier, 'index': body.index, 'main': body.main, **content},
        )


_ITEM_KEYS = frozenset(
    ('text', 'html', 'markdown', 'svg', 'png', 'jpeg', 'pdf', 'latex', 'json', 'data', 'chart', 'files'),
)


def _item(payload: bytes) -> dict | None:
    try:
        item = json.loads(payload, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(item, dict):
        return None
    return {key: value for key, value in item.items() if key in _ITEM_KEYS}


def _no_constant(name: str) -> None:
    raise ValueError(f'{name} is no JSON')
