// What the set-up remembers between runs. It is a memory, not a proof: each fact is checked again before it is relied on.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isRoot, say, SetupError } from './shell.mjs'

/**
 * @typedef {object} SetupState
 * @property {1} version
 * @property {{ path: string, version: string, source: string }} [runsc] the gVisor binary that is registered
 * @property {string} [runtime] its name in Docker
 * @property {{ tag: string, id: string }} [image] the image last built
 * @property {string} [proof] identifies boot, daemon, runtime and image for which a container showed that it runs on gVisor
 */

/** Folder of state, logs and locks: the machine's for root, the person's otherwise. */
export function stateFolder() {
  if (isRoot()) return '/var/lib/sallyport'
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'sallyport')
}

export const logFile = (/** @type {string} */ name) => join(stateFolder(), 'logs', `${name}.log`)

/**
 * The remembered state; a missing, torn or foreign file counts as nothing remembered.
 * @param {string} [folder]
 * @returns {SetupState}
 */
export function readState(folder = stateFolder()) {
  try {
    const value = JSON.parse(readFileSync(join(folder, 'setup.json'), 'utf8'))
    if (typeof value === 'object' && value !== null && value.version === 1) return value
  } catch {
    // Nothing readable is there: the set-up looks for itself.
  }
  return { version: 1 }
}

/**
 * Remembers `facts` beside what was known; written whole or not at all.
 * @param {Partial<SetupState>} facts
 * @param {string} [folder]
 * @returns {SetupState}
 */
export function writeState(facts, folder = stateFolder()) {
  const state = { ...readState(folder), ...facts }
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'setup.json')
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${path}.${process.pid}`, path)
  return state
}

/**
 * A process's start time in clock ticks since boot, which with its pid names it for good; null when it is gone.
 * @param {number} pid
 * @returns {string | null}
 */
export function processStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/**
 * Runs `work` while no other set-up of the same name does; waits for a living one, takes over from a dead one.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ folder?: string, waitSeconds?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(name, work, { folder = stateFolder(), waitSeconds = 1800 } = {}) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.lock`)
  const deadline = performance.now() + waitSeconds * 1000
  let told = false
  while (!take(path)) {
    if (performance.now() > deadline)
      throw new SetupError(`Another set-up holds ${path}.`, 'Wait for it to end, or end it, and run this again.')
    if (!told) say('  … another set-up is running; waiting for it')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, `${process.pid} ${processStart(process.pid)}`, { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  if (!holderIsGone(path)) return false
  // Two waiters may find the same dead holder: renaming lets only one of them clear it away.
  try {
    renameSync(path, `${path}.${process.pid}.stale`)
    rmSync(`${path}.${process.pid}.stale`, { force: true })
  } catch {
    return false
  }
  return take(path)
}

/** @param {string} path */
function holderIsGone(path) {
  try {
    const [pid = '', started = ''] = readFileSync(path, 'utf8').split(' ')
    return started !== '' && processStart(Number(pid)) !== started
  } catch {
    return false
  }
}
