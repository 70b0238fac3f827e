import type { Amount, Estimate, Sureness } from './intervals.ts'

/** What comes of one threshold, estimated. Numbers are of decisions, not of labels. */
export interface Rates {
  readonly threshold: number
  /** Share of all decisions that the rule acts on. */
  readonly acted: Estimate
  /** Share of the harmless ones that it acts on. */
  readonly falsePositives: Estimate
  /** Share of the harmful ones that it does not act on. */
  readonly misses: Estimate
  /** Share of those that it acts on that are harmless. */
  readonly wrongActions: Estimate
  /** Harmless decisions acted on, and harmful ones that are not. */
  readonly falseBlocks: Amount
  readonly missed: Amount
  /** Harmful decisions acted on, and harmless ones that are not. */
  readonly found: Amount
  readonly letPass: Amount
  /**
   * Share of all decisions whose score is only known to be no lower: they count as acted on and as missed, whichever is
   * worse.
   */
  readonly unknown: number
}

/** What comes of every threshold, by bins of a thousandth. */
export interface Curve {
  /** Decisions that it speaks of. */
  readonly decisions: number
  at(bin: number, sureness?: Sureness): Rates
  /** Estimated decisions without their intervals, which is much cheaper. */
  countsAt(bin: number): { readonly falseBlocks: number; readonly missed: number; readonly harmful: number }
}
