import { cpuPeriod } from '../cgroup.ts'
import { type Isolation, mountOptions } from '../../isolation.ts'

/** Members of a bundle's configuration that isolate what runs; the driver adds only what that is. */
interface IsolationConfig {
  readonly process: object
  readonly root: { readonly readonly: boolean }
  readonly mounts: readonly object[]
  readonly linux: {
    readonly resources: { readonly cpu: object; readonly [controller: string]: object }
    readonly namespaces: readonly object[]
  }
}

/**
 * The supervisor starts the keeper under the code's uid with these, and gives them up before it says that it is ready.
 */
const startingCapabilities = ['CAP_SETUID', 'CAP_SETGID', 'CAP_KILL']

/** A namespace of its own in which nothing is set up is how a bundle has no network. */
const namespacesWithout = { none: ['network'] } as const

/** An isolation in the terms of the OCI runtime specification 1.2. */
export function toOci(isolation: Isolation): IsolationConfig {
  const { user, sandboxMemoryBytes } = isolation
  const capabilities = [...isolation.capabilities, ...startingCapabilities]
  return {
    process: {
      user: { uid: user, gid: user, additionalGids: isolation.groups },
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: capabilities,
        ambient: capabilities,
      },
      rlimits: isolation.processLimits.map(({ name, value }) => ({
        type: `RLIMIT_${name.toUpperCase()}`,
        soft: value,
        hard: value,
      })),
      noNewPrivileges: isolation.noNewPrivileges,
      oomScoreAdj: isolation.oomScoreAdjustment,
    },
    root: { readonly: isolation.readOnlyRoot },
    mounts: isolation.folders.map((folder) => ({
      destination: folder.path,
      type: 'tmpfs',
      source: 'tmpfs',
      options: mountOptions(folder, 4),
    })),
    linux: {
      resources: {
        memory: { limit: sandboxMemoryBytes, swap: sandboxMemoryBytes + isolation.swapBytes },
        pids: { limit: isolation.tasks },
        cpu: { quota: Math.round(isolation.cpus * cpuPeriod), period: cpuPeriod },
        devices: [{ allow: false, access: 'rwm' }],
      },
      namespaces: ['pid', ...namespacesWithout[isolation.network], 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    },
  }
}
