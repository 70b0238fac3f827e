import type { ContainerCreateOptions } from 'dockerode'
import type { SandboxSpecification } from '../../driver.ts'
import { isolationOf } from '../../isolation.ts'
import { threadsOf } from '../../limits.ts'
import { toLabels } from '../../engine/owner.ts'
import { toDocker } from './to-docker.ts'

interface SettingsOptions {
  readonly image: string
  readonly runtime: string
}

/** A container with everything that isolates it. A test asserts each item of that on a live container. */
export function containerSettings(
  specification: SandboxSpecification,
  options: SettingsOptions,
): ContainerCreateOptions {
  const { id, limits } = specification
  const { HostConfig: isolated, ...settings } = toDocker(isolationOf(limits))
  return {
    ...settings,
    name: id,
    Image: options.image,
    // These arguments go to the image's own entry point.
    Cmd: ['--threads', String(threadsOf(limits))],
    Labels: toLabels(id, specification.owner),
    Hostname: id,
    WorkingDir: '/tmp',
    // Standard input closes with the connection, so a sandbox whose owner dies ends by itself.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    HostConfig: {
      ...isolated,
      Runtime: options.runtime,
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      // Removed by us, and confirmed; the runtime's last words are read first.
      AutoRemove: false,
      Init: false,
    },
  }
}
