import type { HostConfig } from 'dockerode'
import { type Isolation, mountOptions } from '../../isolation.ts'

/** Members of a container's settings that isolate it; whoever creates it adds only what runs in it. */
interface IsolationSettings {
  readonly User: string
  readonly NetworkDisabled: boolean
  readonly HostConfig: HostConfig
}

/** An isolation in the terms of the Docker Engine API. */
export function toDocker(isolation: Isolation): IsolationSettings {
  const { user, capabilities, network, sandboxMemoryBytes } = isolation
  return {
    User: `${user}:${user}`,
    NetworkDisabled: network === 'none',
    HostConfig: {
      NetworkMode: network,
      ReadonlyRootfs: isolation.readOnlyRoot,
      Tmpfs: Object.fromEntries(
        isolation.folders.map((folder) => [folder.path, mountOptions(folder, 3).join(',')] as const),
      ),
      GroupAdd: isolation.groups.map(String),
      CapDrop: ['ALL'],
      ...(capabilities.length === 0 ? {} : { CapAdd: [...capabilities] }),
      SecurityOpt: [`no-new-privileges:${isolation.noNewPrivileges}`],
      Privileged: false,
      Memory: sandboxMemoryBytes,
      MemorySwap: sandboxMemoryBytes + isolation.swapBytes,
      PidsLimit: isolation.tasks,
      NanoCpus: Math.round(isolation.cpus * 1e9),
      Ulimits: isolation.processLimits.map(({ name, value }) => ({ Name: name, Soft: value, Hard: value })),
      IpcMode: 'none',
      OomScoreAdj: isolation.oomScoreAdjustment,
    },
  }
}
