import { isolationOf } from '../../isolation.ts'
import { type SandboxLimits, threadsOf } from '../../limits.ts'
import { toOci } from './to-oci.ts'

interface ConfigOptions {
  /** Unpacked image, read-only for the sandbox. */
  readonly rootFolder: string
  /** The one member, beside the cgroup and its share, in which a restored sandbox may differ from the one that was checkpointed. */
  readonly hostname: string
  readonly limits: SandboxLimits
  /** The path below the cgroup root; null on a host without cgroups. */
  readonly cgroupPath: string | null
  /** Its share of the processors as `cpu.shares`, in which a restored sandbox may differ, too; the kernel's own where it is absent. */
  readonly processorShares?: number
  /** Environment of the image. */
  readonly environment: readonly string[]
}

const supervisor = ['/usr/bin/python3', '-I', '-S', '-B', '-u', '/opt/sallyport/supervisor/main.py']

/** What Linux programs expect; Docker mounts the same by itself. */
const systemMounts = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
]

/**
 * Paths where the kernel's own settings could leak or be changed. gVisor's /proc has few of them; they are hidden all
 * the same.
 */
const maskedPaths = ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/sched_debug', '/sys/firmware']
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** The configuration of a bundle, by the OCI runtime specification 1.2. */
export function ociConfig(options: ConfigOptions): object {
  const { limits, cgroupPath, processorShares } = options
  const isolated = toOci(isolationOf(limits))
  const { resources: usual, ...linux } = isolated.linux
  const resources = processorShares === undefined ? usual : { ...usual, cpu: { ...usual.cpu, shares: processorShares } }
  return {
    ociVersion: '1.2.0',
    hostname: options.hostname,
    process: {
      ...isolated.process,
      terminal: false,
      args: [...supervisor, '--spawn', 'self', '--threads', String(threadsOf(limits))],
      env: options.environment,
      cwd: '/tmp',
    },
    root: { ...isolated.root, path: options.rootFolder },
    mounts: [...systemMounts, ...isolated.mounts],
    linux: {
      ...(cgroupPath === null ? {} : { cgroupsPath: cgroupPath, resources }),
      ...linux,
      maskedPaths,
      readonlyPaths,
    },
  }
}
