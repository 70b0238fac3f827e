"""Entry point of the sandbox: PID 1, uid 1000, the protocol on stdin and stdout (see PROTOCOL.md)."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import argparse  # noqa: E402
import signal  # noqa: E402

from supervising.supervisor import Supervisor  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('--spawn', choices=('exec', 'self'), default='exec')
    parser.add_argument('--data', default='/mnt/data')
    parser.add_argument('--door', default='/run/sallyport/keeper.sock')
    parser.add_argument('--uid', type=int, default=1001)
    parser.add_argument('--threads', type=int, default=1, help='threads a library may take: what the processor quota is good for')
    options = parser.parse_args()
    # Orphans of user code become children of PID 1: they are collected without being waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.umask(0o007)
    Supervisor(data=options.data, door=options.door, spawn=options.spawn, uid=options.uid, threads=options.threads).serve()


if __name__ == '__main__':
    main()
