import { cpuPeriod } from '../cgroup.ts'
import { type SandboxLimits, threadsOf } from '../../limits.ts'

interface ConfigOptions {
  /** Unpacked image, read-only for the sandbox. */
  readonly rootFolder: string
  /** The one member, beside the cgroup, in which a restored sandbox may differ from the one that was checkpointed. */
  readonly hostname: string
  readonly limits: SandboxLimits
  /** Below the cgroup root; null where there are no cgroups to be had. */
  readonly cgroupPath: string | null
  /** Environment of the image. */
  readonly environment: readonly string[]
}

const supervisorUid = 1000
const userUid = 1001
const kibibyte = 1024

const supervisor = ['/usr/bin/python3', '-I', '-S', '-B', '-u', '/opt/sallyport/supervisor/main.py']

/** For starting the keeper under the user's uid; the supervisor gives them up before it says that it is ready. */
const capabilities = ['CAP_SETUID', 'CAP_SETGID', 'CAP_KILL']

/** Where the kernel's own settings could leak or be changed; gVisor's /proc has few of them, and these stay shut. */
const maskedPaths = ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/sched_debug', '/sys/firmware']
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** The same walls as the Docker driver's, in the words of the OCI runtime specification 1.2. */
export function ociConfig(options: ConfigOptions): object {
  const { limits } = options
  const tmpfs = (destination: string, bytes: number, flags: readonly string[]) => ({
    destination,
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['rw', 'nosuid', 'nodev', 'noexec', `size=${Math.ceil(bytes / kibibyte)}k`, ...flags],
  })
  const owned = (uid: number, mode: string) => [`mode=${mode}`, `uid=${uid}`, `gid=${uid}`]
  const rlimit = (type: string, value: number) => ({ type, soft: value, hard: value })
  return {
    ociVersion: '1.2.0',
    hostname: options.hostname,
    process: {
      terminal: false,
      user: { uid: supervisorUid, gid: supervisorUid, additionalGids: [userUid] },
      args: [...supervisor, '--spawn', 'self', '--threads', String(threadsOf(limits))],
      env: options.environment,
      cwd: '/tmp',
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: capabilities,
        ambient: capabilities,
      },
      rlimits: [
        rlimit('RLIMIT_CORE', 0),
        rlimit('RLIMIT_NOFILE', limits.openFiles),
        rlimit('RLIMIT_FSIZE', limits.fileBytes),
      ],
      noNewPrivileges: true,
      oomScoreAdj: 500,
    },
    root: { path: options.rootFolder, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      tmpfs('/dev/shm', 16 * 1024 * kibibyte, ['mode=1777']),
      tmpfs('/tmp', limits.temporaryBytes, owned(userUid, '1770')),
      tmpfs('/mnt/data', limits.dataBytes, owned(userUid, '2770')),
      tmpfs('/run/sallyport', 1024 * kibibyte, owned(supervisorUid, '0711')),
    ],
    linux: {
      ...(options.cgroupPath === null ? {} : { cgroupsPath: options.cgroupPath, resources: resources(limits) }),
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths,
      readonlyPaths,
    },
  }
}

function resources(limits: SandboxLimits): object {
  return {
    memory: { limit: limits.hardMemoryBytes, swap: limits.hardMemoryBytes },
    pids: { limit: limits.hostTasks },
    cpu: { quota: Math.round(limits.cpus * cpuPeriod), period: cpuPeriod },
    devices: [{ allow: false, access: 'rwm' }],
  }
}
