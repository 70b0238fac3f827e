// Entry point of the JavaScript worker: runs cells until the supervisor goes away. User code shares this process.
import { statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inspect } from 'node:util'

import { breakOff, Exit, runCell, watchTimers } from './javascript/cell.mjs'
import { Channel } from './javascript/channel.mjs'

const maximumText = 65_536
const { stringify } = JSON
const write = inspect
/** @type {{results: number, results_bytes: number}} */
let caps = { results: 100, results_bytes: 16 << 20 }
let shown = { items: 0, bytes: 0, open: false, cut: new Set() }
let interrupted = false

const channel = new Channel((message) => {
  if (message.type === 'settings') {
    if (message.limits !== null) caps = message.limits
    channel.send({ type: 'settled' })
  } else if (message.type === 'cell') {
    void run(message.id, message.code)
  }
})

function clip(text, maximum) {
  if (text.length <= maximum) return text
  shown.cut.add('item')
  return `${text.slice(0, maximum)}… (${text.length} characters)`
}

function describe(value) {
  try {
    return clip(write(value, { depth: 4, maxArrayLength: 200, maxStringLength: 20_000 }), maximumText)
  } catch (error) {
    return `<its inspection raised ${isA(error, Error) ? 'an error' : typeof error}>`
  }
}

/** What `setTimeout` and its like return is no result. */
function isHandle(value) {
  return ['Timeout', 'Immediate'].includes(value?.constructor?.name) && typeof value?.ref === 'function'
}

function asJson(value) {
  if (value === null || typeof value !== 'object') return undefined
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return undefined
  try {
    const text = stringify(value)
    return text !== undefined && text.length <= 1 << 20 ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function show(value, main) {
  if (!shown.open) return
  if (shown.items >= caps.results) {
    shown.cut.add('results')
    return
  }
  const json = asJson(value)
  const item = { text: describe(value), ...(json === undefined ? {} : { json }) }
  const size = stringify(item).length
  if (shown.bytes + size * 3 > caps.results_bytes) {
    shown.cut.add('results-bytes')
    return
  }
  shown.items += 1
  shown.bytes += channel.sendItem(item, main)
}

function textOf(value) {
  return typeof value === 'string' ? value : describe(value)
}

/** A proxy may throw even at this question. */
function isA(value, kind) {
  try {
    return value instanceof kind
  } catch {
    return false
  }
}

/** Is one of the two writable places full right now? */
function isDiskFull() {
  return ['/mnt/data', '/tmp'].some((place) => {
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize < 1 << 20
  })
}

/** The limit that an error of the system itself speaks of: one thrown inside Node, or one that can be seen to be so. */
function evidenceOf(thrown) {
  const { code, errno, syscall = '', stack = '' } = thrown
  if (typeof errno !== 'number') return null
  if (!/^\s+at .*\bnode:/m.test(String(stack).split('\n', 2)[1] ?? '') && !isDiskFull()) return null
  if (code === 'EAGAIN') return String(syscall).startsWith('spawn') ? 'processes' : null
  return { ENOSPC: 'disk', EDQUOT: 'disk', EFBIG: 'file-size', ENOMEM: 'memory' }[code] ?? null
}

function describeError(thrown) {
  if (!isA(thrown, Error)) {
    const text = describe(thrown)
    return { name: 'Thrown', value: text, traceback: `Uncaught ${text}` }
  }
  /** @type {{name: unknown, message: unknown, stack: unknown}} User code may have put anything there. */
  const said = thrown
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
  return { name: name.slice(0, 256), value: value.slice(0, 8192), traceback: lines.join('\n').slice(0, 32_768) }
}

function endingOf(ended) {
  if (!ended.failed) {
    const code = process.exitCode
    process.exitCode = undefined
    return code === undefined || code === 0 ? { reason: 'completed' } : exitEnding(code)
  }
  const { thrown } = ended
  if (isA(thrown, Exit)) return thrown.code === 0 ? { reason: 'completed' } : exitEnding(thrown.code)
  if (interrupted || (isA(thrown, Error) && codeOf(thrown) === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')) {
    return { reason: 'interrupted', error: { name: 'Interrupted', value: 'interrupted', traceback: 'Interrupted' } }
  }
  try {
    return { reason: 'raised', evidence: isA(thrown, Error) ? evidenceOf(thrown) : null, error: describeError(thrown) }
  } catch {
    const value = '(what was thrown cannot be looked at)'
    return { reason: 'raised', error: { name: 'Thrown', value, traceback: `Uncaught ${value}` } }
  }
}

function codeOf(thrown) {
  try {
    return thrown.code
  } catch {
    return undefined
  }
}

function exitEnding(code) {
  const value = String(code).slice(0, 100)
  return { reason: 'raised', error: { name: 'Exit', value, traceback: `process.exit(${value})` } }
}

async function run(id, code) {
  interrupted = false
  const peakBefore = process.resourceUsage().maxRSS
  shown = { items: 0, bytes: 0, open: true, cut: new Set() }
  const ended = await runCell(code, {
    onValue: (value) => {
      if (!isHandle(value)) show(value, true)
    },
    hold: (held) => channel.hold(held),
  })
  const ending = endingOf(ended)
  shown.open = false
  const peak = process.resourceUsage().maxRSS
  channel.send({
    type: 'end',
    id,
    evidence: null,
    error: null,
    ...ending,
    threads_left: 0,
    truncated: [...shown.cut],
    peak_resident_bytes: peak > peakBefore ? peak * 1024 : 0,
  })
}

process.on('uncaughtException', breakOff)
process.on('unhandledRejection', breakOff)
process.on('SIGINT', () => {
  interrupted = true
  breakOff(new Error('interrupted'))
})
process.exit = (code) => {
  const exit = new Exit(code ?? process.exitCode ?? 0)
  process.exitCode = undefined
  breakOff(exit)
  throw exit
}
// Else a program that prints without pause fills its own heap, and nobody sees a line of it.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)
process.chdir('/mnt/data')
process.umask(0o007)
watchTimers()
Object.assign(globalThis, {
  require: createRequire('/mnt/data/'),
  display: (...values) => values.forEach((value) => show(value, false)),
})
const module = { exports: {} }
Object.assign(globalThis, { module, exports: module.exports, __filename: '/mnt/data/cell.js', __dirname: '/mnt/data' })
channel.send({ type: 'ready', version: process.versions.node, preimported: [] })
