import { containerDrivers, type ContainerDriver, type SandboxDriverName } from '../core/drivers.ts'
import type { SandboxEvent } from '../core/facts.ts'
import type { OnActivity } from '../core/activity.ts'
import { ServiceError } from '../core/errors.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { SandboxDriver } from './driver.ts'
import type { IsolateEngine } from './isolates/isolate-engine.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
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

interface SandboxesConfig {
  readonly sandbox: SandboxOptions
  readonly isolate: IsolateOptions
}

interface SandboxesParts {
  /** The driver of that name; hears of faults that cost no sandbox. */
  readonly openDriver: (
    name: ContainerDriver,
    settings: SandboxOptions,
    onFault: (fault: unknown) => void,
  ) => Promise<SandboxDriver>
  readonly onEvent: (event: SandboxEvent) => void
  readonly onActivity: OnActivity
}

/** Every engine, loaded and made when first asked for. */
export class Sandboxes implements AsyncDisposable {
  readonly #config: SandboxesConfig
  #warm = false
  readonly #parts: SandboxesParts
  readonly #engines = new Map<SandboxDriverName, Promise<OperableSandboxEngine>>()
  #isolates: IsolateEngine | null = null
  #closed = false
  readonly #isolateEngine = onceUntilFailure(async () => {
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

  /** Rejects with `sandbox-unavailable` and advice where no sandbox can be started. */
  async available(): Promise<void> {
    const engine = await this.engine()
    await engine.prove(AbortSignal.timeout(proofMilliseconds))
  }

  /** null before the first sandbox was asked for. */
  async figures(): Promise<{ readonly ready: number; readonly claimed: number; readonly waiting: number } | null> {
    const engine = await this.#engines.get(this.#config.sandbox.driver)?.catch(() => null)
    if (engine === null || engine === undefined) return null
    const { ready, claimed, waiting } = engine.figures
    return { ready, claimed, waiting }
  }

  /** A sandbox of the configured driver, or of the one named. */
  async claim(request: ClaimRequest, signal: AbortSignal, driver: SandboxDriverName | null = null): Promise<Sandbox> {
    const name = driver ?? this.#config.sandbox.driver
    if (name === 'isolate') {
      refuseOwnLimits(request.limits)
      return (await this.#isolateEngine()).claim(request, signal)
    }
    using _ = this.#parts.onActivity('starting a sandbox')
    const engine = await this.engine(name)
    return await engine.claim(request, signal)
  }

  /** A session for light JavaScript. */
  async claimIsolate(tenant: string, signal: AbortSignal): Promise<Sandbox> {
    return (await this.#isolateEngine()).claim({ tenant, language: 'javascript' }, signal)
  }

  async engine(name: ContainerDriver = this.#config.sandbox.driver): Promise<OperableSandboxEngine> {
    this.#refuseWhenClosed()
    const made = this.#engines.get(name) ?? this.#open(name)
    this.#engines.set(name, made)
    // A failed opening is tried again by the next claim.
    made.catch(() => this.#engines.delete(name))
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const engines = await Promise.allSettled(this.#engines.values())
    const open = engines.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    await Promise.all(open.map((engine) => engine[Symbol.asyncDispose]()))
    await this.#isolates?.[Symbol.asyncDispose]()
  }

  async #open(name: ContainerDriver): Promise<OperableSandboxEngine> {
    const { sandbox: settings } = this.#config
    const { openDriver, onEvent } = this.#parts
    const driver = await openDriver(name, settings, (fault) => onEvent({ type: 'sandbox-fault', fault }))
    return createSandboxEngine({ driver, settings, warm: this.#warm, onEvent })
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new ServiceError('shutting-down', 'The sandboxes are being closed')
  }
}
