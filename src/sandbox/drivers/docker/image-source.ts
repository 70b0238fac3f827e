import Docker from 'dockerode'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { ServiceError } from '../../../core/errors.ts'
import type { ImageSource } from '../../driver.ts'
import { removeContainer } from './docker-container.ts'
import { toDockerFault } from './docker-faults.ts'

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
      const name = `sp-unpack-${randomBytes(8).toString('hex')}`
      try {
        const container = await docker.createContainer({ name, Image: options.image, abortSignal: signal })
        try {
          const tar = spawn('tar', ['--extract', '--numeric-owner', '--preserve-permissions', '--directory', folder], {
            stdio: ['pipe', 'ignore', 'pipe'],
            signal,
          })
          const ended = once(tar, 'exit')
          await pipeline(await container.export({ abortSignal: signal }), tar.stdin, { signal })
          const [status] = (await ended) as [number | null]
          if (status !== 0) throw new ServiceError('sandbox-unavailable', `tar ended with status ${status}`)
        } finally {
          await removeContainer(container)
        }
      } catch (thrown) {
        throw toDockerFault(thrown, 'unpacking the sandbox image')
      }
    },
  }
}
