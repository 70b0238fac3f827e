import { containerDrivers, type ContainerDriver, type SandboxDriverName } from '../core/drivers.ts'
import type { SandboxTrace } from '../core/detection-facts.ts'
import type { SandboxEvent } from '../core/facts.ts'
import type { OnActivity } from '../core/activity.ts'
import { ServiceError } from '../core/errors.ts'
import type { SandboxOperations, SeenSandboxes } from '../core/sandbox-operations.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { DriverChoice } from './containers/choose-driver.ts'
import type { ContainerDrivers } from './container-driver.ts'
import type { IsolateEngine } from './isolates/isolate-engine.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { DetectionReport } from './detection/detection-report.ts'
import { createSandboxEngine, type OperableSandboxEngine } from './engine/engine.ts'
import type { ClaimRequest, Sandbox } from './sandbox.ts'
import type { IsolateOptions } from './isolates/options.ts'
import type { SandboxOptions } from './options.ts'

/** Longest that the proof of the sandbox's walls may take. */
const proofMilliseconds = 10_000

/** A process of the isolate driver has the limits of the configuration, whoever claims it. */
function refuseOwnLimits(limits: RequestedLimits = {}): void {
  const [name] = Object.keys(limits)
  if (name === undefined) return
  throw new ServiceError('invalid-request', `${name} cannot be asked for under the isolate driver.`, {
    parameter: name,
    advice: `Leave it out, or choose another driver: ${containerDrivers.join(' or ')}.`,
  })
}

/** Processes of several tenants would run Node from the same file. */
function refuseIsolates(): never {
  throw new ServiceError('sandbox-unavailable', 'Isolates run from the same file, and sandbox.sharing is none.', {
    advice: 'Leave run_javascript out of the tools of the group; run_python is there.',
  })
}

interface SandboxesConfig {
  readonly sandbox: SandboxOptions
  readonly isolate: IsolateOptions
}

interface SandboxesParts {
  readonly openDriver: ContainerDrivers['open']
  /** The driver that `auto` stands for on this machine. */
  readonly chooseDriver: () => Promise<DriverChoice>
  readonly onEvent: (event: SandboxEvent) => void
  readonly onActivity: OnActivity
}

/** Every engine, loaded and made when first asked for. */
export class Sandboxes implements SandboxOperations, AsyncDisposable {
  readonly #config: SandboxesConfig
  #warm = false
  readonly #parts: SandboxesParts
  readonly #engines = new Map<SandboxDriverName, Promise<OperableSandboxEngine>>()
  #isolates: IsolateEngine | null = null
  /** What claims are refused with while an operator has drained the sandboxes. */
  #drained: ServiceError | null = null
  #closed = false
  /** Has the driver of `auto` started a sandbox? */
  #isChoiceProven = false
  #choice: DriverChoice | null = null
  readonly #choose = onceUntilFailure(async () => {
    this.#choice = await this.#parts.chooseDriver()
  })
  readonly #isolateEngine = onceUntilFailure(async () => {
    if (this.#config.sandbox.sharing === 'none') refuseIsolates()
    const { IsolateEngine } = await import('./isolates/isolate-engine.ts')
    this.#refuseWhenClosed()
    this.#isolates = new IsolateEngine(this.#config.isolate)
    return this.#isolates
  })

  constructor(config: SandboxesConfig, parts: SandboxesParts) {
    this.#config = config
    this.#parts = parts
  }

  /** From now on sandboxes stand ready before they are asked for, as a service wants it. */
  keepWarm(): void {
    this.#warm = true
    // The first claim rejects with the reason; `available` gives it to `/readyz`.
    this.engine().catch(() => {})
  }

  /**
   * Begins a sandbox of the configured driver, or of the one named, for the first claim without limits of its own. Resolves when the runtime
   * works on it; what fails is told to that claim, which tries again.
   */
  async startAhead(driver: ContainerDriver | null = null): Promise<void> {
    await this.engine(driver)
      .then((engine) => engine.startAhead())
      .catch(() => {})
  }

  /** Did an operator say that this process hands out no sandbox for now? */
  get isDrained(): boolean {
    return this.#drained !== null
  }

  /** Rejects with `sandbox-unavailable` and advice where no sandbox can be started. */
  async available(): Promise<void> {
    this.#refuseWhenDrained()
    const engine = await this.engine()
    await engine.prove(AbortSignal.timeout(proofMilliseconds))
  }

  /** null before the first sandbox was asked for. */
  async figures(): Promise<{ readonly ready: number; readonly claimed: number; readonly waiting: number } | null> {
    const engine = await this.#defaultEngine()
    if (engine === null) return null
    const { ready, claimed, waiting } = engine.figures
    return { ready, claimed, waiting }
  }

  async seen(): Promise<SeenSandboxes> {
    const { driver: configured, pool } = this.#config.sandbox
    const [engine, engines] = await Promise.all([this.#defaultEngine(), this.#openEngines()])
    const unopened = { name: configured === 'auto' ? null : configured, missingWalls: [] }
    const known = engine?.proof ?? { ...unopened, proof: 'not-asked', fault: null }
    return {
      driver: { ...known, why: this.#choice?.reason ?? null },
      pool: engine && { ...engine.figures, maximum: pool.maximum, maximumReady: pool.maximum_ready },
      isDraining: this.isDrained,
      sandboxes: [...engines.flatMap((each) => each.list()), ...(this.#isolates?.list() ?? [])],
    }
  }

  async end(id: string): Promise<boolean> {
    const places = [...(await this.#openEngines()), ...(this.#isolates === null ? [] : [this.#isolates])]
    const ended = await Promise.all(places.map((place) => place.end(id)))
    return ended.includes(true)
  }

  async trace(id: string): Promise<SandboxTrace | null> {
    const engines = await this.#openEngines()
    return engines.map((engine) => engine.trace(id)).find((trace) => trace !== null) ?? null
  }

  async drain(): Promise<void> {
    const refusal = new ServiceError('sandbox-unavailable', 'An operator has drained the sandboxes of this process', {
      advice: 'Ask again later, or another process; "sallyport sandboxes resume" has them handed out again.',
    })
    this.#drained = refusal
    await Promise.all((await this.#openEngines()).map((engine) => engine.drain(refusal)))
  }

  resume(): void {
    this.#drained = null
    void this.#openEngines().then((engines) => {
      for (const engine of engines) if (this.#drained === null) engine.resume()
    })
  }

  async #openEngines(): Promise<readonly OperableSandboxEngine[]> {
    const engines = await Promise.allSettled(this.#engines.values())
    return engines.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }

  /** Of claims that name no driver; null before the first of them. */
  async #defaultEngine(): Promise<OperableSandboxEngine | null> {
    const { driver } = this.#config.sandbox
    const name = driver === 'auto' ? this.#choice?.driver : driver
    return (name === undefined ? null : await this.#engines.get(name)?.catch(() => null)) ?? null
  }

  /** The driver of claims that name none; the reason is null where the configuration names it. */
  async choice(): Promise<{ readonly driver: ContainerDriver; readonly reason: string | null }> {
    const { driver } = this.#config.sandbox
    if (driver !== 'auto') return { driver, reason: null }
    await this.#choose()
    if (this.#choice === null) throw new TypeError('nothing was chosen')
    return this.#choice
  }

  /** A sandbox of the configured driver, or of the one named. */
  async claim(request: ClaimRequest, signal: AbortSignal, driver: SandboxDriverName | null = null): Promise<Sandbox> {
    this.#refuseWhenDrained()
    if (driver === 'isolate') {
      refuseOwnLimits(request.limits)
      return (await this.#isolateEngine()).claim(request, signal)
    }
    using _ = this.#parts.onActivity('starting a sandbox')
    if (driver === null && this.#config.sandbox.driver === 'auto') return await this.#claimChosen(request, signal)
    const engine = await this.engine(driver)
    return await engine.claim(request, signal)
  }

  /**
   * A driver that `auto` chose is proven by its first sandbox: where that cannot be had, Docker is taken and the reason
   * kept. One that the configuration or the caller names is never replaced.
   */
  async #claimChosen(request: ClaimRequest, signal: AbortSignal): Promise<Sandbox> {
    const { driver } = await this.choice()
    try {
      const sandbox = await (await this.engine(driver)).claim(request, signal)
      this.#isChoiceProven = true
      return sandbox
    } catch (fault) {
      signal.throwIfAborted()
      const isUnavailable = fault instanceof ServiceError && fault.code === 'sandbox-unavailable'
      if (driver === 'docker' || this.#isChoiceProven || !isUnavailable) throw fault
      this.#choice = { driver: 'docker', reason: `${driver} was not taken: ${fault.message}` }
      this.#parts.onEvent({ type: 'sandbox-fault', fault })
      return await (await this.engine('docker')).claim(request, signal)
    }
  }

  /** A session for light JavaScript. */
  async claimIsolate(tenant: string, signal: AbortSignal): Promise<Sandbox> {
    this.#refuseWhenDrained()
    return (await this.#isolateEngine()).claim({ tenant, language: 'javascript' }, signal)
  }

  /** Null for the configured driver. */
  async engine(driver: ContainerDriver | null = null): Promise<OperableSandboxEngine> {
    this.#refuseWhenClosed()
    const { driver: configured } = this.#config.sandbox
    const named = driver ?? (configured === 'auto' ? null : configured)
    const name = named ?? (await this.choice()).driver
    this.#refuseWhenClosed()
    const made = this.#engines.get(name) ?? this.#open(name)
    this.#engines.set(name, made)
    // A failed opening is tried again by the next claim.
    made.catch(() => this.#engines.delete(name))
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const open = await this.#openEngines()
    await Promise.all(open.map((engine) => engine[Symbol.asyncDispose]()))
    await this.#isolates?.[Symbol.asyncDispose]()
  }

  async #open(name: ContainerDriver): Promise<OperableSandboxEngine> {
    const { sandbox: settings } = this.#config
    const { openDriver, onEvent } = this.#parts
    const warm = this.#warm
    const onSnapshotFault = (fault: unknown) => onEvent({ type: 'sandbox-fault', fault })
    let hear: (report: DetectionReport) => void = () => {}
    const driver = await openDriver(name, { warm, onSnapshotFault, onDetection: (report) => hear(report) })
    const engine = createSandboxEngine({ driver, settings, warm, onEvent })
    hear = (report) => engine.hear(report)
    if (this.#drained !== null) await engine.drain(this.#drained)
    return engine
  }

  #refuseWhenDrained(): void {
    if (this.#drained !== null) throw this.#drained
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new ServiceError('shutting-down', 'The sandboxes are being closed')
  }
}
