import type { Principal } from '../../core/principal.ts'
import type { Direction } from '../filter.ts'
import type { FilterAction } from '../profile.ts'
import type { NamedProfile } from './named-profiles.ts'
import type { VotedScore } from './votes.ts'

/** The conversation that a call belongs to, which may begin after the call was looked at. */
export interface CallConversation {
  /** Null as long as there is none. */
  readonly id: () => string | null
}

/** A stretch of a text that was looked at, with what stands around it. */
export interface SeenText {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** One decision about the texts of a call in one direction. */
export interface DecidedContent {
  /** `dec-…` */
  readonly id: string
  /** Whose it is: the caller, or the person for whom an application has signed that it asks. */
  readonly principal: string
  readonly group: string
  /** Null for a call that belongs to none. */
  readonly conversation: CallConversation | null
  readonly direction: Direction
  readonly api: string
  /** The most final of what happened. */
  readonly action: FilterAction
  /** Null where nobody has said them. */
  readonly scores: readonly VotedScore[] | null
  /** What may be kept of the texts; none where `keepsTexts` is false. */
  readonly texts: readonly SeenText[]
}

/** What a call is decided by, from its beginning to its end: thresholds that change meanwhile are those of the next call. */
export interface CallThresholds {
  readonly profile: NamedProfile
  /** Of the thresholds in force; 0 where none was tuned. */
  readonly revision: number
  /** The rollout whose canary decides about a direction; null for none. */
  canaryOf(direction: Direction): string | null
  /** Is what was looked at to be handed on as well? */
  readonly keepsTexts: boolean
  /** Told once of each decision, when all of it is decided. Does not wait and does not throw. */
  decided(content: DecidedContent): void
}

/** The thresholds of a call by a profile of the configuration. The same profile is the same object from call to call. */
export type ThresholdsFor = (principal: Pick<Principal, 'id' | 'group'>, profile: NamedProfile) => CallThresholds
