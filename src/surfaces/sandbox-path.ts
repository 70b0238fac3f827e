import { ServiceError } from '../core/errors.ts'

/** Where a sandbox's files are, and where its programs run. */
export const home = '/mnt/data'

/**
 * The path below `/mnt/data` that a client means: relative ones begin there. Empty for the folder itself. Throws `invalid-request` for
 * any other place; what else is wrong with a name says the sandbox.
 */
export function toSandboxPath(path: string): string {
  const trimmed = path.replace(/^(?:\.\/)+/, '').replace(/(?<=[^/])\/+$/, '')
  if (trimmed === '.' || trimmed === home) return ''
  if (trimmed.startsWith(`${home}/`)) return trimmed.slice(home.length + 1)
  if (trimmed !== '' && !trimmed.startsWith('/')) return trimmed
  throw new ServiceError('invalid-request', `The path ${JSON.stringify(path.slice(0, 200))} is not below ${home}.`, {
    parameter: 'path',
    advice: `Files of a sandbox are below ${home}, where its programs run; relative paths begin there.`,
  })
}
