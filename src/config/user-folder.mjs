// Plain JavaScript: it is needed before anything may be loaded that Node has to take types out of.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * A folder of the user's by the XDG base directory specification: the variable's, or `fallback` in the home folder.
 * @param {import('./environment.ts').Variables} variables
 * @param {string} name
 * @param {string} fallback
 * @returns {string}
 */
export function userFolder(variables, name, fallback) {
  const given = variables[name]
  // The specification: a relative path is to be ignored.
  if (given !== undefined && isAbsolute(given)) return given
  return join(variables['HOME'] || homedir(), fallback)
}
