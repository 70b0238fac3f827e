"""How a worker process is made: its descriptors, its environment and its limits."""

import fcntl
import os
import resource
import signal
import socket

_HERE = os.path.dirname(os.path.abspath(__file__))
_CHANNEL = 3
_WITNESS = 4
_WITNESS_LIBRARY = '/opt/sallyport/lib/libwitness.so'
_WITNESS_BYTES = 16

DATA = '/mnt/data'

# Bytes of address space between the soft and the hard limit.
RESERVE = 64 << 20


def command(language: str, memory_mb: int, threads: int) -> list[str]:
    """The program and its arguments. `memory_mb` 0 means that no limit is known yet."""
    if language == 'python':
        return ['/usr/bin/python3', '-I', '-B', '-X', f'cpu_count={threads}', f'{_HERE}/python_worker.py']
    if language == 'shell':
        return ['/usr/bin/python3', '-I', '-S', '-B', f'{_HERE}/shell_worker.py']
    heap = [f'--max-old-space-size={max(64, memory_mb)}'] if memory_mb else []
    return ['/usr/local/bin/node', *heap, '--expose-internals', '--no-warnings', f'{_HERE}/worker.mjs']


# The variables from which libraries take their number of threads: those of OpenMP (scikit-learn; Arrow heeds it too),
# the linear algebra behind numpy, and others an analyst may bring along. DuckDB finds the quota by itself.
_THREADS = (
    'OMP_NUM_THREADS',
    'OPENBLAS_NUM_THREADS',
    'MKL_NUM_THREADS',
    'BLIS_NUM_THREADS',
    'NUMEXPR_NUM_THREADS',
    'NUMEXPR_MAX_THREADS',
    'NUMBA_NUM_THREADS',
    'POLARS_MAX_THREADS',
    'RAYON_NUM_THREADS',
    'LOKY_MAX_CPU_COUNT',
    'PYTHON_CPU_COUNT',
)


def environment(threads: int) -> dict[str, str]:
    """Everything user code finds in its environment. A quota of one processor still shows two of them in gVisor, and
    threads that wait for each other on one processor are several times slower than one."""
    return {
        **dict.fromkeys(_THREADS, str(threads)),
        'PATH': '/usr/local/bin:/usr/bin:/bin',
        'HOME': '/tmp',
        'LANG': 'C.UTF-8',
        'LC_ALL': 'C.UTF-8',
        'TZ': 'Etc/UTC',
        'MPLBACKEND': 'Agg',
        'MPLCONFIGDIR': '/tmp/.matplotlib',
        'MATPLOTLIBRC': '/opt/sallyport/matplotlib/matplotlibrc',
        # One arena reserves 64 MiB of address space: per thread they would eat the soft memory limit.
        'MALLOC_ARENA_MAX': '2',
        # Arrow's own pool reserves 1 GiB of address space at its first use, and then has none left under the limit.
        'ARROW_DEFAULT_MEMORY_POOL': 'system',
        # Threads that wait sleep instead of spinning at the expense of those that work.
        'OMP_WAIT_POLICY': 'passive',
    }


def start_worker(language: str, memory_mb: int, threads: int) -> tuple[int, tuple[int, int, int, int]]:
    """Starts one and returns its pid, our ends of its stdout, stderr and channel, and its witness (see witness.c).

    The pipes are made here, under the user's uid, so that user code may open `/dev/stdout` again.
    """
    out_read, out_write = os.pipe2(os.O_CLOEXEC)
    error_read, error_write = os.pipe2(os.O_CLOEXEC)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours_descriptor = ours.detach()
    witness = _open_witness()
    pid = os.fork()
    if pid == 0:
        try:
            variables = environment(threads)
            if language == 'python' and os.path.exists(_WITNESS_LIBRARY):
                variables['LD_PRELOAD'] = _WITNESS_LIBRARY
            ends = (out_write, error_write, theirs.fileno(), witness)
            _become(command(language, memory_mb, threads), variables, ends)
        finally:
            os._exit(127)
    theirs.close()
    os.close(out_write)
    os.close(error_write)
    return pid, (out_read, error_read, ours_descriptor, witness)


def _open_witness() -> int:
    """A file of sixteen bytes in memory, whose size nobody can change."""
    descriptor = os.memfd_create('witness', os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, _WITNESS_BYTES)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return descriptor


def _become(arguments: list[str], variables: dict[str, str], descriptors: tuple[int, ...]) -> None:
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGPIPE, signal.SIGCHLD, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    # Out of the way of 0 to 4, but as low as possible: the limit of open files may be small.
    out, error, channel, witness = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, _WITNESS + 1) for descriptor in descriptors)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (out, 1), (error, 2), (channel, _CHANNEL), (witness, _WITNESS)):
        os.dup2(source, target)
    os.closerange((_WITNESS if 'LD_PRELOAD' in variables else _CHANNEL) + 1, 256)
    os.chdir(DATA if os.path.isdir(DATA) else '/')
    os.execve(arguments[0], arguments, variables)


_KINDS = {
    'address_space_bytes': resource.RLIMIT_AS,
    'processes': resource.RLIMIT_NPROC,
    'open_files': resource.RLIMIT_NOFILE,
    'file_bytes': resource.RLIMIT_FSIZE,
    'core_bytes': resource.RLIMIT_CORE,
}


def apply_limits(pid: int, limits: dict[str, int]) -> None:
    """Sets the limits of a running process of this uid; only smaller values than in force are possible.

    Soft and hard are the same but for the address space, where the worker may open its reserve (`working/reserve.py`).
    """
    for name, kind in _KINDS.items():
        if name in limits:
            room = RESERVE if kind == resource.RLIMIT_AS else 0
            resource.prlimit(pid, kind, (limits[name], limits[name] + room))
