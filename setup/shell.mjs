// Starting other programs: quick ones whose output is wanted, and long ones whose progress is shown.
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, createWriteStream, mkdirSync } from 'node:fs'
import { constants as systemConstants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A step of the set-up failed for a reason a person can act on. `message` says what was wrong, `advice` what to do. */
export class SetupError extends Error {
  /** @param {string} message @param {string} [advice] */
  constructor(message, advice = '') {
    super(message)
    this.name = 'SetupError'
    this.advice = advice
  }
}

/** Somebody ended the set-up: no other way of doing the step is tried. */
export class Interruption extends SetupError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super('The set-up was interrupted.', 'Run this again when it suits: it goes on where it stopped.')
    this.name = 'Interruption'
    this.exitCode = 128 + systemConstants.signals[signal]
  }
}

export const isRoot = () => process.getuid?.() === 0

/**
 * The absolute path of a program, looked up in PATH and the administrator's folders, or null.
 * @param {string} name
 * @returns {string | null}
 */
export function findProgram(name) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
  ]
  for (const folder of [...folders, '/usr/local/go/bin']) {
    if (!folder.startsWith('/')) continue
    try {
      accessSync(join(folder, name), constants.X_OK)
      return join(folder, name)
    } catch {
      continue
    }
  }
  return null
}

/**
 * Runs a quick program to its end. `ok` is true only for exit status 0; `output` is stdout, `problem` stderr or why it did not start.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ seconds?: number, environment?: NodeJS.ProcessEnv, input?: string }} [options]
 */
export function ask(program, parameters, { seconds = 30, environment = process.env, input = '' } = {}) {
  const done = spawnSync(program, parameters, {
    encoding: 'utf8',
    timeout: seconds * 1000,
    env: environment,
    input,
    maxBuffer: 32 * 1024 * 1024,
  })
  const problem = done.error ? String(done.error.message) : done.stderr.trim()
  return { ok: done.status === 0, output: done.stdout ?? '', problem }
}

/**
 * Runs a long program, showing seconds and its last line; everything it prints goes to `log`.
 * Rejects with SetupError, naming the log, when it fails or passes its deadline; with Interruption when we are to end.
 * @param {string} title
 * @param {string[]} command
 * @param {{ log: string, seconds?: number, environment?: NodeJS.ProcessEnv, folder?: string, advice?: string }} options
 * @returns {Promise<void>}
 */
export async function runShown(
  title,
  command,
  { log, seconds = 1800, environment = process.env, folder, advice = '' },
) {
  mkdirSync(dirname(log), { recursive: true })
  const sink = createWriteStream(log)
  const progress = showProgress(title)
  const [program = '', ...parameters] = command
  const child = spawn(program, parameters, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what the program started ends with it.
    detached: true,
  })
  /** @type {string[]} */
  const tail = []
  const keep = (/** @type {string[]} */ lines) => {
    const said = lines.map(plain).filter((line) => line !== '')
    tail.push(...said)
    // The cause stands first with some programs and last with others.
    if (tail.length > 20) tail.splice(8, tail.length - 20, '…')
    progress.line(said.at(-1))
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    let begun = ''
    stream?.on('data', (/** @type {string} */ text) => {
      sink.write(text)
      const lines = (begun + text).split(/[\r\n]+/)
      begun = lines.pop() ?? ''
      keep(lines)
    })
    stream?.on('end', () => keep([begun]))
  }
  // Interrupted, we end with the program, so that locks and temporary folders are given back.
  /** @type {NodeJS.Signals | null} */
  let interrupted = null
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    interrupted = signal
    endGroup(child.pid)
  }
  const timer = setTimeout(() => endGroup(child.pid), seconds * 1000)
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const outcome = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status, signal) =>
      resolve(status === 0 ? null : signal ? `ended by ${signal}` : `exit status ${status}`),
    )
  })
  clearTimeout(timer)
  process.off('SIGINT', stop).off('SIGTERM', stop)
  await new Promise((resolve) => sink.end(resolve))
  progress.end(outcome === null)
  if (interrupted !== null) throw new Interruption(interrupted)
  if (outcome !== null)
    throw new SetupError(
      [`${title}: ${outcome}`, ...tail.map((line) => `    ${line}`), `    the whole output: ${log}`].join('\n'),
      advice,
    )
}

/** @param {number | undefined} pid the leader of a process group */
function endGroup(pid) {
  if (pid === undefined) return
  const send = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      process.kill(-pid, signal)
    } catch {
      // It has ended.
    }
  }
  send('SIGTERM')
  setTimeout(send, 5000, 'SIGKILL').unref()
}

/** @param {string} line */
const plain = (line) => stripVTControlCharacters(line).trimEnd()

/**
 * A line on stderr that says what runs and for how long: rewritten in place on a terminal, repeated every ten seconds elsewhere.
 * @param {string} title
 */
export function showProgress(title) {
  const started = Date.now()
  const terminal = process.stderr.isTTY === true
  let last = ''
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`
  const draw = () => {
    const text = `  … ${title} (${elapsed()})${last === '' ? '' : `: ${last}`}`
    if (terminal) process.stderr.write(`\r\u001B[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
    else
      process.stderr.write(
        `${(Date.now() - started < 1000 ? `  … ${title}` : `    ${elapsed()}${last === '' ? '' : `: ${last}`}`).slice(0, 160)}\n`,
      )
  }
  draw()
  const timer = setInterval(draw, terminal ? 500 : 10_000)
  return {
    /** @param {string | undefined} text */
    line(text) {
      if (text !== undefined) last = text
    },
    /** @param {boolean} ok */
    end(ok) {
      clearInterval(timer)
      if (terminal) process.stderr.write('\r\u001B[2K')
      process.stderr.write(`  ${ok ? '✔' : '✖'} ${title} (${elapsed()})\n`)
    },
  }
}

/** @param {string} text */
export const say = (text) => void process.stderr.write(`${text}\n`)
