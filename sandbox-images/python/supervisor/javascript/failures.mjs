// What was thrown as people read it, and what it proves about a limit. User code may throw anything, a proxy whose
// traps throw included: nothing here asks it a question outside a `try`.
import { statfsSync } from 'node:fs'
import { types } from 'node:util'

const maximumName = 256
const maximumValue = 8192
const maximumStack = 32_768

const evidences = new Map([
  ['ENOSPC', 'disk'],
  ['EDQUOT', 'disk'],
  ['EFBIG', 'file-size'],
  ['ENOMEM', 'memory'],
])

/**
 * The protocol's `error`.
 * @param {unknown} thrown
 * @param {(value: unknown) => string} describe gives the text of any value without throwing
 */
export function describeError(thrown, describe) {
  if (!types.isNativeError(thrown)) {
    const text = describe(thrown)
    return { name: 'Thrown', value: text.slice(0, maximumValue), traceback: `Uncaught ${text}`.slice(0, maximumStack) }
  }
  /** @type {{name: unknown, message: unknown, stack: unknown}} User code may have put anything there. */
  const said = thrown
  const textOf = (value) => (typeof value === 'string' ? value : describe(value))
  let name = 'Error'
  let value = ''
  let stack = ''
  try {
    name = textOf(said.name)
    value = textOf(said.message)
    stack = textOf(said.stack ?? '')
  } catch {
    value ||= '(its text could not be read)'
  }
  const lines = stack
    .split('\n')
    .filter((line) => !/\/opt\/sallyport\/|\(node:|at node:|^\s+at .*worker\.mjs/.test(line))
  return {
    name: name.slice(0, maximumName),
    value: value.slice(0, maximumValue),
    traceback: lines.join('\n').slice(0, maximumStack),
  }
}

/**
 * Which limit made Node itself throw this, or null. An error that the code made has the code at the top of its stack;
 * one that Node made has Node there, or no stack at all where no code waited for it: then the disk has to be full.
 * @param {unknown} thrown
 */
export function evidenceOf(thrown) {
  if (!types.isNativeError(thrown)) return null
  try {
    /** @type {{code?: unknown, syscall?: unknown, errno?: unknown}} */
    const { code, syscall, errno } = thrown
    const top = /^ {4}at .*$/m.exec(thrown.stack ?? '')?.[0]
    if (typeof code !== 'string' || (top !== undefined && !top.includes('node:'))) return null
    if (code === 'ERR_WORKER_INIT_FAILED') return 'processes'
    if (typeof syscall !== 'string' || typeof errno !== 'number') return null
    if (code === 'EAGAIN') return syscall.startsWith('spawn') ? 'processes' : null
    return top === undefined && !isDiskFull() ? null : (evidences.get(code) ?? null)
  } catch {
    return null
  }
}

/** Is one of the two writable places full right now? */
function isDiskFull() {
  return ['/mnt/data', '/tmp'].some((place) => {
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize < 1 << 20
  })
}
