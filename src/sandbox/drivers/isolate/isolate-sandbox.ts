import { ServiceError } from '../../../core/errors.ts'
import { parseUntrustedJson, type JsonValue } from '../../../core/json.ts'
import type { CapturedText, CellResult, DisplayItem, Outcome } from '../../../core/result.ts'
import type { Vetted } from '../../../core/vetted.ts'
import type { RunOptions, Sandbox, SandboxFiles, SandboxLanguage } from '../../sandbox.ts'
import type { IsolateWorker, WorkerEnd } from './isolate-worker.ts'
import type { IsolateOptions } from './options.ts'

interface IsolateSandboxOptions {
  readonly id: string
  readonly worker: IsolateWorker
  readonly options: IsolateOptions
  readonly queueMilliseconds: number
  /** Called once, when the owner is done; takes the worker back. */
  readonly release: (worker: IsolateWorker) => Promise<void>
}

/** What an end means, from evidence only: our own kill's reason, the isolate's state, the signal the kernel reports. */
const outcomeOfKill: Readonly<Record<string, Outcome>> = {
  timeout: 'timeout',
  memory: 'out-of-memory',
  cancelled: 'cancelled',
  disposed: 'cancelled',
  protocol: 'sandbox-lost',
}

/** How long after the limit the isolate's own timeout may come before the process is ended. */
const graceMilliseconds = 150

/** A session in an isolate. It has no files: the isolate is for light jobs over values. */
export class IsolateSandbox implements Sandbox {
  readonly id: string
  readonly driver = 'isolate'
  readonly missingWalls: readonly string[] = ['light JavaScript runs in a separate process, not in gVisor']
  readonly #settings: IsolateSandboxOptions
  #turn: Promise<unknown> = Promise.resolve()
  #queueMilliseconds: number
  #disposal: Promise<void> | null = null

  constructor(settings: IsolateSandboxOptions) {
    this.id = settings.id
    this.#settings = settings
    this.#queueMilliseconds = settings.queueMilliseconds
  }

  get alive(): boolean {
    return this.#settings.worker.alive && this.#disposal === null
  }

  readonly files: SandboxFiles = {
    put: () => Promise.reject(noFiles()),
    list: () => Promise.resolve([]),
    get: () => {
      throw noFiles()
    },
    delete: () => Promise.reject(noFiles()),
  }

  run(code: Vetted<SandboxLanguage>, options: RunOptions, signal: AbortSignal): Promise<CellResult> {
    const queued = performance.now()
    const turn = this.#turn.then(() => this.#runNow(code, options, { signal, queued }))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #runNow(
    code: Vetted<SandboxLanguage>,
    options: RunOptions,
    { signal, queued }: { readonly signal: AbortSignal; readonly queued: number },
  ): Promise<CellResult> {
    const { worker, options: limits } = this.#settings
    const timeout = this.#timeoutOf(code, options)
    const queueMs = this.#queueMilliseconds + performance.now() - queued
    this.#queueMilliseconds = 0
    if (signal.aborted) return result({ outcome: 'cancelled', queueMs, alive: this.alive })
    const output = { stdout: '', stderr: '' }
    const onOutput = (stream: 'stdout' | 'stderr', text: string): void => {
      if (output[stream].length >= limits.output_kb * 1024) return
      output[stream] += text
      options.onOutput?.(stream, text)
    }
    const onAbort = (): void => void worker.kill('cancelled')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      // The isolate's own timeout leaves the session alive; the worker's is the bound when that does not come in time.
      const request = { code: code.text, timeoutMilliseconds: timeout, graceMilliseconds }
      const { end, runMilliseconds: runMs } = await worker.run(request, onOutput)
      // An isolate that ran out of memory is gone; its process is not used again.
      if (end.kind === 'done' && end.done.end === 'memory') await worker.kill('memory')
      const full = (['stdout', 'stderr'] as const).filter((stream) => output[stream].length >= limits.output_kb * 1024)
      return fromEnd(end, { output, full, queueMs, runMs, timeout, alive: this.alive })
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  #timeoutOf(code: Vetted<SandboxLanguage>, options: RunOptions): number {
    const { wall_ms: standard, wall_ceiling_ms: ceiling } = this.#settings.options
    const timeout = options.timeoutMilliseconds ?? standard
    if (code.language !== 'javascript') {
      throw new ServiceError('invalid-request', `the isolate runs JavaScript, not ${code.language}`)
    }
    if (timeout > ceiling) {
      throw new ServiceError('invalid-request', `a run may take ${ceiling} ms at most, not ${timeout}`, {
        parameter: 'timeout_ms',
      })
    }
    return timeout
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#settings.release(this.#settings.worker)
    return this.#disposal
  }
}

interface EndFacts {
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Streams that reached their cap. */
  readonly full: readonly ('stdout' | 'stderr')[]
  readonly queueMs: number
  readonly runMs: number
  readonly timeout: number
  readonly alive: boolean
}

function fromEnd(end: WorkerEnd, facts: EndFacts): CellResult {
  const common = { ...facts.output, queueMs: facts.queueMs, runMs: facts.runMs, alive: facts.alive }
  if (end.kind === 'gone') {
    const outcome = outcomeOfKill[end.killed ?? 'protocol'] ?? 'sandbox-lost'
    const notice = `The run was ended (${outcome}); the session's variables are gone.`
    return result({ ...common, outcome, notice, alive: false, truncated: facts.full })
  }
  const { done } = end
  const stopped = { ...common, peak: done.heapBytes, truncated: done.truncated }
  switch (done.end) {
    case 'completed':
      return result({ ...stopped, outcome: 'ok', item: displayItem(done.text, done.json) })
    case 'raised':
      return result({ ...stopped, outcome: 'user-error', error: done.error })
    case 'memory':
      return result({
        ...stopped,
        outcome: 'out-of-memory',
        notice: "The isolate reached its memory limit; the session's variables are gone.",
        alive: false,
      })
    case 'sync-timeout': {
      // The process may say so, but only our clock decides.
      const outcome = facts.runMs >= facts.timeout ? 'timeout' : 'sandbox-lost'
      return result({
        ...stopped,
        outcome,
        notice: `The run was stopped after ${facts.timeout} ms; the session's variables are ${facts.alive ? 'still there' : 'gone'}.`,
      })
    }
    default:
      return result({ ...stopped, outcome: 'sandbox-lost', alive: false })
  }
}

function displayItem(text: string | null, json: string | null): DisplayItem | null {
  if (text === null) return null
  const value = json === null ? undefined : (parseUntrustedJson(json) as JsonValue)
  return { isMain: true, text, ...(value === undefined ? {} : { json: value }) }
}

interface ResultParts {
  readonly outcome: Outcome
  readonly alive: boolean
  readonly queueMs: number
  readonly runMs?: number
  readonly stdout?: string
  readonly stderr?: string
  readonly item?: DisplayItem | null
  readonly error?: CellResult['error']
  readonly peak?: number | null
  readonly truncated?: readonly string[]
  readonly notice?: string
}

function result(parts: ResultParts): CellResult {
  const truncated = parts.truncated ?? []
  const captured = (stream: 'stdout' | 'stderr'): CapturedText => ({
    text: parts[stream] ?? '',
    truncated: truncated.includes(stream),
  })
  return {
    outcome: parts.outcome,
    stdout: captured('stdout'),
    stderr: captured('stderr'),
    results: parts.item ? [parts.item] : [],
    error: parts.error ?? null,
    artifacts: [],
    timings: { queueMs: parts.queueMs, runMs: parts.runMs ?? 0 },
    peakMemoryBytes: parts.peak ?? null,
    truncated,
    sessionAlive: parts.alive,
    notice: parts.notice ?? null,
  }
}

function noFiles(): ServiceError {
  return new ServiceError('invalid-request', 'the isolate has no files', {
    advice: 'Pass values in the code, or run JavaScript in gVisor to work with files.',
  })
}
