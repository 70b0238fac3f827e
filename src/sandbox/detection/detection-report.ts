import type { TraceFigures } from '../../core/detection-facts.ts'
import type { DetectionRule } from './rules/rule.ts'

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
