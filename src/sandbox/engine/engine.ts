import type { SandboxTrace } from '../../core/detection-facts.ts'
import type { SandboxEvent, SweepReport } from '../../core/facts.ts'
import { randomBytes } from 'node:crypto'
import { ServiceError, toServiceError } from '../../core/errors.ts'
import type { SeenDriver, SeenSandbox } from '../../core/sandbox-operations.ts'
import type { SandboxDriver } from '../driver.ts'
import { createLimits, limitsOf, sameIsolation, type SandboxLimits } from '../limits.ts'
import { onceUntilFailure } from '../../concurrency/once-until-failure.ts'
import type { SandboxOptions } from '../options.ts'
import { readOwner, type OwnerLabels } from './owner.ts'
import { WarmPool } from './pool.ts'
import { hearDetection, placeOf } from './hear-detection.ts'
import { leaseOf } from './lease.ts'
import type { DetectionReport } from '../detection/detection-report.ts'
import { TraceMemory } from './trace-memory.ts'
import { seenOf, type Holding, type StartedSession } from './seen-sandbox.ts'
import { toPoolSettings, type PoolFigures } from './pool-options.ts'
import { SandboxSession } from '../session/sandbox-session.ts'
import type { ClaimRequest, Sandbox, SandboxEngine } from '../sandbox.ts'
import { sweep } from './sweep.ts'
import { untilAborted } from '../../concurrency/until-aborted.ts'

export interface SandboxEngineOptions {
  readonly driver: SandboxDriver
  readonly settings: SandboxOptions
  /** Keep sandboxes ready from the start, as a service does; a single command starts them when asked. */
  readonly warm: boolean
  readonly onEvent?: (event: SandboxEvent) => void
}

/** The port with what an operator needs beside it. */
export interface OperableSandboxEngine extends SandboxEngine {
  readonly limits: SandboxLimits
  readonly figures: PoolFigures
  /** What was seen of its driver's walls when they were last looked at. */
  readonly proof: Pick<SeenDriver, 'name' | 'proof' | 'fault' | 'missingWalls'>
  /** The sandboxes that there are, those included that nobody has yet. */
  list(): readonly SeenSandbox[]
  /** As `SandboxOperations` has it. */
  end(id: string): Promise<boolean>
  /** Refuses claims with this, until `resume`; resolves when nothing stands ready any more. */
  drain(refusal: ServiceError): Promise<void>
  resume(): void
  /** Begins one sandbox for the first claim. Resolves when the runtime works on it; rejects where the walls cannot stand. */
  startAhead(): Promise<void>
  /** Rejects with `sandbox-unavailable` and advice where the walls cannot stand. */
  prove(signal: AbortSignal): Promise<void>
  /** Looks for leftovers now. */
  sweep(signal: AbortSignal): Promise<SweepReport>
  /** Takes what is told of the calls of its sandboxes. */
  hear(report: DetectionReport): void
  /** As `SandboxOperations` has it, of what it has heard. */
  trace(id: string): SandboxTrace | null
}

export function createSandboxEngine(options: SandboxEngineOptions): OperableSandboxEngine {
  return new Engine(options)
}

class Engine implements OperableSandboxEngine {
  readonly limits: SandboxLimits
  readonly #options: SandboxEngineOptions
  readonly #pool: WarmPool<SandboxSession>
  readonly #claimed = new Map<SandboxSession, Holding>()
  /** Those that were started and are not gone, by their ids. */
  readonly #sessions = new Map<string, StartedSession>()
  /** Ids from before their creation until their confirmed removal. */
  readonly #known = new Set<string>()
  readonly #traces = new TraceMemory()
  readonly #closing = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #owner: Promise<OwnerLabels> = readOwner()
  /** Settled by the first start. */
  readonly #begun = Promise.withResolvers<void>()
  #fingerprint: string | null = null
  /** Why the last proof of the walls failed. */
  #fault: string | null = null

  constructor(options: SandboxEngineOptions) {
    this.#options = options
    const { settings } = options
    this.limits = createLimits(settings.limits)
    this.#pool = new WarmPool({
      settings: toPoolSettings(settings.pool),
      create: (signal, wanted) => this.#start(this.limits, signal, wanted),
      onFault: (fault) => this.#report({ type: 'sandbox-fault', fault }),
      now: () => performance.now(),
    })
    this.#timer = setInterval(() => void this.#tend(), Math.min(settings.sweep_ms, settings.idle_ms))
    this.#timer.unref()
    if (options.warm) void this.#warm()
  }

  get figures(): PoolFigures {
    return this.#pool.figures
  }

  get proof(): OperableSandboxEngine['proof'] {
    const { name, missingWalls } = this.#options.driver
    const proof = this.#fault !== null ? 'failed' : this.#fingerprint === null ? 'not-asked' : 'stands'
    return { name, proof, fault: this.#fault, missingWalls }
  }

  list(): readonly SeenSandbox[] {
    const now = performance.now()
    return [...this.#sessions.values()].map((started) => seenOf(started, this.#claimed.get(started.session), now))
  }

  async end(id: string): Promise<boolean> {
    return this.#endFor(id, (session) => session.tellOperatorEnd())
  }

  async #endFor(id: string, tellWhy: (session: SandboxSession) => void): Promise<boolean> {
    const session = this.#sessions.get(id)?.session
    if (session === undefined) return false
    tellWhy(session)
    this.#claimed.delete(session)
    await this.#pool.end(session)
    return true
  }

  drain(refusal: ServiceError): Promise<void> {
    return this.#pool.drain(refusal)
  }

  resume(): void {
    this.#pool.resume()
  }

  async claim(request: ClaimRequest, signal: AbortSignal): Promise<Sandbox> {
    const asked = performance.now()
    if (this.#closing.signal.aborted) throw new ServiceError('shutting-down', 'The sandboxes are being closed')
    const limits = limitsOf(this.#options.settings.limits, request)
    const made = !sameIsolation(limits, this.limits)
    await this.#prepare(signal)
    const session = made
      ? await this.#pool.claimMade(request.tenant, (inner) => this.#start(limits, inner), signal)
      : await this.#pool.claim(request.tenant, signal)
    session.limitRunTime(limits)
    const now = performance.now()
    this.#claimed.set(session, { tenant: request.tenant, at: now })
    const milliseconds = now - asked
    this.#report({ type: 'sandbox-claim', id: session.id, tenant: request.tenant, milliseconds, made })
    return leaseOf(session, {
      claimMilliseconds: milliseconds,
      onRun: (result) => this.#report({ type: 'sandbox-run', id: session.id, tenant: request.tenant, result }),
      release: async () => {
        this.#claimed.delete(session)
        await this.#pool.release(session)
      },
    })
  }

  async startAhead(): Promise<void> {
    await this.#prepare(this.#closing.signal)
    this.#pool.startAhead()
    await untilAborted(this.#begun.promise, this.#closing.signal)
  }

  async prove(signal: AbortSignal): Promise<void> {
    const fingerprint = await this.#proven(AbortSignal.any([signal, this.#closing.signal]))
    this.#fingerprint ??= fingerprint
  }

  async sweep(signal: AbortSignal): Promise<SweepReport> {
    const self = await this.#owner
    const report = await sweep({ driver: this.#options.driver, self, known: this.#known }, signal)
    if (report.removed.length + report.failed.length > 0) this.#report({ type: 'sandbox-sweep', report })
    return report
  }

  hear(report: DetectionReport): void {
    const end = (id: string, why: string) => this.#endFor(id, (session) => session.tellEnd(why))
    hearDetection(report, {
      placeOf: (id) => placeOf(this.#sessions.get(id)?.session, this.#claimed),
      killAt: this.#options.settings.detection.kill_at,
      end,
      tell: (event) => this.#report(event),
      memory: this.#traces,
    })
  }

  trace(id: string): SandboxTrace | null {
    return this.#traces.of(id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    clearInterval(this.#timer)
    await this.#pool[Symbol.asyncDispose]()
    await this.#options.driver[Symbol.asyncDispose]()
  }

  /** The walls are proven and leftovers looked for once, before the first sandbox; a failure is tried again. */
  async #prepare(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#prepareOnce(), signal)
  }

  readonly #prepareOnce = onceUntilFailure(async () => {
    this.#fingerprint = await this.#proven(this.#closing.signal)
    void this.sweep(this.#closing.signal).catch((fault: unknown) => this.#report({ type: 'sandbox-fault', fault }))
  })

  /** The fingerprint of what the walls were proven for. */
  async #proven(signal: AbortSignal): Promise<string> {
    try {
      const { fingerprint } = await this.#options.driver.prepare(signal)
      this.#fault = null
      return fingerprint
    } catch (thrown) {
      if (!signal.aborted) this.#fault = toServiceError(thrown).message
      throw thrown
    }
  }

  async #warm(): Promise<void> {
    await this.#prepare(this.#closing.signal).catch((fault: unknown) => this.#report({ type: 'sandbox-fault', fault }))
    if (!this.#closing.signal.aborted) this.#pool.warm()
  }

  async #start(limits: SandboxLimits, signal: AbortSignal, wanted?: AbortSignal): Promise<SandboxSession> {
    const started = performance.now()
    const { driver, settings } = this.#options
    const id = `sbx-${randomBytes(8).toString('hex')}`
    this.#known.add(id)
    try {
      const specification = {
        id,
        owner: await this.#owner,
        limits,
        ...(wanted === undefined ? {} : { wanted }),
        onBegun: this.#begun.resolve,
      }
      const session = await SandboxSession.start(
        {
          driver,
          specification,
          languages: ['python'],
          ladder: {
            interruptMilliseconds: settings.interrupt_ms,
            figuresMilliseconds: settings.figures_ms,
            killMilliseconds: Math.max(settings.kill_ms, driver.killMilliseconds ?? 0),
          },
          onGone: () => {
            this.#known.delete(id)
            this.#sessions.delete(id)
          },
        },
        signal,
      )
      const now = performance.now()
      this.#sessions.set(id, { session, limits, at: now })
      const milliseconds = now - started
      this.#report({ type: 'sandbox-start', id, driver: driver.name, origin: session.origin, milliseconds })
      return session
    } catch (thrown) {
      // The sweep removes what a failed start left behind.
      this.#known.delete(id)
      throw thrown
    } finally {
      this.#begun.resolve()
    }
  }

  async #tend(): Promise<void> {
    const { signal } = this.#closing
    const steps = [() => this.#expireIdle(this.#options.settings.idle_ms), () => this.#pool.tend()]
    // Leftovers may be why nothing can be made, so they are looked for whether or not the walls are proven.
    if (this.#fingerprint !== null || this.#fault !== null) steps.push(() => this.sweep(signal).then(() => {}))
    if (this.#fingerprint !== null) steps.push(() => this.#proveAgain(signal))
    for (const step of steps) {
      await step().catch((fault: unknown) => {
        if (!signal.aborted) this.#report({ type: 'sandbox-fault', fault })
      })
    }
  }

  async #proveAgain(signal: AbortSignal): Promise<void> {
    const fingerprint = await this.#proven(signal)
    if (fingerprint !== this.#fingerprint) await this.#pool.replaceReady()
    this.#fingerprint = fingerprint
  }

  async #expireIdle(idleMilliseconds: number): Promise<void> {
    const notice = `The sandbox was unused for ${Math.round(idleMilliseconds / 1000)} s and was closed; claim a new one.`
    for (const [session, { tenant }] of this.#claimed) {
      if (!session.alive || session.idleMilliseconds < idleMilliseconds) continue
      await session.close(notice)
      this.#claimed.delete(session)
      await this.#pool.release(session)
      this.#report({ type: 'sandbox-expiry', id: session.id, tenant })
    }
  }

  #report(event: SandboxEvent): void {
    this.#options.onEvent?.(event)
  }
}
