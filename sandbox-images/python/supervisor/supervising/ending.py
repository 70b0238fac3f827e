"""How a cell ended: what the worker claims, cut down to what may be passed on, and what was seen besides."""

from dataclasses import dataclass, field

_EVIDENCE = frozenset(('memory', 'processes', 'disk', 'file-size'))
_TRUNCATED = frozenset(('rows', 'pixels', 'results', 'results-bytes', 'item', 'error'))
_CAPS = {'name': 256, 'value': 16_384, 'traceback': 65_536}


@dataclass
class Ending:
    reason: str
    worker_alive: bool = True
    error: dict | None = None
    evidence: str | None = None
    status: dict | None = None
    threads_left: int = 0
    # Threads there were when one more could not be started.
    threads_refused: int = 0
    peak_resident_bytes: int = 0
    truncated: set[str] = field(default_factory=set)
    still_running: bool = False
    processes_found: int = 0
    processes_left: int = 0
    cpu_ms: int | None = None
    artifacts: tuple[list[dict], int, bool] = ([], 0, False)

    def merge_artifacts(self, later: tuple[list[dict], int, bool]) -> None:
        """Adds what processes left behind changed until they were ended."""
        files = {file['path']: file for file in (*self.artifacts[0], *later[0])}
        cut = self.artifacts[2] or later[2]
        self.artifacts = ([files[path] for path in sorted(files)], self.artifacts[1] + later[1], cut)


def read_ending(message: dict, interrupt_asked: bool) -> Ending:
    """The worker's claim. Whatever is not of the expected shape is left out."""
    reason = message.get('reason')
    if reason == 'interrupted' and not interrupt_asked:
        reason = 'raised'
    ending = Ending(reason=reason if reason in ('completed', 'raised', 'interrupted') else 'raised')
    error = message.get('error')
    if isinstance(error, dict):
        ending.error = {}
        for key, cap in _CAPS.items():
            text = str(error.get(key, ''))
            if len(text) > cap:
                ending.truncated.add('error')
            ending.error[key] = text[:cap]
    if message.get('evidence') in _EVIDENCE:
        ending.evidence = message['evidence']
    ending.threads_left = _count(message.get('threads_left'))
    ending.threads_refused = _count(message.get('threads_refused'))
    ending.peak_resident_bytes = _count(message.get('peak_resident_bytes'))
    if isinstance(message.get('truncated'), list):
        ending.truncated |= {name for name in message['truncated'] if isinstance(name, str)} & _TRUNCATED
    status = message.get('status')
    if isinstance(status, dict) and len(status) == 1 and set(status) <= {'exited', 'signaled'}:
        ending.status = {key: _count(value) for key, value in status.items()}
    return ending


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 1 << 53 else 0
