// Docker's daemon.json: our runtime is added, everything else in it stays as it was.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ask, SetupError } from './shell.mjs'

/** The name under which gVisor is registered; ours alone, so that nobody else's `runsc` is changed. */
export const RUNTIME = 'sallyport-runsc'

/**
 * Arguments of every sandbox's runsc. `--network=none` is a wall of its own behind Docker's `NetworkMode: none`, and old
 * releases need it on new kernels; no host socket or pipe can be opened; the platform works inside virtual machines.
 */
export const RUNTIME_ARGUMENTS = [
  '--network=none',
  '--platform=systrap',
  '--host-uds=none',
  '--host-fifo=none',
  '--cpu-num-from-quota',
]

/**
 * For speed, where the binary knows it (releases from June 2026 on): threads that wait sleep at once instead of spinning
 * at the expense of the one processor of their sandbox. No wall, so a runtime without it is ours all the same.
 */
const WAITING_ARGUMENT = '--systrap-disable-fast-path'

/**
 * The arguments a binary is registered with.
 * @param {string} runsc absolute path of the binary
 */
export function runtimeArguments(runsc) {
  const knowsWaiting = ask(runsc, [WAITING_ARGUMENT, '--version'], { seconds: 10 }).ok
  return knowsWaiting ? [...RUNTIME_ARGUMENTS, WAITING_ARGUMENT] : RUNTIME_ARGUMENTS
}

/**
 * The settings with our runtime in them. Pure: foreign runtimes and settings are kept, in their order.
 * @param {Record<string, any>} settings
 * @param {string} runsc absolute path of the binary
 * @param {string[]} [runtimeArgs]
 * @returns {Record<string, any>}
 */
export function withRuntime(settings, runsc, runtimeArgs = RUNTIME_ARGUMENTS) {
  return { ...settings, runtimes: { ...settings.runtimes, [RUNTIME]: { path: runsc, runtimeArgs } } }
}

/**
 * Whether a runtime, as the daemon reports it, is ours as it must be.
 * @param {{ path?: string, runtimeArgs?: string[] | null } | undefined} runtime
 * @param {string} [runsc] the path it must have; any when left out
 */
export function isOurRuntime(runtime, runsc) {
  if (runtime?.path === undefined) return false
  const given = runtime.runtimeArgs ?? []
  return (
    (runsc === undefined || runtime.path === runsc) && RUNTIME_ARGUMENTS.every((argument) => given.includes(argument))
  )
}

/**
 * Parses daemon.json; an empty or missing file is an empty object, a broken one an error that leaves it alone.
 * @param {string} path
 * @returns {Record<string, any>}
 */
export function readSettings(path) {
  if (!existsSync(path)) return {}
  const text = readFileSync(path, 'utf8')
  if (text.trim() === '') return {}
  try {
    const value = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below: a file that cannot be read whole is not rewritten.
  }
  throw new SetupError(
    `${path} is not a JSON object, so the gVisor runtime cannot be added to it.`,
    `Repair ${path} by hand, then run this again.`,
  )
}

/**
 * Adds the runtime to the file; keeps a copy of what was there the first time. Answers whether the file changed.
 * @param {string} path
 * @param {string} runsc
 * @returns {boolean}
 */
export function registerRuntime(path, runsc) {
  const before = readSettings(path)
  const after = withRuntime(before, runsc, runtimeArguments(runsc))
  if (JSON.stringify(before) === JSON.stringify(after)) return false
  mkdirSync(dirname(path), { recursive: true })
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o644
  if (existsSync(path) && !existsSync(`${path}.before-sallyport`)) copyFileSync(path, `${path}.before-sallyport`)
  writeFileSync(`${path}.new`, `${JSON.stringify(after, null, 2)}\n`, { mode })
  renameSync(`${path}.new`, path)
  return true
}
