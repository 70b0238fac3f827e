"""Where the keeper comes in, and how it proves who it is."""

import os
import socket
import struct
import sys
from collections.abc import Callable

import wire
from supervising.keeper_process import capabilities
from supervising.loop import Loop

_CREDENTIALS = struct.Struct('3i')
_SCM_CREDENTIALS = 2
_MAXIMUM_WAITING = 8

Accepted = Callable[[socket.socket, int], None]


class KeeperDoor:
    """Listens for the keeper. The first process of the user's uid without capabilities is it, and then the door is gone.

    No user code runs before a keeper started its worker, so nothing else of that uid can come first.
    """

    def __init__(self, loop: Loop, path: str, uid: int) -> None:
        self._loop = loop
        self._path = path
        self._uid = uid
        self._listener: socket.socket | None = None
        # Connected, and yet to say who they are.
        self._waiting: list[socket.socket] = []

    def open(self, accepted: Accepted) -> None:
        if self._listener is not None:
            return
        if os.path.lexists(self._path):
            os.unlink(self._path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self._path)
        os.chmod(self._path, 0o666)
        listener.listen(1)
        self._listener = listener
        self._loop.watch(listener.fileno(), lambda: self._accept(accepted))

    def _accept(self, accepted: Accepted) -> None:
        assert self._listener is not None
        connection, _ = self._listener.accept()
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, _ = _CREDENTIALS.unpack(peer)
        if pid != os.getpid():
            self._judge(connection, (pid, uid), accepted)
        elif len(self._waiting) < _MAXIMUM_WAITING:
            # Some kernels of gVisor name whoever asks instead of the peer. What comes with a message is the sender's.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            self._waiting.append(connection)
            self._loop.watch(connection.fileno(), lambda: self._hear(connection, accepted))
        else:
            connection.close()

    def _hear(self, connection: socket.socket, accepted: Accepted) -> None:
        """The keeper's first message, for whose sender the kernel vouches."""
        self._forget(connection)
        data, sender = b'', None
        try:
            data, ancillary, _, _ = connection.recvmsg(
                len(wire.HERE) + 1,
                socket.CMSG_SPACE(_CREDENTIALS.size),
                socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC,
            )
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
            sender = sender_of(ancillary)
        except OSError:
            pass
        self._judge(connection, sender if data == wire.HERE else None, accepted)

    def _judge(self, connection: socket.socket, sender: tuple[int, int] | None, accepted: Accepted) -> None:
        """Lets in a sender, as (pid, uid), whose uid is the user's and who may do nothing beyond it."""
        if sender is None or sender[1] != self._uid or not _is_powerless(sender[0]):
            print('sallyport supervisor: what asked to be keeper has another uid or capabilities', file=sys.stderr)
            connection.close()
            return
        for other in list(self._waiting):
            self._forget(other)
            other.close()
        assert self._listener is not None
        self._loop.unwatch(self._listener.fileno())
        self._listener.close()
        self._listener = None
        os.unlink(self._path)
        accepted(connection, sender[0])

    def _forget(self, connection: socket.socket) -> None:
        self._waiting.remove(connection)
        self._loop.unwatch(connection.fileno())


def sender_of(ancillary: list[tuple[int, int, bytes]]) -> tuple[int, int] | None:
    """(pid, uid) as the kernel vouches for them, or None. Descriptors that came along are closed."""
    sender = None
    for level, kind, payload in ancillary:
        if level != socket.SOL_SOCKET:
            continue
        if kind == _SCM_CREDENTIALS and len(payload) == _CREDENTIALS.size:
            pid, uid, _ = _CREDENTIALS.unpack(payload)
            sender = (pid, uid)
        elif kind == socket.SCM_RIGHTS:
            for (descriptor,) in struct.iter_unpack('i', payload[: len(payload) & ~3]):
                os.close(descriptor)
    return sender


def _is_powerless(pid: int) -> bool:
    try:
        return not capabilities(pid).strip('0')
    except OSError:
        return False
