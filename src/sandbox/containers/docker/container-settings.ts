import type { ContainerCreateOptions } from 'dockerode'
import type { SandboxSpecification } from '../../driver.ts'
import { threadsOf } from '../../limits.ts'
import { toLabels } from '../../engine/owner.ts'

interface SettingsOptions {
  readonly image: string
  readonly runtime: string
}

const kibibyte = 1024
const supervisorUid = 1000
const userUid = 1001

/** Every wall Docker can put around a sandbox. A test asserts each of them on a live container. */
export function containerSettings(
  specification: SandboxSpecification,
  options: SettingsOptions,
): ContainerCreateOptions {
  const { id, limits } = specification
  const tmpfs = (bytes: number, rest: string) => `rw,nosuid,nodev,noexec,size=${Math.ceil(bytes / kibibyte)}k,${rest}`
  return {
    name: id,
    Image: options.image,
    // Behind the image's own entry point.
    Cmd: ['--threads', String(threadsOf(limits))],
    Labels: toLabels(id, specification.owner),
    Hostname: id,
    User: `${supervisorUid}:${supervisorUid}`,
    WorkingDir: '/tmp',
    // Standard input closes with the connection, so a sandbox whose owner dies ends by itself.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      Runtime: options.runtime,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Tmpfs: {
        '/tmp': tmpfs(limits.temporaryBytes, `mode=1770,uid=${userUid},gid=${userUid}`),
        '/mnt/data': tmpfs(limits.dataBytes, `mode=2770,uid=${userUid},gid=${userUid}`),
        '/run/sallyport': tmpfs(1024 * kibibyte, `mode=711,uid=${supervisorUid},gid=${supervisorUid}`),
        // Python's semaphores live here; without it multiprocessing fails.
        '/dev/shm': tmpfs(16 * 1024 * kibibyte, 'mode=1777'),
      },
      // The supervisor manages the files that user code makes through their group.
      GroupAdd: [String(userUid)],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
      Memory: limits.hardMemoryBytes,
      MemorySwap: limits.hardMemoryBytes,
      PidsLimit: limits.hostTasks,
      NanoCpus: Math.round(limits.cpus * 1e9),
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: limits.openFiles, Hard: limits.openFiles },
        { Name: 'fsize', Soft: limits.fileBytes, Hard: limits.fileBytes },
      ],
      IpcMode: 'none',
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      // Removed by us, and confirmed; the runtime's last words are read first.
      AutoRemove: false,
      Init: false,
      OomScoreAdj: 500,
    },
  }
}
