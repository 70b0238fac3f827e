"""The supervisor's end of one worker: its two output pipes and its channel."""

import array
import codecs
import fcntl
import os
import select
import socket
import termios
import time
from collections.abc import Callable
from typing import Protocol

import wire
from supervising.loop import READ, WRITE, Loop
from supervising.processes import Watch
from supervising.witness import Witness


_READ = 1 << 16

# A program that prints line by line wakes this process for each, and shares one processor with it. After so many small
# pieces in a row, each soon after the one before, the pipe is left to fill for a moment.
_SMALL = 1 << 15
_ROW = 32
_SOON_SECONDS = 0.02
_REST_SECONDS = 0.005


class WorkerEvents(Protocol):
    """What a worker makes happen. All of it comes from the user's uid."""

    def on_output(self, worker: 'WorkerLink', stream: str, text: str, size: int) -> None: ...
    def on_message(self, worker: 'WorkerLink', kind: int, payload: bytes) -> None: ...
    def on_lost(self, worker: 'WorkerLink') -> None: ...


class WorkerLink:
    """`descriptors`: read ends of stdout and stderr, the channel, the witness; they belong to this object from now on."""

    def __init__(self, loop: Loop, events: WorkerEvents, language: str, pid: int, descriptors: list[int]) -> None:
        self.language = language
        self.pid = pid
        self.alive = True
        self.watch = Watch(pid)
        self._loop = loop
        self._events = events
        self._pipes = {'stdout': descriptors[0], 'stderr': descriptors[1]}
        self._decoders = {name: codecs.getincrementaldecoder('utf-8')('replace') for name in self._pipes}
        self._channel = socket.socket(fileno=descriptors[2])
        self.witness = Witness(descriptors[3])
        self._reader = wire.FrameReader()
        # Read into again and again: a new one for each read costs four system calls.
        self._space = bytearray(_READ)
        self._outgoing = bytearray()
        self._written = select.poll()
        for descriptor in descriptors[:2]:
            self._written.register(descriptor, select.POLLIN)
        self._paused = False
        self._row = 0
        self._read_at = 0.0
        for descriptor in descriptors[:3]:
            os.set_blocking(descriptor, False)
        self._watch()

    def send(self, message: dict) -> None:
        """Hands a message over without waiting; what the worker does not take now follows when it does."""
        self._outgoing += wire.pack(wire.CONTROL, wire.encode(message))
        self._flush()

    def pause(self, paused: bool) -> None:
        """Stops reading while the host is slow; the worker then waits in its own writes."""
        if paused == self._paused or not self.alive:
            return
        self._paused = paused
        for descriptor in self._pipes.values():
            self._loop.change(descriptor, 0 if paused else READ)
        self._loop.change(self._channel.fileno(), self._channel_events())

    def drain(self) -> None:
        """Reads what is in the pipes at this moment, but not what is written to them from now on."""
        if not self._written.poll(0):
            return
        for name, descriptor in self._pipes.items():
            waiting = array.array('i', [0])
            try:
                fcntl.ioctl(descriptor, termios.FIONREAD, waiting)
                while waiting[0] > 0 and (size := self._read_pipe(name, waiting[0])) > 0:
                    waiting[0] -= size
            except OSError:
                continue

    def finish_text(self) -> None:
        """An incomplete character at the end of a cell's output is shown as a replacement."""
        for name, decoder in self._decoders.items():
            text = decoder.decode(b'', True)
            decoder.reset()
            if text:
                self._events.on_output(self, name, text, 0)

    def close(self) -> None:
        """Gives up the descriptors. Whether the process is gone is another question."""
        if not self.alive:
            return
        self.alive = False
        for descriptor in self._pipes.values():
            self._loop.unwatch(descriptor)
            os.close(descriptor)
        self._loop.unwatch(self._channel.fileno())
        self._channel.close()
        self.witness.close()
        self.watch.close()

    def _watch(self) -> None:
        for name, descriptor in self._pipes.items():
            self._loop.watch(descriptor, lambda name=name: self._on_pipe(name))
        self._loop.watch(self._channel.fileno(), self._on_channel)

    def _channel_events(self) -> int:
        return (0 if self._paused else READ) | (WRITE if self._outgoing else 0)

    def _on_pipe(self, name: str) -> None:
        size = self._read_pipe(name, 1 << 16)
        if size == 0:
            # Nobody holds the write end any more; the channel says whether the worker lives.
            self._loop.change(self._pipes[name], 0)
        elif self.alive and 0 < size < _SMALL:
            self._rest(name)

    def _rest(self, name: str) -> None:
        now = time.monotonic()
        self._row = self._row + 1 if now - self._read_at < _SOON_SECONDS else 0
        self._read_at = now
        if self._row >= _ROW:
            self._loop.change(self._pipes[name], 0)
            self._loop.after(_REST_SECONDS, lambda: self._read_on(name))

    def _read_on(self, name: str) -> None:
        if self.alive and not self._paused:
            self._loop.change(self._pipes[name], READ)

    def _read_pipe(self, name: str, limit: int) -> int:
        """Bytes read; 0 at the end of the pipe, -1 when it is empty."""
        try:
            data = os.read(self._pipes[name], min(limit, 1 << 16))
        except BlockingIOError:
            return -1
        if data:
            self._events.on_output(self, name, self._decoders[name].decode(data), len(data))
        return len(data)

    def _on_channel(self) -> None:
        if self._outgoing:
            self._flush()
        if not self.alive:
            return
        try:
            size = self._channel.recv_into(self._space, 0, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            self._events.on_lost(self)
            return
        self._reader.feed(memoryview(self._space)[:size])
        try:
            while self.alive and (frame := self._reader.next()) is not None:
                self._events.on_message(self, *frame)
        except wire.WireError:
            self._events.on_lost(self)

    def _flush(self) -> None:
        try:
            sent = self._channel.send(self._outgoing, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._outgoing.clear()
        self._loop.change(self._channel.fileno(), self._channel_events())
