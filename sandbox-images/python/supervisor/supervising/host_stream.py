"""The protocol stream to the host: frames in from stdin, frames out to stdout, never blocking on either."""

import os
import sys
from collections import deque
from itertools import islice

import wire

# What may wait for a slow host before nothing more is read from workers and files.
_HIGH_WATER = 4 << 20
_READ = 1 << 16


class HostStream:
    """Reads and writes the descriptors 0 and 1, which no other process of the sandbox has."""

    def __init__(self, source: int = 0, sink: int = 1) -> None:
        self.source = source
        self.sink = sink
        self._reader = wire.FrameReader(bytes(16))
        self._nonce = bytes(16)
        self._queue: deque[memoryview] = deque()
        self._queued = 0
        # Read into again and again: a new one for each read costs four system calls.
        self._space = bytearray(_READ)
        os.set_blocking(source, False)
        os.set_blocking(sink, False)

    def adopt(self, nonce: bytes) -> None:
        """Every frame after this one, either way, carries `nonce`."""
        self._nonce = nonce
        self._reader.prefix = nonce

    def receive(self) -> bool:
        """Takes in what has arrived. False when the host closed the stream."""
        try:
            size = os.readv(self.source, (self._space,))
        except BlockingIOError:
            return True
        if not size:
            return False
        self._reader.feed(memoryview(self._space)[:size])
        return True

    def next(self) -> tuple[int, bytes] | None:
        """The next frame of the host as (kind, payload). Raises WireError when it broke the format."""
        return self._reader.next()

    def send(self, message: dict) -> None:
        self._enqueue(wire.pack(wire.CONTROL, wire.encode(message), self._nonce))

    def send_chunk(self, stream: int, data: bytes) -> None:
        self._enqueue(wire.pack(wire.CHUNK, wire.STREAM.pack(stream) + data, self._nonce))

    @property
    def congested(self) -> bool:
        """True while the host has too much to read: sources of frames have to wait."""
        return self._queued > _HIGH_WATER

    @property
    def pending(self) -> bool:
        return bool(self._queue)

    def flush(self) -> None:
        """Writes as much as the host takes now. A host that went away ends the supervisor."""
        while self._queue:
            try:
                written = os.writev(self.sink, list(islice(self._queue, 64)))
            except BlockingIOError:
                return
            except BrokenPipeError:
                sys.exit(0)
            self._queued -= written
            while written:
                head = self._queue.popleft()
                if written < len(head):
                    self._queue.appendleft(head[written:])
                    break
                written -= len(head)

    def flush_all(self) -> None:
        """Writes everything, waiting if need be; for the last words before an exit."""
        os.set_blocking(self.sink, True)
        self.flush()

    def _enqueue(self, frame: bytes) -> None:
        self._queue.append(memoryview(frame))
        self._queued += len(frame)
