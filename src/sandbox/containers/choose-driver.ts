import { toServiceError } from '../../core/errors.ts'
import type { ContainerDriver } from '../../core/drivers.ts'
import type { SandboxOptions } from '../options.ts'
import type { DaemonFacts } from './docker/daemon-facts-shape.ts'

/** The driver that `auto` stands for on this machine. */
export interface DriverChoice {
  readonly driver: ContainerDriver
  /** A clause for people: why it is this one. */
  readonly reason: string
}

/** What the choice rests on; the costly facts are asked for last. */
export interface ChoiceParts {
  readonly isRoot: boolean
  readonly canMakeCgroups: () => Promise<boolean>
  /** The binary set-up proved, or the one the configuration names. Rejects where there is none. */
  readonly installedRunsc: () => Promise<string>
  /** Rejects where the daemon or the image is not there. */
  readonly daemonFacts: () => Promise<DaemonFacts>
  readonly isUnpacked: (imageId: string) => Promise<boolean>
}

/** Arguments of a registered runtime that the runsc driver gives too, and one that only says what the quota is. */
const ownArguments: ReadonlySet<string> = new Set([
  '--network=none',
  '--platform=systrap',
  '--host-uds=none',
  '--host-fifo=none',
  '--overlay2=none',
  '--systrap-disable-fast-path',
  '--cpu-num-from-quota',
])

/** Walls that a daemon puts around gVisor's own processes, beyond what a sandbox asks for. */
const daemonWalls = /^name=(userns|rootless|selinux)\b/

/**
 * runsc with snapshots where every wall of it stands and none of Docker's is lost by it, else docker with the reason.
 * Never a weaker wall than what is configured: settings that only Docker reads keep Docker.
 */
export async function chooseDriver(settings: SandboxOptions, parts: ChoiceParts): Promise<DriverChoice> {
  try {
    const obstacle = await obstacleTo(settings, parts)
    return obstacle === null
      ? { driver: 'runsc', reason: 'its walls stand here, and it starts sandboxes from a checkpoint' }
      : { driver: 'docker', reason: `runsc was not taken: ${obstacle}` }
  } catch (thrown) {
    return { driver: 'docker', reason: `runsc was not taken: ${toServiceError(thrown).message}` }
  }
}

/** Why the runsc driver is not taken; null where nothing speaks against it. */
async function obstacleTo(settings: SandboxOptions, parts: ChoiceParts): Promise<string | null> {
  if (settings.docker_socket !== defaults.docker_socket) return 'sandbox.docker_socket is set'
  if (settings.runtime !== defaults.runtime) return 'sandbox.runtime is set'
  if (!settings.snapshots) return 'sandbox.snapshots is off'
  if (!parts.isRoot) return 'only root gets limits by the kernel and checkpoints from it'
  if (!(await parts.canMakeCgroups())) return 'no cgroups for memory, processes and processors can be made here'
  const binary = await parts.installedRunsc()
  const { image, runtimes, security } = await parts.daemonFacts()
  const registered = runtimes[settings.runtime]
  if (registered === undefined) return `Docker has no runtime called "${settings.runtime}"`
  if (settings.runsc_path === null && registered.path !== binary)
    return `Docker runs another binary, ${registered.path}`
  const further = registered.arguments.filter((argument) => !ownArguments.has(argument))
  if (further.length > 0) return `Docker gives gVisor ${further.join(' ')}, which it would lack`
  const wall = security.find((option) => daemonWalls.test(option))
  if (wall !== undefined) return `Docker puts ${wall.replace('name=', '')} around sandboxes, which they would lack`
  if (!(await parts.isUnpacked(image.id))) return 'the image is not unpacked yet, which "sallyport doctor --fix" does'
  return null
}

const defaults = { docker_socket: '/var/run/docker.sock', runtime: 'sallyport-runsc' } as const
