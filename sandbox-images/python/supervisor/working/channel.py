"""The worker's end of its channel to the supervisor."""

import os
import select
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import wire

_HELD = 1 << 16


class Channel:
    """Descriptor 3. A forked child of the worker loses it, so that the channel closes with the worker.

    `left` says that this is such a child: what it sends is dropped. So is what is sent while it is muted.
    """

    def __init__(self, descriptor: int = 3) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._reader = wire.FrameReader()
        self._lock = threading.Lock()
        self._held = b''
        self._received: deque[dict] = deque()
        self.left = False
        self._muted = False
        os.register_at_fork(after_in_child=self._leave)

    @contextmanager
    def muted(self) -> Iterator[None]:
        self._muted = True
        try:
            yield
        finally:
            self._muted = False

    def receive(self) -> dict:
        """The supervisor's next message. SystemExit when it is gone."""
        while not self._received:
            self._take(self._socket.recv(1 << 18))
        return self._received.popleft()

    def hears(self, seconds: float) -> bool:
        """Is there a message, or will one come within this time?"""
        return bool(self._received) or bool(select.select([self._socket], [], [], seconds)[0])

    def is_interrupted(self, identifier: int) -> bool:
        """Has the supervisor announced an interrupt of this cell? Does not wait."""
        return self._interrupt_of(identifier) is not None

    def wants_figures(self, identifier: int) -> bool:
        """Was this cell interrupted by somebody who waits for what it drew? Does not wait."""
        interrupt = self._interrupt_of(identifier)
        return interrupt is not None and interrupt.get('figures') is True

    def _interrupt_of(self, identifier: int) -> dict | None:
        try:
            while True:
                self._take(self._socket.recv(1 << 18, socket.MSG_DONTWAIT))
        except BlockingIOError:
            asked = (one for one in self._received if one['type'] == 'interrupt' and one['id'] == identifier)
            return next(asked, None)
        except OSError:
            # User code closed it.
            return None

    def send(self, message: dict) -> None:
        if self.left or self._muted:
            return
        with self._lock:
            held, self._held = self._held, b''
            self._socket.sendall(held + wire.pack(wire.CONTROL, wire.encode(message)))

    def send_body(self, body: bytes, main: bool) -> None:
        """Announces a display item and sends its JSON in pieces. A small main item waits for `flush` or the next message."""
        if self.left or self._muted:
            return
        parts = [wire.pack(wire.CONTROL, wire.encode({'type': 'display', 'main': main, 'bytes': len(body)}))]
        for start in range(0, len(body), wire.MAXIMUM_CHUNK):
            parts.append(wire.pack(wire.CHUNK, body[start : start + wire.MAXIMUM_CHUNK]))
        with self._lock:
            parts[0] = self._held + parts[0]
            self._held = b''
            if main and len(body) < _HELD:
                self._held = b''.join(parts)
                return
            for part in parts:
                self._socket.sendall(part)

    def flush(self) -> None:
        """Sends what is held back. Call before anything that may take long."""
        if self.left or self._muted:
            return
        with self._lock:
            held, self._held = self._held, b''
            if held:
                self._socket.sendall(held)

    def _take(self, data: bytes) -> None:
        if not data:
            raise SystemExit(0)
        self._reader.feed(data)
        while (frame := self._reader.next()) is not None:
            self._received.append(wire.decode(frame[1]))

    def _leave(self) -> None:
        self.left = True
        # Another thread may have held it when the worker forked.
        self._lock = threading.Lock()
        self._socket.close()
