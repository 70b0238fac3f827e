"""The keeper: one per sandbox, under the user's uid. Starts workers, signals them, waits for them, ends them.

It exists because nobody in a sandbox may change uid: only a process of the user's uid can signal the user's processes
or be the parent that learns how they ended. It runs no user code, but user code may kill or stop it; the supervisor
and the host count on neither its life nor its honesty.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import array  # noqa: E402
import select  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
import time  # noqa: E402

import wire  # noqa: E402
from worker_process import apply_limits, start_worker  # noqa: E402

SOCKET_PATH = '/run/sallyport/keeper.sock'

_SCM_CREDENTIALS = 2

# The host may start the keeper before the supervisor has opened its door.
_DOOR_SECONDS = 20.0
_DOOR_PAUSE = 0.005

# How long killed processes may take to disappear; on a crowded machine the kernel is slow.
_SWEEP_SECONDS = 5.0
_SWEEP_GENERATIONS = 5
_SWEEP_PAUSE = 0.002


class Keeper:
    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._reader = wire.FrameReader()
        self._workers: set[int] = set()
        self._wakeup, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def run(self) -> None:
        """Serves orders until the supervisor goes away."""
        poll = select.poll()
        poll.register(self._link, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._wakeup:
                    os.read(self._wakeup, 4096)
                    self._reap()
                    continue
                data = self._link.recv(1 << 16)
                if not data:
                    return
                self._reader.feed(data)
                while (frame := self._reader.next()) is not None:
                    self._obey(wire.decode(frame[1]))

    def _obey(self, order: dict) -> None:
        match order['type']:
            case 'spawn':
                self._spawn(order)
            case 'limit':
                try:
                    apply_limits(order['pid'], order['limits'])
                    self._say({'type': 'limited', 'pid': order['pid']})
                except OSError as error:
                    self._say({'type': 'limit-failed', 'pid': order['pid'], 'message': str(error)})
            case 'interrupt':
                self._interrupt(order['pid'])
                self._say({'type': 'interrupted', 'run': order['run']})
            case 'kill':
                self._kill_everything()
                self._reap()
                self._say({'type': 'killed', 'order': order['order']})
            case 'end':
                if order['pid'] in self._workers:
                    os.kill(order['pid'], signal.SIGKILL)
            case 'sweep':
                everything = self._kill_others()
                self._say({'type': 'swept', 'run': order['run'], 'everything': everything})

    def _spawn(self, order: dict) -> None:
        try:
            pid, descriptors = start_worker(order['language'], order['memory_mb'], order['threads'])
        except OSError as error:
            self._say({'type': 'spawn-failed', 'language': order['language'], 'message': str(error)})
            return
        self._workers.add(pid)
        self._say({'type': 'spawned', 'language': order['language'], 'pid': pid}, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)

    def _interrupt(self, pid: int) -> None:
        """SIGINT, and SIGCONT for one that stopped itself. Only a child of ours: its pid cannot have passed on."""
        if pid in self._workers:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGCONT)

    def _kill_everything(self) -> None:
        """kill(-1) reaches every process of this uid but the caller; repeated, because a fork may slip through."""
        for _ in range(200):
            try:
                os.kill(-1, signal.SIGKILL)
            except ProcessLookupError:
                return
            self._reap()

    def _kill_others(self) -> bool:
        """Ends what a cell left behind, but no worker; if that forks faster than it can be ended, everything: then True."""
        ended: set[int] = set()
        # Of another uid, as the supervisor's: nothing that a cell can have left.
        foreign: set[int] = set()
        generations = 0
        give_up = time.monotonic() + _SWEEP_SECONDS
        while time.monotonic() < give_up:
            left = _processes() - self._workers - foreign - {os.getpid(), os.getppid()}
            if not left:
                return False
            if left - ended:
                generations += 1
                if generations > _SWEEP_GENERATIONS:
                    self._kill_everything()
                    return True
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except PermissionError:
                    foreign.add(pid)
                except ProcessLookupError:
                    continue
            ended |= left
            self._reap()
            time.sleep(_SWEEP_PAUSE)
        return False

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._workers:
                self._workers.discard(pid)
                self._say({'type': 'worker-ended', 'pid': pid, 'status': describe_status(status)})

    def _say(self, message: dict, descriptors: tuple[int, ...] = ()) -> None:
        frame = wire.pack(wire.CONTROL, wire.encode(message))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))] if descriptors else []
        sent = self._link.sendmsg([frame], rights)
        if sent < len(frame):
            self._link.sendall(frame[sent:])


def _processes() -> set[int]:
    """Every process but PID 1 and zombies. Those of a fork bomb are gone before more could be asked about them."""
    return {int(name) for name in os.listdir('/proc') if name.isdigit() and name != '1' and not _is_zombie(name)}


def _is_zombie(name: str) -> bool:
    try:
        with open(f'/proc/{name}/stat', 'rb') as file:
            text = file.read(4096)
        return text[text.rindex(b')') + 2 :][:1] in (b'Z', b'X')
    except (OSError, ValueError):
        return False


def describe_status(status: int) -> dict:
    """A wait status as the protocol's `status`."""
    if os.WIFSIGNALED(status):
        return {'signaled': os.WTERMSIG(status)}
    return {'exited': os.WEXITSTATUS(status)}


def _enter(path: str, seconds: float = _DOOR_SECONDS) -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    give_up = time.monotonic() + seconds
    while True:
        try:
            link.connect(path)
            return link
        except (FileNotFoundError, PermissionError, ConnectionRefusedError):
            # Not there yet, not yet for us, or nobody listens yet.
            if time.monotonic() > give_up:
                raise
            time.sleep(_DOOR_PAUSE)


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else SOCKET_PATH
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else _DOOR_SECONDS
    os.setsid() if os.getpid() != os.getsid(0) else None
    os.umask(0o007)
    link = _enter(path, seconds)
    # Where the supervisor cannot ask the kernel for its peer, this says who it is; the kernel lets nobody lie in it.
    who = struct.pack('3i', os.getpid(), os.getuid(), os.getgid())
    link.sendmsg([wire.HERE], [(socket.SOL_SOCKET, _SCM_CREDENTIALS, who)])
    Keeper(link).run()


if __name__ == '__main__':
    main()
