import type { SandboxLanguage } from '../../core/languages.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../../core/errors.ts'
import type { CellResult } from '../../core/result.ts'
import type { Vetted } from '../../core/vetted.ts'
import { checkRun, type RunTimeLimits } from './check-run.ts'
import { CellRun, type RunEnd } from './cell-run.ts'
import type { ProtocolConnection } from '../protocol/connection.ts'
import type { HostEvidence, LiveContainer, SandboxDriver, SandboxExit, SandboxSpecification } from '../driver.ts'
import { shakeHands, type Handshake } from '../protocol/handshake.ts'
import { ask } from '../protocol/inbox.ts'
import { climbKillLadder, type LadderTimes, type Rung } from './kill-ladder.ts'
import { decideOutcome, evidenceSince, type RunEvidence, type UnbegunEvidence } from './outcomes.ts'
import { buildResult, neverRan } from './results.ts'
import type { RunOptions, Sandbox, SandboxFiles } from '../sandbox.ts'
import { createSessionFiles } from './session-files.ts'
import { Turns } from '../../concurrency/turns.ts'

export interface SessionOptions {
  readonly driver: SandboxDriver
  readonly specification: SandboxSpecification
  /** Workers to have ready at once. */
  readonly languages: readonly SandboxLanguage[]
  readonly ladder: LadderTimes
  /** Called once nothing of it is left on the host. */
  readonly onGone: () => void
}

/** After a sandbox ended by itself, the runtime has this long to say why, milliseconds. */
const exitMilliseconds = 3000

/** One live sandbox: its container, its protocol, its turn-taking and its end. */
export class SandboxSession implements Sandbox {
  readonly id: string
  readonly driver: string
  readonly missingWalls: readonly string[]
  /** How it came to be. */
  readonly origin: LiveContainer['origin']
  /** What its own kernel says that it is. */
  readonly kernel: string
  readonly files: SandboxFiles
  /** How many programs have begun in it: the number of the one that runs, or of the last one. */
  cell = 0
  readonly #options: SessionOptions
  readonly #container: LiveContainer
  readonly #connection: ProtocolConnection
  readonly #turns = new Turns()
  #evidence: HostEvidence
  #alive = true
  #isClosed = false
  #isEndedByOperator = false
  #busy = false
  #partLost = false
  #epitaph = 'The sandbox has ended; claim a new one.'
  #loss = 'The sandbox was closed'
  #lastUsed = performance.now()
  #wall: RunTimeLimits

  private constructor(options: SessionOptions, container: LiveContainer, { connection, kernel }: Handshake) {
    this.id = options.specification.id
    this.driver = options.driver.name
    this.missingWalls = options.driver.missingWalls
    this.origin = container.origin
    this.kernel = kernel
    this.#options = options
    this.#wall = options.specification.limits
    this.#container = container
    this.#connection = connection
    this.#evidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }
    this.files = createSessionFiles(connection)
    void connection.lost.then(() => {
      this.#alive = false
    })
  }

  /** Starts a container and makes a session of it, or leaves nothing behind. */
  static async start(options: SessionOptions, signal: AbortSignal): Promise<SandboxSession> {
    const { limits } = options.specification
    const container = await options.driver.create(options.specification, signal)
    try {
      let session: SandboxSession | null = null
      const shaken = await shakeHands(
        container,
        { limits, languages: options.languages, onLoss: () => session?.onLoss() },
        signal,
      )
      session = new SandboxSession(options, container, shaken)
      return session
    } catch (thrown) {
      await container.destroy().catch(() => {})
      throw thrown
    }
  }

  get alive(): boolean {
    return this.#alive && !this.#partLost && this.#connection.loss === null
  }

  get isEndedByOperator(): boolean {
    return this.#isEndedByOperator
  }

  get stopped(): Promise<void> {
    return this.#container.stopped
  }

  /** Milliseconds since the last run or file ended; 0 during a run. */
  get idleMilliseconds(): number {
    return this.#busy ? 0 : performance.now() - this.#lastUsed
  }

  /** Does a program run in it? */
  get busy(): boolean {
    return this.#busy
  }

  /** The wall times of whoever claimed it. */
  limitRunTime(wall: RunTimeLimits): void {
    this.#wall = wall
  }

  /**
   * The keeper was lost, or a worker whose variables some later run may want. If a worker dies during a run, the run's
   * `done` reports it; a loss that arrives right after that `done` still counts for the state of the session.
   */
  onLoss(): void {
    this.#partLost = true
  }

  async run(code: Vetted<SandboxLanguage>, options: RunOptions, signal: AbortSignal): Promise<CellResult> {
    const wallMilliseconds = checkRun(code, options, this.#wall)
    const asked = performance.now()
    const queued = () => performance.now() - asked
    let endTurn: () => void
    try {
      endTurn = await this.#turns.take(signal)
    } catch {
      return this.#neverRan('cancelled', queued())
    }
    this.#busy = true
    try {
      if (!this.alive) return this.#neverRan('ended', queued())
      return await this.#runNow(code, { ...options, wallMilliseconds, queueMs: queued() }, signal)
    } finally {
      this.#busy = false
      this.#lastUsed = performance.now()
      endTurn()
    }
  }

  /** Why it is about to be ended, a sentence that the run under way and the next one tell. */
  tellEnd(reason: string): void {
    this.#epitaph = reason
    this.#loss = reason.replace(/\.$/, '')
  }

  /** It is about to be ended by an operator, which the run under way and the next one tell. */
  tellOperatorEnd(): void {
    this.#isEndedByOperator = true
    this.tellEnd('An operator ended the sandbox; claim a new one.')
  }

  /** Ends it for a reason. */
  async close(reason: string): Promise<void> {
    this.tellEnd(reason)
    await this[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#alive = false
    this.#isClosed = true
    await this.#destroy()
  }

  #neverRan(unbegun: UnbegunEvidence['unbegun'], queueMs: number): CellResult {
    return neverRan(decideOutcome({ unbegun, sessionAlive: this.alive, epitaph: this.#epitaph }), queueMs)
  }

  async #runNow(
    code: Vetted<SandboxLanguage>,
    options: RunOptions & { readonly wallMilliseconds: number; readonly queueMs: number },
    signal: AbortSignal,
  ): Promise<CellResult> {
    const started = performance.now()
    this.cell += 1
    const ending = Promise.withResolvers<NonNullable<RunEvidence['hostAction']>>()
    const run = new CellRun(this.#connection, {
      limits: this.#options.specification.limits,
      onOutput: options.onOutput ?? (() => {}),
      onExceeded: (what) => ending.resolve(what),
    })
    const timer = setTimeout(() => ending.resolve('deadline'), options.wallMilliseconds)
    const onAbort = () => ending.resolve('cancelled')
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      run.start(code.language, code.text)
      const first = await Promise.race([run.ended, ending.promise])
      const hostAction = typeof first === 'string' ? first : null
      const end = hostAction === null ? await run.ended : await this.#endRun(run, hostAction)
      return await this.#conclude(run, end, { ...options, hostAction, runMs: performance.now() - started })
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Ends a run from outside. Null where the sandbox had to be destroyed with the run. */
  async #endRun(run: CellRun, why: NonNullable<RunEvidence['hostAction']>): Promise<RunEnd | null> {
    const rung = await this.#climb(run, why)
    return rung === 'destroy' ? null : run.ended
  }

  #climb(run: CellRun, why: NonNullable<RunEvidence['hostAction']>): Promise<Rung> {
    return climbKillLadder(
      {
        ended: run.ended,
        heeded: run.heeded,
        // Who cancels waits for nothing.
        interrupt: () => run.interrupt(why !== 'cancelled'),
        killProcesses: async (signal) => {
          const answer = await ask(this.#connection, { type: 'kill' }, signal)
          return answer.type === 'killed' && answer.processes_left === 0
        },
        // An end that is not confirmed changes nothing about the outcome; the removal that follows takes it up.
        destroy: () => this.#container.kill().catch(() => {}),
      },
      // Above the memory mark an interrupt takes too long: the kernel is about to kill the whole sandbox.
      why === 'memory' ? 'kill' : 'interrupt',
      this.#options.ladder,
    )
  }

  async #conclude(
    run: CellRun,
    end: RunEnd | null,
    parts: Pick<RunEvidence, 'hostAction' | 'wallMilliseconds'> & { readonly queueMs: number; readonly runMs: number },
  ): Promise<CellResult> {
    const done = end?.kind === 'done' ? end.done : null
    const evidence = await this.#gather(end, parts)
    const loss = lossOf(end)
    const decision = decideOutcome({
      ...parts,
      done,
      loss,
      partLost: this.#partLost,
      ...evidence,
      isEndedByOperator: this.#isEndedByOperator,
    })
    if (!decision.sessionAlive) await this.#retire(done)
    return buildResult({ ...parts, collector: run.collector, decision, done, evidence: this.#evidence })
  }

  /** The host's own evidence, asked for only where the supervisor's account does not settle it. */
  async #gather(
    end: RunEnd | null,
    parts: Pick<RunEvidence, 'hostAction'>,
  ): Promise<Pick<RunEvidence, 'oomKills' | 'taskLimitHits' | 'exit'>> {
    if (end?.kind === 'done' && end.done.reason !== 'worker-died') return { oomKills: 0, taskLimitHits: 0, exit: null }
    const before = this.#evidence
    this.#evidence = await this.#container.evidence()
    // Of an end that came from here the runtime has nothing to say.
    const isStrange = end?.kind === 'lost' && parts.hostAction === null && !this.#isClosed
    const exit = isStrange ? await this.#exit() : null
    return { ...evidenceSince(before, this.#evidence), exit }
  }

  async #exit(): Promise<SandboxExit> {
    const unknown: SandboxExit = { exitCode: null, oomKilled: false }
    return Promise.race([this.#container.exited, sleep(exitMilliseconds, unknown, { ref: false })])
  }

  /**
   * The session is over. What still runs in it is ended before the result is returned; the rest is removed afterwards.
   */
  async #retire(done: DoneState | null): Promise<void> {
    this.#alive = false
    const quiet = done !== null && !done.still_running && done.processes_left === 0
    if (!quiet) await this.#container.kill().catch(() => {})
    void this.#destroy().catch(() => {})
  }

  async #destroy(): Promise<void> {
    this.#connection.lose(new ServiceError('sandbox-lost', this.#loss))
    await this.#container.destroy()
    this.#options.onGone()
  }
}

/** Why the sandbox was lost, for people only. */
function lossOf(end: RunEnd | null): string | null {
  if (end?.kind === 'lost') return end.reason.message
  return end?.kind === 'failed' ? `${end.failure.code}: ${end.failure.message}` : null
}

interface DoneState {
  readonly still_running: boolean
  readonly processes_left: number
}
