"""Entry point of the shell worker: each cell is one `/bin/sh -c`; the working folder and files last, variables do not."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import errno  # noqa: E402
import platform  # noqa: E402
import signal  # noqa: E402

from working.channel import Channel  # noqa: E402

_SHELL = '/bin/sh'
_SYSTEM_ARGUMENT_LIMIT = 128 << 10


class Worker:
    def __init__(self) -> None:
        self._channel = Channel()
        self._child = 0
        self._early = False

    def serve(self) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        self._channel.send({'type': 'ready', 'version': platform.python_version(), 'preimported': []})
        while True:
            message = self._channel.receive()
            if message['type'] == 'settings':
                self._channel.send({'type': 'settled'})
            elif message['type'] == 'cell':
                self._run(message['id'], message['code'])
            elif message['type'] == 'ping':
                self._channel.send({'type': 'pong'})

    def _run(self, identifier: int, code: str) -> None:
        end: dict = {'type': 'end', 'id': identifier, 'reason': 'completed', 'error': None, 'evidence': None}
        self._interrupted = False
        try:
            status = self._shell(identifier, code)
        except OSError as error:
            end |= {'reason': 'raised', 'error': _error('ShellError', f'the shell did not start: {error.strerror}')}
            end['evidence'] = 'processes' if error.errno == errno.EAGAIN else None
            self._channel.send(end)
            return
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            end |= {'reason': 'raised', 'status': {'signaled': number}}
            end['error'] = _error('ShellSignal', f'ended by signal {number}')
        elif os.WEXITSTATUS(status) != 0:
            code_number = os.WEXITSTATUS(status)
            end |= {'reason': 'raised', 'status': {'exited': code_number}}
            end['error'] = _error('ShellStatus', f'exit status {code_number}')
        else:
            end['status'] = {'exited': 0}
        if self._interrupted:
            end['reason'] = 'interrupted'
        self._channel.send(end)

    def _shell(self, identifier: int, code: str) -> int:
        """Runs the text in a session of its own and waits for the shell, not for what it left in the background."""
        if '\0' in code:
            raise OSError(22, 'a shell script has no NUL')
        if len(code.encode('utf-8', 'surrogatepass')) < _SYSTEM_ARGUMENT_LIMIT:
            arguments = [_SHELL, '-c', code]
        else:
            path = '/tmp/.cell.sh'
            with open(path, 'w', encoding='utf-8', errors='surrogateescape') as file:
                file.write(code)
            arguments = [_SHELL, path]
        self._child = os.posix_spawn(
            _SHELL,
            arguments,
            os.environ,
            setsid=True,
            setsigdef=[signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ],
        )
        # An interrupt that came after the cell was handed over and before there was a shell to pass it on to.
        early, self._early = self._early, False
        if early and self._channel.is_interrupted(identifier):
            self._on_interrupt(signal.SIGINT, None)
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        return status

    def _on_interrupt(self, _number: int, _frame: object) -> None:
        if not self._child:
            self._early = True
        else:
            self._interrupted = True
            try:
                os.killpg(self._child, signal.SIGINT)
                os.killpg(self._child, signal.SIGTERM)
            except ProcessLookupError:
                return


def _error(name: str, value: str) -> dict:
    return {'name': name, 'value': value, 'traceback': value}


def main() -> None:
    os.umask(0o007)
    Worker().serve()


if __name__ == '__main__':
    main()
