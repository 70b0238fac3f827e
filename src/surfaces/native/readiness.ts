/** Can requests be answered now? `detail` names what is missing, for people. */
export interface ReadinessState {
  readonly ready: boolean
  readonly detail: string
}

interface ReadinessOptions {
  /** `ready`, or in a word what is wrong with the storage. Never rejects. */
  readonly storageState: () => Promise<string>
  /** Rejects where no sandbox can be started; null where the service is for nothing that needs one. */
  readonly sandboxesAvailable: (() => Promise<unknown>) | null
  /**
   * Would every other process say the same of its sandboxes, as where one cluster makes them for all? Then one that has had
   * them stays ready for what needs none: taken out of a balancer, all would go at once. False where it is not given.
   */
  readonly isLackShared?: () => boolean
  /** Rejects where a program that texts are looked through by cannot look at one; none are asked without. */
  readonly detectorsAvailable?: () => Promise<unknown>
  /** Rejects while requests are refused since the audit trail cannot be written; not asked without. */
  readonly auditAvailable?: () => Promise<unknown>
  /** What does not work while the rest does, each in a few words; said beside what is ready. Not asked without. */
  readonly degraded?: () => readonly string[]
  /** Called with what is missing, and the reason. It goes to the log, since anybody may ask for `/readyz`. */
  readonly onUnready: (missing: string, error: unknown) => void
  /** Milliseconds since any fixed moment. */
  readonly now?: () => number
}

/** How long an answer about sandboxes and the storage counts, in milliseconds, so that a probe every second costs nothing. */
const believedMilliseconds = 10_000

/** How long one about the audit trail does: requests are refused from the first line that cannot be written. */
const trailBelievedMilliseconds = 1_000

/** Said where sandboxes and sources are not kept ready. */
const analystIsOff = 'models of upstreams only: no group of gateway.groups may ask analyst'

interface Known<T> {
  readonly until: number
  readonly state: T
}

/** Ready once what a first question needs was warmed, and while the storage can be written and sandboxes can be started. */
export class Readiness {
  readonly #options: ReadinessOptions
  readonly #now: () => number
  #known: Known<ReadinessState> | null = null
  #trail: Known<ReadinessState | null> | null = null
  #isWarm = false
  #hadSandboxes = false

  constructor(options: ReadinessOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  warmed(): void {
    this.#isWarm = true
  }

  async state(): Promise<ReadinessState> {
    if (!this.#isWarm) return { ready: false, detail: 'warming up' }
    const isKnown = this.#known !== null && this.#known.until > this.#now()
    if (!isKnown) this.#known = { state: await this.#ask(), until: this.#now() + believedMilliseconds }
    const state = this.#known?.state ?? { ready: false, detail: 'not known' }
    return this.#withDegraded(state.ready ? ((await this.#lackOfTrail()) ?? state) : state)
  }

  #withDegraded({ ready, detail }: ReadinessState): ReadinessState {
    const degraded = this.#options.degraded?.() ?? []
    return { ready, detail: [detail, ...degraded.map((what) => `degraded: ${what}`)].join('; ') }
  }

  async #ask(): Promise<ReadinessState> {
    const storage = await this.#options.storageState()
    if (storage !== 'ready') return { ready: false, detail: `storage: ${storage}` }
    const { detectorsAvailable, sandboxesAvailable } = this.#options
    const lack = await this.#lack('texts cannot be looked through', detectorsAvailable ?? null)
    if (lack !== null) return lack
    return sandboxesAvailable === null ? { ready: true, detail: analystIsOff } : this.#askSandboxes(sandboxesAvailable)
  }

  /** A process that never had one may be set up wrongly, and a new version of it must not replace what works. */
  async #askSandboxes(sandboxesAvailable: () => Promise<unknown>): Promise<ReadinessState> {
    const lack = await this.#lack('no sandbox can be had', sandboxesAvailable)
    this.#hadSandboxes ||= lack === null
    if (lack === null) return { ready: true, detail: 'sandboxes can be had' }
    const staysReady = this.#hadSandboxes && this.#options.isLackShared?.() === true
    return staysReady ? { ready: true, detail: `degraded: ${lack.detail}` } : lack
  }

  async #lackOfTrail(): Promise<ReadinessState | null> {
    const isKnown = this.#trail !== null && this.#trail.until > this.#now()
    if (!isKnown) {
      const state = await this.#lack('the audit trail cannot be written', this.#options.auditAvailable ?? null)
      this.#trail = { state, until: this.#now() + trailBelievedMilliseconds }
    }
    return this.#trail?.state ?? null
  }

  /** Null where it is not missing. */
  async #lack(missing: string, isThere: (() => Promise<unknown>) | null): Promise<ReadinessState | null> {
    try {
      await isThere?.()
      return null
    } catch (error) {
      this.#options.onUnready(missing, error)
      return { ready: false, detail: missing }
    }
  }
}
