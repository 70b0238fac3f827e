"""The supervisor's end of its talk with the keeper."""

import array
import os
import socket
import stat
from collections.abc import Callable

import wire
from supervising.loop import Loop

_MAXIMUM_MESSAGE = 4096


class KeeperLink:
    """Orders out, news in. News is a dict with at most three descriptors; anything malformed ends the link."""

    def __init__(self, loop: Loop, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self.alive = True
        self._loop = loop
        self._connection = connection
        self._reader = wire.FrameReader()
        self._descriptors: list[int] = []
        self._news: Callable[[dict, list[int]], None] = lambda *_: None
        self._lost: Callable[[], None] = lambda: None
        connection.setblocking(False)

    def listen(self, news: Callable[[dict, list[int]], None], lost: Callable[[], None]) -> None:
        self._news = news
        self._lost = lost
        self._loop.watch(self._connection.fileno(), self._receive)

    def order(self, message: dict) -> None:
        """Never waits: orders are small and few, and a keeper that does not take them was stopped by user code."""
        if not self.alive:
            return
        try:
            frame = wire.pack(wire.CONTROL, wire.encode(message))
            if self._connection.send(frame) != len(frame):
                self.close()
        except OSError:
            self.close()

    def close(self) -> None:
        if not self.alive:
            return
        self.alive = False
        self._loop.unwatch(self._connection.fileno())
        self._connection.close()
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        self._lost()

    def _receive(self) -> None:
        try:
            data, ancillary, _, _ = self._connection.recvmsg(_MAXIMUM_MESSAGE, socket.CMSG_SPACE(16), socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        for _, kind, payload in ancillary:
            if kind == socket.SCM_RIGHTS:
                rights = array.array('i')
                rights.frombytes(payload[: len(payload) - len(payload) % rights.itemsize])
                self._descriptors.extend(rights)
        if not data or len(self._descriptors) > 4:
            self.close()
            return
        self._reader.feed(data)
        try:
            while self.alive and (frame := self._reader.next()) is not None:
                message = wire.decode(frame[1])
                taken = self._descriptors if message['type'] == 'spawned' else []
                if taken:
                    self._descriptors = []
                self._news(message, taken)
        except (wire.WireError, KeyError, TypeError):
            self.close()


def are_worker_ends(descriptors: list[int]) -> bool:
    """Two pipes, a socket and a file, as a keeper hands them over."""
    if len(descriptors) != 4:
        return False
    modes = [os.fstat(descriptor).st_mode for descriptor in descriptors]
    return stat.S_ISFIFO(modes[0]) and stat.S_ISFIFO(modes[1]) and stat.S_ISSOCK(modes[2]) and stat.S_ISREG(modes[3])
