import type { DetectionRule } from './rules/rule.ts'

/** Counters of one sandbox's trace since its start. */
export interface TraceFigures {
  /** Messages of the sandbox's kernel, and their bytes. */
  readonly messages: number
  readonly bytes: number
  /** Bytes of what the relay told of it, alerts for the most part. */
  readonly told: number
  readonly alerts: number
  /** Alerts that were held back since there were too many of one rule. */
  readonly suppressed: number
  /** Messages that the kernel could not send, and those that could not be read. */
  readonly lost: number
  readonly malformed: number
}

/** What is told of sandboxes that are traced. `id` is the sandbox's. */
export type DetectionReport =
  | {
      readonly kind: 'alert'
      readonly id: string
      readonly rule: DetectionRule
      /** Epoch milliseconds by the sandbox's own clock. */
      readonly at: number
      /** Of the rule's output, with what the sandbox did in place: text of whoever wrote the code in it. */
      readonly output: string
      readonly fields: Readonly<Record<string, string>>
      /** Alerts of the same rule that were held back since the last one. */
      readonly suppressed: number
    }
  | { readonly kind: 'events-lost'; readonly id: string; readonly count: number }
  /** As they are while it goes on: about once a second where there is news. */
  | { readonly kind: 'figures'; readonly id: string; readonly figures: TraceFigures }
  | { readonly kind: 'ended'; readonly id: string; readonly figures: TraceFigures }
  /** Nobody listens to it any more, so that it ends. */
  | { readonly kind: 'unheard'; readonly id: string; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: unknown }
