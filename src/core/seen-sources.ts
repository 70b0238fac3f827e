import type { ErrorCode } from './error-codes.ts'

/** A data source as an operator sees it, when it was last looked at. */
export interface SeenSource {
  readonly name: string
  readonly kind: string
  /** Groups that may ask it. */
  readonly groups: readonly string[]
  /** A server further behind than this is not asked, milliseconds; null where there is no such limit. */
  readonly maximumLagMilliseconds: number | null
  /** null before it was looked at. */
  readonly look: SourceLook | null
}

export interface SourceLook {
  /** How long ago it was, and how long it took, milliseconds. */
  readonly ago: number
  readonly took: number
  readonly found: SourceFound
}

/** `usable`: its role can do nothing but read what policies name, and every name in them is there. */
export type SourceFound =
  | {
      readonly state: 'usable'
      readonly role: string
      readonly standby: boolean
      /** What its role can do beyond reading, which the configuration accepts. */
      readonly excess: readonly string[]
      /** The state of its data; null where it does not tell. */
      readonly freshness: SourceFreshness | null
    }
  | { readonly state: 'unusable'; readonly code: ErrorCode; readonly message: string; readonly advice: string | null }

interface SourceFreshness {
  readonly asOf: Date
  /** How far behind its primary it is; null where that is not known. */
  readonly lagMilliseconds: number | null
  /** By what was replayed, and not by a heartbeat. */
  readonly lagEstimated: boolean
}

export interface SourceOversight {
  /** What was last seen; nothing is asked. */
  list(): readonly SeenSource[]
  /** Asks the source now, once for all who ask at the same time. Rejects with `not-found` for none; what is wrong with it is a value. */
  check(name: string): Promise<SeenSource>
}
