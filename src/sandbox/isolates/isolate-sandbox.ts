import type { SandboxLanguage } from '../../core/languages.ts'
import { ServiceError } from '../../core/errors.ts'
import { parseUntrustedJson, type JsonValue } from '../../core/json.ts'
import type { CapturedText, CellResult, DisplayItem } from '../../core/result.ts'
import { terminalText } from '../../text/terminal-text.ts'
import type { Vetted } from '../../core/vetted.ts'
import {
  type Account,
  type Decision,
  decideOutcome,
  type RunEvidence,
  type UnbegunEvidence,
} from '../session/outcomes.ts'
import { neverRan, shownError } from '../session/results.ts'
import type { RunOptions, Sandbox, SandboxFiles } from '../sandbox.ts'
import { Turns } from '../../concurrency/turns.ts'
import type { IsolateWorker, KillReason, WorkerEnd } from './isolate-worker.ts'
import type { IsolateOptions } from './options.ts'

interface IsolateSandboxOptions {
  readonly id: string
  readonly worker: IsolateWorker
  readonly options: IsolateOptions
  readonly queueMilliseconds: number
  /** Called once, when the owner is done; takes the worker back. */
  readonly release: (worker: IsolateWorker) => Promise<void>
}

/** How long after the limit the isolate's own timeout may come before the process is ended. */
const graceMilliseconds = 150
/** Bytes of UTF-8. A character that did not fit whole is left out, so a full stream may lack fewer than that. */
const longestCharacter = 4
const epitaph = 'The session and its variables are gone; claim a new one.'

/** A session in an isolate. It has no files: the isolate is for light jobs over values. */
export class IsolateSandbox implements Sandbox {
  readonly id: string
  readonly driver = 'isolate'
  readonly missingWalls: readonly string[] = ['light JavaScript runs in a separate process, not in gVisor']
  readonly #settings: IsolateSandboxOptions
  readonly #turns = new Turns()
  #queueMilliseconds: number
  #running = false
  #disposal: Promise<void> | null = null

  constructor(settings: IsolateSandboxOptions) {
    this.id = settings.id
    this.#settings = settings
    this.#queueMilliseconds = settings.queueMilliseconds
  }

  get isEndedByOperator(): boolean {
    return this.#settings.worker.killed === 'operator'
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

  async run(code: Vetted<SandboxLanguage>, options: RunOptions, signal: AbortSignal): Promise<CellResult> {
    const timeout = this.#timeoutOf(code, options)
    const asked = performance.now()
    let endTurn: () => void
    try {
      endTurn = await this.#turns.take(signal)
    } catch {
      return this.#neverRan('cancelled', performance.now() - asked)
    }
    try {
      const queueMs = this.#queueMilliseconds + performance.now() - asked
      this.#queueMilliseconds = 0
      // An engine that is closed takes back what was asked for; a session that has ended has nothing to run it.
      const closed = this.#settings.worker.killed === 'disposed' && this.#disposal === null
      if (!this.alive) return this.#neverRan(closed ? 'cancelled' : 'ended', queueMs)
      return await this.#runNow(code.text, { ...options, timeout, queueMs }, signal)
    } finally {
      endTurn()
    }
  }

  #neverRan(unbegun: UnbegunEvidence['unbegun'], queueMs: number): CellResult {
    return neverRan(decideOutcome({ unbegun, sessionAlive: this.alive, epitaph }), queueMs)
  }

  async #runNow(
    code: string,
    { timeout, queueMs, ...options }: RunOptions & { readonly timeout: number; readonly queueMs: number },
    signal: AbortSignal,
  ): Promise<CellResult> {
    const { worker, options: limits } = this.#settings
    const output = { stdout: '', stderr: '' }
    const left = { stdout: limits.output_kb * 1024, stderr: limits.output_kb * 1024 }
    const onOutput = (stream: 'stdout' | 'stderr', text: string): void => {
      if (left[stream] <= 0) return
      left[stream] -= Buffer.byteLength(text)
      output[stream] += text
      options.onOutput?.(stream, text)
    }
    const onAbort = (): void => void worker.kill('cancelled')
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    this.#running = true
    try {
      // The isolate's own timeout leaves the session alive; the worker's is the bound when that does not come in time.
      const request = { code, timeoutMilliseconds: timeout, graceMilliseconds }
      const { end, runMilliseconds } = await worker.run(request, onOutput)
      // An isolate that ran out of memory is gone; its process is not used again.
      if (end.kind === 'done' && end.done.end === 'memory') void worker.kill('memory')
      const full = (['stdout', 'stderr'] as const).filter((stream) => left[stream] < longestCharacter)
      const decision = decideOutcome(evidenceOf(end, { killed: worker.killed, alive: this.alive, timeout }))
      return resultOf(end, decision, { output, full, queueMs, runMs: runMilliseconds })
    } finally {
      this.#running = false
      signal.removeEventListener('abort', onAbort)
    }
  }

  #timeoutOf(code: Vetted<SandboxLanguage>, options: RunOptions): number {
    const { wall_ms: standard, wall_ceiling_ms: ceiling } = this.#settings.options
    const timeout = options.timeoutMilliseconds ?? standard
    refuseLanguage(code.language)
    if (!(timeout >= 1) || timeout > ceiling) {
      throw new ServiceError('invalid-request', `A run may take 1 to ${ceiling} ms, not ${timeout}`, {
        parameter: 'timeout_ms',
      })
    }
    return timeout
  }

  [Symbol.asyncDispose](): Promise<void> {
    const { worker, release } = this.#settings
    // A process whose run nobody waits for any more is not one to give to the next session.
    if (this.#running) void worker.kill('disposed')
    this.#disposal ??= release(worker)
    return this.#disposal
  }
}

/** Refused before anything is claimed for it. */
export function refuseLanguage(language: SandboxLanguage): void {
  if (language === 'javascript') return
  throw new ServiceError('invalid-request', `the isolate runs JavaScript, not ${language}`, {
    parameter: 'language',
    advice: 'Choose another driver: docker or runsc.',
  })
}

interface EndFacts {
  /** Which of our own limits ended the process; null where none did. */
  readonly killed: KillReason | null
  readonly alive: boolean
  readonly timeout: number
}

const hostActions: Readonly<Record<KillReason, RunEvidence['hostAction']>> = {
  timeout: 'deadline',
  memory: 'memory',
  cancelled: 'cancelled',
  disposed: 'cancelled',
  protocol: null,
  operator: null,
}

const losses: Partial<Record<KillReason, string>> = {
  protocol: 'its process broke the rules',
}

/** What is known of a run in an isolate, in the terms of every driver. */
function evidenceOf(end: WorkerEnd, { killed, alive, timeout }: EndFacts): RunEvidence {
  const loss = killed === null ? 'its process died' : (losses[killed] ?? 'its process died')
  const nothing = {
    oomKills: 0,
    taskLimitHits: 0,
    exit: null,
    partLost: !alive,
    loss,
    isEndedByOperator: killed === 'operator',
    wallMilliseconds: timeout,
  }
  const hostAction = killed === null ? null : hostActions[killed]
  if (end.kind === 'gone') return { ...nothing, hostAction, done: null }
  switch (end.done.end) {
    case 'completed':
      return { ...nothing, hostAction, done: { ...atRest, reason: 'completed', worker_alive: alive } }
    case 'raised':
      return { ...nothing, hostAction, done: { ...atRest, reason: 'raised', worker_alive: alive } }
    case 'memory': {
      const done: Account = { ...atRest, reason: 'worker-died', evidence: 'memory', worker_alive: false }
      return { ...nothing, hostAction: hostAction === 'memory' ? null : hostAction, done }
    }
    case 'sync-timeout':
      // Told at our own limit, whatever the process said and when: see the worker.
      return { ...nothing, hostAction: hostAction ?? 'deadline', done: { ...interrupted, worker_alive: alive } }
  }
}

const atRest = {
  evidence: null,
  status: null,
  still_running: false,
  processes_found: 0,
  processes_left: 0,
  threads_left: 0,
} as const

const interrupted = { ...atRest, reason: 'interrupted' } as const

interface ResultFacts {
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Streams that reached their cap, where the process cannot tell it any more. */
  readonly full: readonly ('stdout' | 'stderr')[]
  readonly queueMs: number
  readonly runMs: number
}

function resultOf(end: WorkerEnd, decision: Decision, { output, full, queueMs, runMs }: ResultFacts): CellResult {
  const done = end.kind === 'done' ? end.done : null
  const truncated = done?.truncated ?? full
  const captured = (stream: 'stdout' | 'stderr'): CapturedText => ({
    text: terminalText(output[stream]),
    truncated: truncated.includes(stream),
  })
  const item = done?.end === 'completed' ? displayItem(done.text, done.json) : null
  return {
    ...decision,
    stdout: captured('stdout'),
    stderr: captured('stderr'),
    results: item === null ? [] : [item],
    error: shownError(done?.error ?? null),
    artifacts: [],
    timings: { queueMs, runMs },
    peakMemoryBytes: done?.heapBytes ?? null,
    truncated,
  }
}

function displayItem(text: string | null, json: string | null): DisplayItem | null {
  if (text === null) return null
  const value = json === null ? undefined : (parseUntrustedJson(json) as JsonValue)
  return { isMain: true, text: terminalText(text), ...(value === undefined ? {} : { json: value }) }
}

function noFiles(): ServiceError {
  return new ServiceError('invalid-request', 'the isolate has no files', {
    advice: 'Pass values in the code, or run JavaScript in gVisor to work with files.',
  })
}
