"""What a container of a Pod starts with, where neither limits of processes nor a second user can be asked for.

`hold` is the first process of the supervisor's container. It waits for the supervisor, which comes by `enter`, and ends
with it, and the Pod with both; where nobody comes, it ends by itself. `enter` becomes the supervisor: its stream is that
of an exec, since whatever a container's first process writes is kept in a log on the node. `keep` is the first process
of the keeper's container, of the user's uid.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import argparse  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import socket  # noqa: E402
import stat  # noqa: E402

_HERE = os.path.dirname(os.path.abspath(__file__))
_PYTHON = ('/usr/bin/python3', '-I', '-S', '-B')
_HOLD_SOCKET = '/run/sallyport/hold.sock'
_KEEPER_SOCKET = '/run/sallyport/keeper.sock'


# What a program gets of the container's environment, in which Kubernetes puts the address of its API server.
_VARIABLES = ('PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED')

_NOT_AS_ASKED = 78


def are_folders_shared(uid: int = 1000, path: str = '/run/sallyport') -> bool:
    """Is the folder of the sockets mounted as the annotations of the Pod say? Else each container has one of its own."""
    status = os.stat(path)
    return status.st_uid == uid and stat.S_IMODE(status.st_mode) == 0o711


def environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _VARIABLES if name in os.environ}


def lower_limits(limits: dict[str, int]) -> None:
    """By their names in setrlimit(2), soft and hard, for this process and whatever it becomes."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f'RLIMIT_{name.upper()}'), (value, value))


def parse_limit(text: str) -> tuple[str, int]:
    name, _, value = text.partition('=')
    return name, int(value)


def hold(told: dict, patience: float, path: str = _HOLD_SOCKET) -> int:
    """Tells the first who comes what it has to keep to, and waits for its end. 0, or 1 where nobody came."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        # Nobody but the supervisor's uid may connect: the mode is there before the door is open.
        previous = os.umask(0o177)
        door.bind(path)
        os.umask(previous)
        door.listen(1)
        door.settimeout(patience)
        try:
            link, _ = door.accept()
        except TimeoutError:
            print(f'nobody entered within {patience:g} seconds', file=sys.stderr)
            return 1
    os.unlink(path)
    link.settimeout(None)
    link.sendall(json.dumps(told).encode('ascii') + b'\n')
    while link.recv(4096):
        pass
    return 0


def enter(path: str = _HOLD_SOCKET) -> None:
    """Becomes the supervisor, which keeps the socket open and says nothing on it: its end is the end of the container."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect(path)
    with link.makefile('rb') as words:
        told = json.loads(words.readline())
    lower_limits(told['limits'])
    os.set_inheritable(link.detach(), True)
    program = [*_PYTHON, '-u', f'{_HERE}/main.py', '--threads', str(told['threads'])]
    os.execve(program[0], program, environment())


def keep(limits: dict[str, int], patience: float) -> None:
    """Becomes the keeper, without the log of the container: user code could open whatever its own uid holds open."""
    lower_limits(limits)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    program = [*_PYTHON, f'{_HERE}/keeper.py', _KEEPER_SOCKET, f'{patience:g}']
    os.execve(program[0], program, environment())


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument('part', choices=('hold', 'enter', 'keep'))
    parser.add_argument('--limit', type=parse_limit, action='append', default=[], help='NAME=VALUE, as in setrlimit(2)')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--patience', type=float, default=30.0, help='seconds to wait for the other part')
    options = parser.parse_args()
    limits = dict(options.limit)
    if options.part == 'enter':
        enter()
    if not are_folders_shared():
        print('the folders are not mounted as the annotations of the Pod say', file=sys.stderr)
        return _NOT_AS_ASKED
    if options.part == 'keep':
        keep(limits, options.patience)
    return hold({'limits': limits, 'threads': options.threads}, options.patience)


if __name__ == '__main__':
    sys.exit(main())
