import { join } from 'node:path'
import type { ContainerDriver } from '../core/drivers.ts'
import type { SandboxDriver } from './driver.ts'
import { installedImageTag, installedRunsc } from './installation.ts'
import { createLimits } from './limits.ts'
import type { SandboxOptions } from './options.ts'

/**
 * A driver as this installation has it, loaded when it is asked for. `onSnapshotFault` hears why a sandbox could not start
 * from a checkpoint.
 */
export async function openContainerDriver(
  name: ContainerDriver,
  settings: SandboxOptions,
  onSnapshotFault: (fault: unknown) => void,
): Promise<SandboxDriver> {
  const image = settings.image ?? (await installedImageTag())
  const { docker_socket: socketPath, runtime } = settings
  if (name === 'docker') {
    const { createDockerDriver } = await import('./containers/docker/docker-driver.ts')
    return createDockerDriver({ socketPath, image, runtime })
  }
  // Straight to the binary set-up proved, with the same image's files.
  const [{ createRunscDriver }, { createDockerImageSource }] = await Promise.all([
    import('./containers/runsc/runsc-driver.ts'),
    import('./containers/docker/image-source.ts'),
  ])
  const installed = await installedRunsc(settings.runsc_path)
  const rootless = process.getuid?.() !== 0
  return createRunscDriver({
    binary: installed.binary,
    image: createDockerImageSource({ socketPath, image }),
    stateFolder: join(installed.folder, 'runsc'),
    runFolder: rootless ? join(installed.folder, 'run') : '/run/sallyport/runsc',
    limits: createLimits(settings.limits),
    snapshots: settings.snapshots,
    rootless,
    onSnapshotFault,
  })
}
