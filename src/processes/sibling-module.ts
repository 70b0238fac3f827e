import { fileURLToPath } from 'node:url'

/**
 * Path of a module beside the caller, for starting it as a process: `siblingModule(import.meta.url, './x-process')`
 * is the `.ts` file when the sources run as they are and the `.js` file in the built package.
 */
export function siblingModule(caller: string, name: `./${string}`): string {
  const extension = caller.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(`${name}${extension}`, caller))
}
