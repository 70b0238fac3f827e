import ivm from 'isolated-vm'
import type { FromIsolate } from './frames.ts'
import { IsolateSession, type SessionHost } from './isolate-session.ts'
import { wrapTopLevelAwait } from './top-level-await.ts'

type Done = Extract<FromIsolate, { type: 'done' }>
type Ending = Pick<Done, 'end' | 'text' | 'json' | 'error' | 'heapBytes'> & { readonly cut: boolean }

export interface RoomOptions {
  readonly memoryMegabytes: number
  readonly resultCharacters: number
  /** Sessions an isolate may see, one after the other. */
  readonly sessionsPerIsolate: number
  readonly host: SessionHost
  /** The engine gave the isolate up; nothing of the process is to be relied on any more. */
  readonly onCatastrophicError: (message: string) => void
}

interface Opened {
  readonly isolate: ivm.Isolate
  session: IsolateSession
  /** Made ahead, and still nobody's. */
  next: IsolateSession | null
  sessions: number
  /** Bytes in use above which the isolate is not given to another session. */
  readonly heapCeiling: number
}

/** How much two monotonic clocks may differ at the end of a run. */
const clockMilliseconds = 2

const nothing = { text: null, json: null, error: null, cut: false } as const

/**
 * The isolate of one tenant and the session in it. The next session gets a context of its own; it gets an isolate of
 * its own as well when the last one may have left behind anything that runs, or more memory than a little.
 */
export class IsolateRoom {
  readonly #options: RoomOptions
  #opened: Opened
  #isolates = 0

  constructor(options: RoomOptions) {
    this.#options = options
    this.#opened = this.#open()
  }

  /** Isolates opened so far. */
  get isolates(): number {
    return this.#isolates
  }

  async run(code: string, timeoutMilliseconds: number): Promise<Ending> {
    const { isolate, session } = this.#opened
    const { resultCharacters } = this.#options
    const started = performance.now()
    try {
      session.beginRun()
      const script = { filename: 'cell.js', timeout: timeoutMilliseconds, reference: true } as const
      const value = (await session.context.eval(wrapTopLevelAwait(code), script)) as ivm.Reference<unknown>
      const described = await session.describe.apply(undefined, [value.derefInto(), resultCharacters], {
        timeout: timeoutMilliseconds,
        result: { promise: true, copy: true },
      })
      value.release()
      return { ...readDescription(described), heapBytes: heapBytes(isolate) }
    } catch (thrown) {
      if (isolate.isDisposed) return { end: 'memory', ...nothing, heapBytes: null }
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      // The message alone could be the program's own; the clock is ours, and the engine's may be a little ahead of it.
      // Either way what was broken off may have a rest.
      const stopped = error.message === 'Script execution timed out.'
      if (stopped) session.spoil()
      const isTime = performance.now() - started >= timeoutMilliseconds - clockMilliseconds
      const end = stopped && isTime ? 'sync-timeout' : 'raised'
      const description = end === 'raised' ? { ...nothing, error: describeError(error) } : nothing
      return { end, ...description, heapBytes: heapBytes(isolate) }
    }
  }

  /** Makes the next session's context ahead, where as things stand this isolate will have it. */
  prepare(): void {
    if (this.#canBeKept()) this.#opened.next ??= new IsolateSession(this.#opened.isolate, this.#options.host)
  }

  /** Ends the session; when this returns, the next one is ready. */
  reset(): void {
    const { isolate, session } = this.#opened
    session.end()
    this.prepare()
    const { next } = this.#opened
    if (next !== null && this.#canBeKept()) {
      session.release()
      this.#opened.session = next
      this.#opened.next = null
      this.#opened.sessions += 1
      return
    }
    if (!isolate.isDisposed) isolate.dispose()
    this.#opened = this.#open()
  }

  #canBeKept(): boolean {
    const { isolate, session, sessions, heapCeiling } = this.#opened
    if (isolate.isDisposed || session.spoiled || sessions >= this.#options.sessionsPerIsolate) return false
    return bytesInUse(isolate) <= heapCeiling
  }

  #open(): Opened {
    const { memoryMegabytes, host, onCatastrophicError } = this.#options
    this.#isolates += 1
    const isolate = new ivm.Isolate({ memoryLimit: memoryMegabytes, onCatastrophicError })
    const session = new IsolateSession(isolate, host)
    const heapCeiling = bytesInUse(isolate) + (memoryMegabytes * 1024 * 1024) / 8
    return { isolate, session, next: null, sessions: 1, heapCeiling }
  }
}

/** Waits for whatever still runs in the isolate, so a run that is answered for has come to rest. */
function heapBytes(isolate: ivm.Isolate): number | null {
  return isolate.isDisposed ? null : isolate.getHeapStatisticsSync().total_heap_size
}

function bytesInUse(isolate: ivm.Isolate): number {
  const { used_heap_size: used, externally_allocated_size: external } = isolate.getHeapStatisticsSync()
  return used + external
}

// What programs for Node and for browsers ask for.
const notHere =
  /^(?:require|process|module|exports|__dirname|__filename|Buffer|setImmediate|fetch|document|window|prompt|alert|performance|URL|TextEncoder|TextDecoder|crypto) is not defined$|^Cannot use import statement outside a module/

/** What was thrown, and of what is not here what there is. */
function advised(value: string): string {
  return notHere.test(value)
    ? `${value} (Only the language itself is here, with console and timers: no Node, no browser.)`
    : value
}

function describeError(error: Error): NonNullable<Done['error']> {
  const traceback = (error.stack ?? '')
    .split('\n')
    .filter((line) => !/(?:\(|at )(?:async )?(?:file|node):|isolated-vm/.test(line))
    .join('\n')
  return {
    name: error.name.slice(0, 200),
    value: advised(error.message.slice(0, 10_000)),
    traceback: traceback.slice(0, 20_000),
  }
}

function readDescription(described: string): Omit<Ending, 'heapBytes'> {
  const value = JSON.parse(described) as
    | { end: 'completed'; text: string | null; json: string | null; cut: boolean }
    | { end: 'raised'; name: string; value: string; traceback: string }
  if (value.end === 'completed') return { ...value, error: null }
  const traceback = value.traceback
    .split('\n')
    .filter((line) => !line.includes('(sallyport:'))
    .join('\n')
  return { end: 'raised', ...nothing, error: { name: value.name, value: advised(value.value), traceback } }
}
