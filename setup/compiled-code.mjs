// Where workers of the tests, and what they start, keep what Node has compiled: for the next one and the next run.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './packages.mjs'

export const COMPILED = join(PROJECT, 'node_modules', '.cache', 'compiled')

/** About four runs of all tests. */
const mostFiles = 20_000

/**
 * Removes all of it where there is very much: the runner gives a file of tests another address in every run, so that what is kept
 * of it is never read again, and nothing else takes it away.
 * @param {string} folder
 * @param {number} most Files that may be there.
 * @returns {boolean} whether it was removed
 */
export function boundCompiledCode(folder, most = mostFiles) {
  try {
    if (readdirSync(folder, { recursive: true }).length <= most) return false
  } catch {
    // It is not there yet.
    return false
  }
  rmSync(folder, { recursive: true, force: true })
  return true
}
