import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'

const imageTagModule = z.object({ imageTag: z.custom<() => string>((value) => typeof value === 'function') })

const stateModule = z.object({
  readState: z.custom<() => unknown>((value) => typeof value === 'function'),
  stateFolder: z.custom<() => string>((value) => typeof value === 'function'),
})

const traceRelayModule = z.object({
  traceRelayPath: z.custom<() => string>((value) => typeof value === 'function'),
})

const setupState = z.object({ runsc: z.object({ path: z.string() }).optional() })

/**
 * Tag of the sandbox image that belongs to this installation: a digest of the files it is built from, so that an image
 * of another version is never taken for it. Set-up computes the same.
 */
export async function installedImageTag(): Promise<string> {
  return imageTagModule.parse(await import(setupFile('image-tag.mjs', import.meta.dirname))).imageTag()
}

/** The gVisor binary: the one named, or the one set-up installed and proved; and the folder such things are kept in. */
export async function installedRunsc(
  named: string | null,
): Promise<{ readonly binary: string; readonly folder: string }> {
  const { readState, stateFolder } = stateModule.parse(await import(setupFile('state.mjs', import.meta.dirname)))
  const binary = named ?? setupState.parse(readState()).runsc?.path
  if (binary === undefined)
    throw new ServiceError('sandbox-unavailable', 'set-up has not installed gVisor on this host')
  return { binary, folder: stateFolder() }
}

/** Where the program is that reads traces of sandboxes, once it is built. */
export async function installedTraceRelay(): Promise<string> {
  return traceRelayModule.parse(await import(setupFile('trace-relay.mjs', import.meta.dirname))).traceRelayPath()
}

/** The folder that the image of a sandbox is built from. */
export function sandboxImageFolder(): string {
  return installedPath('sandbox-images', import.meta.dirname)
}

function setupFile(name: string, from: string): string {
  return pathToFileURL(installedPath(join('setup', name), from)).href
}

/** What came with this installation; sources and build lie at different depths. */
function installedPath(name: string, from: string): string {
  const path = join(from, name)
  if (existsSync(path)) return path
  if (from === dirname(from)) {
    throw new ServiceError('sandbox-unavailable', `${name} is not beside this installation`, {
      advice: 'Install the whole package, or name an image in sandbox.image.',
    })
  }
  return installedPath(name, dirname(from))
}
