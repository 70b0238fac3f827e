import type { Descriptions } from './descriptions.ts'
import type { Timers } from './timers.ts'

export type Stream = 'stdout' | 'stderr'
/** JSON of how a run ended: its value described, or what it threw. */
export type Describe = (value: unknown, maximum: number) => Promise<string>

/** What the process hands in. Only strings, numbers and booleans cross. */
interface Host {
  /** The globals of the context. */
  readonly scope: Record<string, unknown>
  /** Writes what fits; answers whether the stream is full. */
  readonly write: (stream: Stream, text: string) => boolean
  /** Characters of one stream beyond which nothing of it is kept. */
  readonly outputLimit: number
  /** Says that this session's code may run again after its end. */
  readonly spoil: () => void
}

/**
 * Prepares the globals of a context. Returns the function that begins a run after one that filled a stream or set a
 * timer, and the one that describes a value when no timer is left.
 */
export function bootstrap(host: Host, { show, jsonOf }: Descriptions, timers: Timers): [() => void, Describe] {
  const { scope, write, outputLimit, spoil } = host
  const { stringify, parse } = JSON
  const { defineProperty } = Object
  const StringOf = String

  delete scope.SharedArrayBuffer
  delete scope.Atomics
  delete scope.WebAssembly
  // Finalizers run when the collector does, which may be in the next session: who touches them costs the isolate its life.
  const Finalizers = scope.FinalizationRegistry
  defineProperty(scope, 'FinalizationRegistry', {
    get: () => {
      spoil()
      return Finalizers
    },
    configurable: true,
  })

  // Once a stream is full nothing of it crosses any more: printing without end costs the program's own time only.
  const full = { stdout: false, stderr: false }
  const consoleMethod =
    (stream: Stream) =>
    (...values: unknown[]) => {
      if (full[stream]) return
      const text = values.map((value) => show(value)).join(' ')
      full[stream] = write(stream, (text.length > outputLimit ? text.slice(0, outputLimit + 1) : text) + '\n')
    }
  scope.console = {
    log: consoleMethod('stdout'),
    info: consoleMethod('stdout'),
    debug: consoleMethod('stdout'),
    dir: consoleMethod('stdout'),
    table: consoleMethod('stdout'),
    warn: consoleMethod('stderr'),
    error: consoleMethod('stderr'),
    trace: consoleMethod('stderr'),
  }
  scope.structuredClone = (value: unknown) => (value === undefined ? undefined : parse(stringify(value)))

  const errorOf = (thrown: unknown) => {
    try {
      if (thrown instanceof Error) {
        return { name: StringOf(thrown.name), value: StringOf(thrown.message), traceback: StringOf(thrown.stack) }
      }
    } catch {
      // A getter of the program threw: described below as any other value.
    }
    return { name: 'Error', value: show(thrown), traceback: '' }
  }
  const limit = (text: string, maximum: number) => (text.length > maximum ? text.slice(0, maximum) : text)

  const begin = () => {
    full.stdout = false
    full.stderr = false
    timers.begin()
  }
  const describe: Describe = async (value, maximum) => {
    try {
      const settled = await value
      await timers.idle()
      if (settled === undefined) return stringify({ end: 'completed', text: null, json: null, cut: false })
      const text = show(settled)
      const json = jsonOf(settled)
      const isLong = json !== null && json.length > maximum
      const cut = text.length > maximum || isLong
      return stringify({ end: 'completed', text: limit(text, maximum), json: isLong ? null : json, cut })
    } catch (thrown) {
      const { name, value: message, traceback } = errorOf(thrown)
      const error = { name: limit(name, 200), value: limit(message, 10_000), traceback: limit(traceback, 20_000) }
      return stringify({ end: 'raised', ...error })
    }
  }
  return [begin, describe]
}
