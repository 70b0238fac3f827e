// Entry point of the JavaScript worker: runs cells until the supervisor goes away. User code shares this process.
import { createRequire } from 'node:module'
import { inspect, types } from 'node:util'
import { pathToFileURL } from 'node:url'

import { breakOff, Exit, runCell, watchTimers } from './javascript/cell.mjs'
import { Channel } from './javascript/channel.mjs'
import { describeError, evidenceOf } from './javascript/failures.mjs'

const maximumText = 65_536
const { stringify } = JSON
const write = inspect
/** @type {{results: number, results_bytes: number}} */
let caps = { results: 100, results_bytes: 16 << 20 }
let shown = { items: 0, bytes: 0, open: false, cut: new Set() }
let interrupted = false
/** Of the cell that runs; 0 between cells. */
let current = 0

const channel = new Channel((message) => {
  if (message.type === 'settings') {
    if (message.limits !== null) caps = message.limits
    channel.send({ type: 'settled' })
  } else if (message.type === 'cell') {
    void run(message.id, message.code)
  } else if (message.type === 'ping') {
    channel.send({ type: 'pong' })
  } else if (message.type === 'interrupt' && message.id === current) {
    interrupt()
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
    return `<its inspection raised ${types.isNativeError(error) ? 'an error' : typeof error}>`
  }
}

/** What `setTimeout` and its like return is no result. */
function isHandle(value) {
  if (types.isProxy(value)) return false
  try {
    return ['Timeout', 'Immediate'].includes(value?.constructor?.name) && typeof value?.ref === 'function'
  } catch {
    return false
  }
}

/** What JSON would show as an empty object or a list of nothing. */
const opaque = [types.isMap, types.isSet, types.isWeakMap, types.isWeakSet, types.isRegExp, types.isNativeError]
const opaqueToo = [
  types.isPromise,
  types.isProxy,
  types.isAnyArrayBuffer,
  types.isGeneratorObject,
  types.isArrayBufferView,
]

/** For `JSON.stringify`: throws where JSON would say something else than the value; large integers become their digits. */
function exactly(key, value) {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number')
  const given = this[key]
  if (value === null && given !== null) throw new TypeError('JSON has no such value')
  if (value === undefined && Array.isArray(this)) throw new TypeError('JSON has no empty places')
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('JSON has no such value')
  if ([...opaque, ...opaqueToo].some((is) => is(given))) throw new TypeError('JSON shows nothing of it')
  return value
}

/** The value as JSON where that says the same; undefined for any other. */
function asJson(value) {
  if (value === null || typeof value !== 'object' || types.isProxy(value)) return undefined
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return undefined
  try {
    const text = stringify(value, exactly)
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

function endingOf(ended) {
  if (!ended.failed) {
    const code = process.exitCode
    process.exitCode = undefined
    return code === undefined || code === 0 ? { reason: 'completed' } : exitEnding(code)
  }
  const { thrown } = ended
  if (Exit.is(thrown)) return thrown.code === 0 ? { reason: 'completed' } : exitEnding(thrown.code)
  if (interrupted || isInterruption(thrown)) {
    return { reason: 'interrupted', error: { name: 'Interrupted', value: 'interrupted', traceback: 'Interrupted' } }
  }
  return { reason: 'raised', error: describeError(thrown, describe), evidence: evidenceOf(thrown) }
}

function isInterruption(thrown) {
  if (!types.isNativeError(thrown)) return false
  try {
    return thrown.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  } catch {
    return false
  }
}

function exitEnding(code) {
  const value = (typeof code === 'string' ? code : describe(code)).slice(0, 100)
  return { reason: 'raised', error: { name: 'Exit', value, traceback: `process.exit(${value})` } }
}

function evaluate(code) {
  return runCell(code, {
    onValue: (value) => {
      if (!isHandle(value)) show(value, true)
    },
    hold: (held) => channel.hold(held),
  })
}

function interrupt() {
  interrupted = true
  breakOff(new Error('interrupted'))
}

async function run(id, code) {
  // One that came before the cell began: its signal found no cell to break off.
  interrupted = channel.announces(id)
  current = id
  const peakBefore = process.resourceUsage().maxRSS
  shown = { items: 0, bytes: 0, open: true, cut: new Set() }
  const ended = interrupted ? { failed: true } : await evaluate(code)
  current = 0
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
process.on('SIGINT', interrupt)
process.exit = (code) => {
  const exit = new Exit(code ?? process.exitCode ?? 0)
  process.exitCode = undefined
  breakOff(exit)
  throw exit
}
// Else what is written waits in the heap while the code computes, and no cap sees it.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)
process.chdir('/mnt/data')
process.umask(0o007)
watchTimers()
const place = { filename: '/mnt/data/cell.js', dirname: '/mnt/data' }
const url = pathToFileURL(place.filename).href
const require = createRequire(url)
const resolve = (name) => (/^\.{0,2}\//.test(name) ? new URL(name, url).href : import.meta.resolve(name))
// What a program asks that does one thing as a module and another when it is run.
const module = { exports: {}, id: '.', filename: place.filename, path: place.dirname, loaded: false, children: [] }
require.main = module
process.argv = [process.argv[0], place.filename]
Object.defineProperty(globalThis, '__importMeta', { value: { ...place, url, main: true, resolve } })
Object.assign(globalThis, {
  require,
  display: (...values) => values.forEach((value) => show(value, false)),
})
Object.assign(globalThis, { module, exports: module.exports, __filename: place.filename, __dirname: place.dirname })
channel.send({ type: 'ready', version: process.versions.node, preimported: [] })
