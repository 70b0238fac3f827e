import type { SandboxOptions } from '../options.ts'

/** What a pool holds: made ready before anyone asks, used by one tenant, never used again. */
export interface PoolMember extends AsyncDisposable {
  readonly alive: boolean
  /** Settles when nothing of it runs any more, at the latest with its disposal; never rejects. */
  readonly stopped: Promise<void>
}

export interface PoolSettings {
  readonly minimumReady: number
  readonly maximumReady: number
  readonly maximum: number
  readonly maximumPerTenant: number
  readonly startsAtOnce: number
  readonly queueCapacity: number
  readonly queueMilliseconds: number
}

/** As the configuration has them. */
export function toPoolSettings(pool: SandboxOptions['pool']): PoolSettings {
  return {
    minimumReady: pool.minimum_ready,
    maximumReady: pool.maximum_ready,
    maximum: pool.maximum,
    maximumPerTenant: pool.maximum_per_tenant,
    startsAtOnce: pool.starts_at_once,
    queueCapacity: pool.queue,
    queueMilliseconds: pool.queue_ms,
  }
}

export interface PoolOptions<Member> {
  readonly settings: PoolSettings
  /** `wanted` is aborted when somebody waits for what is made, at the latest when nothing else is left for who does. */
  readonly create: (signal: AbortSignal, wanted: AbortSignal) => Promise<Member>
  /** Hears of starts that failed and of members whose removal was not confirmed. */
  readonly onFault: (fault: unknown) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export interface PoolFigures {
  readonly ready: number
  readonly starting: number
  readonly claimed: number
  readonly waiting: number
}

/** Room for a member that is being made for one claim. */
export interface Place {
  readonly tenant: string
  readonly free: () => void
  readonly freed: Promise<void>
}
