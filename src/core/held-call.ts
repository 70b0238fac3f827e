import type { Taint } from './provenance.ts'

/** Why a call of a run did not simply run. `planned`: nobody was asked, since a plan of trusted words and the schema alone has what it reads. */
export interface StoppedCall {
  readonly outcome: 'asked' | 'refused' | 'planned'
  /** In `shadow` nobody was asked, and nothing was refused for it. */
  readonly mode: 'enforce' | 'shadow'
  readonly rules: readonly string[]
  /** One sentence for people; it quotes nothing that was read. */
  readonly reason: string
  /** What the model had read that the call may come of. */
  readonly reads: readonly {
    readonly id: string
    readonly callId: string | null
    readonly tool: string | null
    readonly origin: Taint
  }[]
}

/** What of the run a call had read that was stopped: which call gave it, by its number from 1 on; null for what stood there before. */
export interface HeldRead {
  readonly id: string
  readonly call: number | null
  readonly tool: string | null
  readonly origin: Taint
}

/** A call of a run that was stopped, and how it went on. It is kept by the number of the call: its id is a model's own words. */
export interface HeldCall extends Omit<StoppedCall, 'reads'> {
  /** From 1 on, in the order in which the run told of its calls; null where it told of none such. */
  readonly call: number | null
  readonly tool: string
  readonly reads: readonly HeldRead[]
  /** `undecided`: nobody has answered, or a person has written something else in its place. */
  readonly became: 'ran' | 'refused' | 'undecided'
}
