/** A point of gVisor's trace, and what is asked for with it beyond its own arguments. */
interface TracePoint {
  readonly point: string
  readonly optional?: readonly string[]
  /** Members of the process it was reached by, beyond those that every point is asked for. */
  readonly context?: readonly string[]
}

/** An event that rules can name in `evt.type`. */
interface EventType extends TracePoint {
  /** The number of its system call on x86-64, by which messages tell it; absent where a message has a type of its own. */
  readonly number?: number
  /** The event that it is told as, where that is another. */
  readonly toldAs?: string
}

function call(name: string, number: number, more: Omit<TracePoint, 'point'> = {}): readonly [string, EventType] {
  return [name, { point: `syscall/${name}/enter`, number, ...more }]
}

/** One whose arguments come as six numbers: no path, no name, nothing that is behind a pointer. */
function plainCall(name: string, number: number): readonly [string, EventType] {
  return [name, { point: `syscall/sysno/${number}/enter`, number }]
}

const execve: EventType = { point: 'sentry/execve', optional: ['binary_info'] }

/**
 * The events of gVisor's kernel that rules can name, by their names in Falco. Calls are told when they begin, whatever
 * they come to: in a sandbox the attempt is the news.
 */
export const eventTypes: ReadonlyMap<string, EventType> = new Map<string, EventType>([
  ['execve', execve],
  ['execveat', { ...execve, toldAs: 'execve' }],
  // Ours: what was asked for, which an `execve` is only where it succeeds.
  ['execve_attempt', { point: 'syscall/execve/enter', number: 59, context: ['cwd'] }],
  ['execveat_attempt', { point: 'syscall/execveat/enter', number: 322, optional: ['fd_path'], context: ['cwd'] }],
  ['clone', { point: 'sentry/clone' }],
  ['clone3', { point: 'sentry/clone', toldAs: 'clone' }],
  ['fork', { point: 'sentry/clone', toldAs: 'clone' }],
  ['vfork', { point: 'sentry/clone', toldAs: 'clone' }],
  ['procexit', { point: 'sentry/exit_notify_parent' }],
  call('open', 2, { context: ['cwd'] }),
  call('openat', 257, { optional: ['fd_path'], context: ['cwd'] }),
  call('creat', 85, { context: ['cwd'] }),
  call('socket', 41),
  call('connect', 42),
  call('bind', 49),
  call('listen', 50),
  call('chdir', 80, { context: ['cwd'] }),
  call('chroot', 161, { context: ['cwd'] }),
  call('setuid', 105),
  call('setgid', 106),
  call('setresuid', 117),
  call('setresgid', 119),
  call('prlimit64', 302),
  call('ptrace', 101),
  plainCall('openat2', 437),
  plainCall('mount', 165),
  plainCall('umount2', 166),
  plainCall('pivot_root', 155),
  plainCall('move_mount', 429),
  plainCall('fsopen', 430),
  plainCall('open_tree', 428),
  plainCall('unshare', 272),
  plainCall('setns', 308),
  plainCall('memfd_create', 319),
  plainCall('prctl', 157),
  plainCall('bpf', 321),
  plainCall('perf_event_open', 298),
  plainCall('keyctl', 250),
  plainCall('add_key', 248),
  plainCall('request_key', 249),
  plainCall('userfaultfd', 323),
  plainCall('init_module', 175),
  plainCall('finit_module', 313),
  plainCall('delete_module', 176),
  plainCall('kexec_load', 246),
  plainCall('kexec_file_load', 320),
  plainCall('process_vm_readv', 310),
  plainCall('process_vm_writev', 311),
  plainCall('io_uring_setup', 425),
  plainCall('seccomp', 317),
  plainCall('personality', 135),
  plainCall('open_by_handle_at', 304),
  plainCall('name_to_handle_at', 303),
  plainCall('fanotify_init', 300),
  plainCall('symlink', 88),
  plainCall('symlinkat', 266),
  plainCall('mknod', 133),
  plainCall('mknodat', 259),
  plainCall('capset', 126),
  plainCall('kcmp', 312),
  plainCall('pidfd_open', 434),
  plainCall('pidfd_getfd', 438),
  plainCall('kill', 62),
  plainCall('tkill', 200),
  plainCall('tgkill', 234),
  plainCall('reboot', 169),
  plainCall('swapon', 167),
  plainCall('acct', 163),
  plainCall('iopl', 172),
  plainCall('ioperm', 173),
  plainCall('sethostname', 170),
  plainCall('settimeofday', 164),
  plainCall('clock_settime', 227),
  plainCall('syslog', 103),
  plainCall('sendto', 44),
  plainCall('sendmsg', 46),
])

const texts = [
  'evt.type',
  'evt.arg.flags',
  'evt.arg.request',
  'evt.arg.option',
  'evt.arg.domain',
  'evt.arg.type',
  'evt.is_open_read',
  'evt.is_open_write',
  'fd.name',
  'fd.directory',
  'fd.filename',
  'fd.sip',
  'fd.rip',
  'fd.sockfamily',
  'proc.name',
  'proc.pname',
  'proc.exepath',
  'proc.pexepath',
  'proc.args',
  'proc.cmdline',
  'proc.cwd',
  'proc.is_exe_from_memfd',
  'container.id',
]

const numbers = [
  'evt.rawarg.flags',
  'evt.arg.uid',
  'evt.arg.pid',
  'evt.arg.sig',
  'fd.sport',
  'fd.rport',
  'proc.pid',
  'proc.ppid',
  'user.uid',
  'group.gid',
  'sandbox.processes',
]

/** What rules can ask about an event; those that are absent from one make every comparison with them false. */
export const eventFields: ReadonlyMap<string, 'text' | 'number'> = new Map<string, 'text' | 'number'>([
  ...texts.map((name) => [name, 'text'] as const),
  ...numbers.map((name) => [name, 'number'] as const),
])
