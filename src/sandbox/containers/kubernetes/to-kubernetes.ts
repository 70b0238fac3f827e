import { type Isolation, mountOptions, users } from '../../isolation.ts'
import type { Lack } from '../../driver.ts'

/**
 * What a Pod cannot be given, or what cannot be read back from outside its node: a tmpfs without programs (gVisor starts
 * no container of a Pod with the option), threads on the host (the node's own `podPidsLimit`), swap (the node's).
 */
export const podLacks: readonly Lack[] = ['noexec', 'hostTasks', 'memoryAndSwapBytes']

/** Members of a Pod that isolate it; whoever creates it adds only what runs in it. */
interface IsolationOfPod {
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: object
  /** Of the container of each user. */
  readonly containers: { readonly supervisor: object; readonly keeper: object }
  /** Limits of processes, which a Pod has no member for: arguments of the first program in each container. */
  readonly limits: readonly string[]
}

/** A name for each volume by the path of its folder. */
function volumeName(path: string): string {
  return path.slice(1).replaceAll('/', '-')
}

/** Options of a mount that gVisor makes by itself; those that only bind mounts know are left out, or no container starts. */
const ofBindMounts: ReadonlySet<string> = new Set(['nosuid', 'nodev', 'noexec'])

/**
 * An isolation in the terms of a Pod under gVisor. A volume in memory arrives as root's, without a size that gVisor heeds; the
 * annotations have it mount tmpfs of its own ("dev.gvisor.spec.mount" in gVisor's documentation), which the node has to
 * pass on. Whether it did is read back in the hand-shake. Limits are those of the Pod: its containers share one sandbox, so each has a part.
 */
export function toKubernetes(
  isolation: Isolation,
  requests: { readonly cpus: number; readonly memoryBytes: number },
): IsolationOfPod {
  const { folders, sandboxMemoryBytes, cpus, capabilities, network, swapBytes } = isolation
  if (network !== 'none' || capabilities.length > 0 || swapBytes !== 0) {
    throw new TypeError('a Pod cannot be given this isolation')
  }
  const hints = folders.flatMap((folder) => {
    const prefix = `dev.gvisor.spec.mount.${volumeName(folder.path)}`
    const options = mountOptions(folder, 4).filter((option) => !ofBindMounts.has(option))
    return [
      [`${prefix}.share`, 'pod'],
      [`${prefix}.type`, 'tmpfs'],
      [`${prefix}.options`, options.join(',')],
    ] as const
  })
  const container = (uid: number, half: (whole: number) => number) => ({
    securityContext: {
      runAsUser: uid,
      runAsGroup: uid,
      privileged: false,
      allowPrivilegeEscalation: !isolation.noNewPrivileges,
      readOnlyRootFilesystem: isolation.readOnlyRoot,
      capabilities: { drop: ['ALL'] },
    },
    resources: {
      limits: { cpu: `${half(cpus * 1000)}m`, memory: String(half(sandboxMemoryBytes)) },
      // Less than the limits: a full node ends sandboxes before what has all that it asked for.
      requests: {
        cpu: `${half(Math.min(requests.cpus, cpus) * 1000)}m`,
        memory: String(half(Math.min(requests.memoryBytes, sandboxMemoryBytes))),
      },
    },
    volumeMounts: folders.map(({ path }) => ({ name: volumeName(path), mountPath: path })),
  })
  return {
    annotations: Object.fromEntries(hints),
    spec: {
      automountServiceAccountToken: false,
      // The address of the API server would be in the environment.
      enableServiceLinks: false,
      shareProcessNamespace: true,
      hostNetwork: false,
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['127.0.0.1'] },
      securityContext: {
        runAsNonRoot: true,
        supplementalGroups: isolation.groups,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumes: folders.map(({ path, bytes }) => ({
        name: volumeName(path),
        emptyDir: { medium: 'Memory', sizeLimit: String(bytes) },
      })),
    },
    containers: {
      supervisor: container(isolation.user, (whole) => Math.ceil(Math.round(whole) / 2)),
      keeper: container(users.code, (whole) => Math.floor(Math.round(whole) / 2)),
    },
    limits: isolation.processLimits.flatMap(({ name, value }) => ['--limit', `${name}=${value}`]),
  }
}
