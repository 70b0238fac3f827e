"""An exception as people read it, and what it proves about a limit."""

import dis
import errno
import linecache
import os
import re
import sys
import traceback
from types import TracebackType

from working import absent
from working.wrapping import is_wrapping

CELL_PREFIX = '<cell '

_MAXIMUM_VALUE = 8_192
_MAXIMUM_TRACEBACK = 32_768
_MAXIMUM_CAUSES = 20
_ALLOCATION_ERRORS = ('MemoryError', '_ArrayMemoryError', 'ArrowMemoryError')
# Libraries that have an exception of their own for it, by the module that holds it.
_OWN_ALLOCATION_ERRORS = (('duckdb', 'OutOfMemoryException'),)
# What pools of processes make the cause of an exception that came from one of theirs.
_REMOTE_TRACEBACKS = (
    ('multiprocessing.pool', 'RemoteTraceback'),
    ('concurrent.futures.process', '_RemoteTraceback'),
    ('joblib.externals.loky.process_executor', '_RemoteTraceback'),
)


def remember_source(name: str, code: str) -> None:
    """Lets tracebacks show the cell's lines."""
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)


def describe(error: BaseException) -> dict:
    """The protocol's `error`. A `__str__` that raises is said to; only the user's part of the stack is shown."""
    hint = _hint_of(error)
    return {
        'name': type(error).__name__[:256],
        'value': f'{_text_of(error)[:_MAXIMUM_VALUE]}{hint}'.lstrip() if hint else _text_of(error)[:_MAXIMUM_VALUE],
        'traceback': f'{_traceback_of(error)[-_MAXIMUM_TRACEBACK:]}{hint.lstrip()}',
    }


def evidence(error: BaseException) -> str | None:
    """Which limit made the interpreter itself raise this, or None.

    A native failure leaves a traceback whose innermost instruction is a call or an operation; one that the code raised
    by itself ends at a raise instruction.
    """
    current: BaseException | None = error
    for _ in range(_MAXIMUM_CAUSES):
        if current is None:
            return None
        if _is_native(current.__traceback__) and (kind := _kind(current)) is not None:
            return kind
        if _is_carried(current) and (kind := _kind(current)) is not None:
            return kind
        if any(_is_raised_by(current, module, name) for module, name in _OWN_ALLOCATION_ERRORS):
            return 'memory'
        current = current.__cause__
    return None


def bare(name: str, value: str) -> dict:
    """The protocol's `error` where the exception itself could not be asked."""
    return {'name': name, 'value': value, 'traceback': f'{name}: {value}'}


def _kind(error: BaseException) -> str | None:
    if isinstance(error, MemoryError):
        # The parser reports nesting as a MemoryError too.
        return 'memory' if type(error).__name__ in _ALLOCATION_ERRORS and not _is_parser_limit(error) else None
    if isinstance(error, RuntimeError) and 'start new thread' in _text_of(error):
        return 'processes'
    if isinstance(error, OSError):
        if error.errno == errno.EAGAIN and error.filename is None and isinstance(error, BlockingIOError):
            return 'processes' if _calls_fork(error.__traceback__) else None
        return {errno.ENOMEM: 'memory', errno.ENOSPC: 'disk', errno.EDQUOT: 'disk', errno.EFBIG: 'file-size'}.get(
            error.errno or 0
        )
    return None


def _is_carried(error: BaseException) -> bool:
    """Did a process of a pool hand it over, whose own last line raises nothing by itself?"""
    kinds = [getattr(sys.modules.get(module), name, None) for module, name in _REMOTE_TRACEBACKS]
    if type(error.__cause__) not in kinds:
        return False
    frames = _text_of(error.__cause__).split('\n  File "')
    lines = frames[-1].splitlines()
    return len(frames) > 1 and len(lines) > 1 and re.search(r'\braise\b', lines[1]) is None


def _is_raised_by(error: BaseException, module: str, name: str) -> bool:
    """Is it the library's own exception, raised by the library: in its native part, or in a file of its folder?"""
    library = sys.modules.get(module)
    kind = getattr(library, name, None)
    if not isinstance(kind, type) or not isinstance(error, kind):
        return False
    last = _innermost(error.__traceback__)
    folder = os.path.dirname(getattr(library, '__file__', None) or '')
    within = last is not None and folder and last.tb_frame.f_code.co_filename.startswith(f'{folder}/')
    return bool(within) or _is_native(error.__traceback__)


_OWN_ENDS = frozenset(('_on_interrupt', 'start_counted', 'no_input'))
_FORKERS = frozenset(('fork', 'forkpty', 'posix_spawn', 'posix_spawnp', '_fork_exec', 'fork_exec'))


def _hint_of(error: BaseException) -> str:
    """What to use instead of a module that is not there, with a space before it; empty where there is nothing to say."""
    try:
        hint = absent.hint(error)
    except Exception:
        return ''
    return '' if hint is None else f' {hint}'


def _is_parser_limit(error: MemoryError) -> bool:
    # zlib and others give their failed allocations a text too; only the parser's names the parser.
    return type(error) is MemoryError and 'arser' in _text_of(error)


def _innermost(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _calls_fork(trace: TracebackType | None) -> bool:
    last = _innermost(trace)
    return last is not None and not _FORKERS.isdisjoint(last.tb_frame.f_code.co_names)


def _is_native(trace: TracebackType | None) -> bool:
    last = _innermost(trace)
    if last is None:
        return True
    code = last.tb_frame.f_code.co_code
    if not 0 <= last.tb_lasti < len(code):
        return False
    return dis.opname[code[last.tb_lasti]] != 'RAISE_VARARGS'


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as inner:
        return f'<its text raised {type(inner).__name__}>'


def _traceback_of(error: BaseException) -> str:
    try:
        chain = _chain(error)
        for link in chain:
            _trim(link)
        return _format(error, chain[-1])
    except Exception as inner:
        return f'{type(error).__name__} (its traceback could not be shown: {type(inner).__name__})'


def _format(error: BaseException, last: BaseException) -> str:
    """The text of a chain as far as `last`: a longer one, cheap to make, would take for ever to show."""
    if _before(last) is None:
        return _lines(error)
    cause, context, suppressed = last.__cause__, last.__context__, last.__suppress_context__
    last.__cause__ = last.__context__ = None
    try:
        return f'(earlier causes are left out)\n\n{_lines(error)}'
    finally:
        last.__cause__, last.__context__, last.__suppress_context__ = cause, context, suppressed


def _lines(error: BaseException) -> str:
    lines = traceback.TracebackException.from_exception(error, capture_locals=False, compact=True, limit=-60).format()
    return ''.join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and what came before it, as far as is shown."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and len(chain) < _MAXIMUM_CAUSES and all(current is not link for link in chain):
        chain.append(current)
        current = _before(current)
    return chain


def _before(error: BaseException) -> BaseException | None:
    if error.__cause__ is not None:
        return error.__cause__
    return None if error.__suppress_context__ else error.__context__


def _trim(error: BaseException) -> None:
    """Drops the worker's own frames, which come before the first cell's."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith(CELL_PREFIX):
        trace = trace.tb_next
    if trace is not None:
        error.__traceback__ = trace
        _cut_own_end(trace)
    elif _is_ours(error.__traceback__):
        error.__traceback__ = None


def _cut_own_end(trace: TracebackType) -> None:
    """Drops the frame of ours that an interrupt, or the refusal of a thread, came out of, and those around libraries."""
    while trace.tb_next is not None:
        if is_wrapping(trace.tb_next):
            trace.tb_next = trace.tb_next.tb_next
            continue
        if _is_ours(trace.tb_next) and trace.tb_next.tb_frame.f_code.co_name in _OWN_ENDS:
            trace.tb_next = None
            return
        trace = trace.tb_next


def _is_ours(trace: TracebackType | None) -> bool:
    return trace is not None and '/sallyport/supervisor/' in trace.tb_frame.f_code.co_filename
