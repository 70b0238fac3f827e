import Docker from 'dockerode'
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { ImageSource } from '../../driver.ts'
import { removeContainer } from './container-removal.ts'
import { toDockerFault } from './docker-faults.ts'
import { unpackTar } from './unpack-tar.ts'

interface ImageSourceOptions {
  readonly socketPath: string
  readonly image: string
}

/** An image's files by way of the local Docker daemon, for drivers that run without it. Needs `tar` on this host. */
export function createDockerImageSource(options: ImageSourceOptions): ImageSource {
  const docker = new Docker({ socketPath: options.socketPath })
  return {
    async identify() {
      try {
        const image = await docker.getImage(options.image).inspect()
        return { id: image.Id, environment: image.Config.Env ?? [] }
      } catch (thrown) {
        throw toDockerFault(thrown, 'looking for the sandbox image')
      }
    },
    async unpack(folder, signal) {
      const name = `sbx-unpack-${randomBytes(8).toString('hex')}`
      try {
        const container = await docker.createContainer({ name, Image: options.image, abortSignal: signal })
        try {
          await unpackTar((await container.export({ abortSignal: signal })) as Readable, folder, signal)
        } finally {
          await removeContainer(container)
        }
      } catch (thrown) {
        throw toDockerFault(thrown, 'unpacking the sandbox image')
      }
    },
  }
}
