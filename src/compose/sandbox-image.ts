import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'

const imageTagModule = z.object({ imageTag: z.custom<() => string>((value) => typeof value === 'function') })

/**
 * Tag of the sandbox image that belongs to this installation: a digest of the files it is built from, so that an image
 * of another version is never taken for it. Set-up computes the same.
 */
export async function installedImageTag(from: string = import.meta.dirname): Promise<string> {
  const program = join(from, 'setup', 'image-tag.mjs')
  if (existsSync(program)) {
    const { imageTag } = imageTagModule.parse(await import(pathToFileURL(program).href))
    return imageTag()
  }
  if (from === dirname(from)) {
    throw new ServiceError('sandbox-unavailable', 'setup/image-tag.mjs is not beside this installation', {
      advice: 'Install the whole package, or name an image in sandbox.image.',
    })
  }
  return installedImageTag(dirname(from))
}
