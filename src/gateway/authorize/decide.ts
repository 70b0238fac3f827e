import { decisions, type DecisionInput, type DecisionName, type DecisionOutput } from './decisions.ts'
import type { PolicyEngine } from './engine.ts'
import { withDeadline } from '../../concurrency/with-deadline.ts'

/** What became of one question. A fault has no decision, and whoever asked is refused. */
export type Decided<Name extends DecisionName> = {
  readonly name: Name
  /** Of the rules; null where there were none to ask. */
  readonly revision: string | null
  readonly milliseconds: number
} & (
  | { readonly kind: 'decision'; readonly output: DecisionOutput<Name> }
  | { readonly kind: 'fault'; readonly fault: string; readonly cause: unknown }
)

export interface DecideOptions {
  /** Opens the rules in force; what it throws is a fault like any other. */
  readonly engine: () => Promise<Pick<PolicyEngine, 'evaluate'>>
  readonly deadlineMilliseconds: number
  /** Milliseconds since any fixed point. */
  readonly clock?: () => number
}

export type Decide = <Name extends DecisionName>(name: Name, input: DecisionInput<Name>) => Promise<Decided<Name>>

/**
 * Asks the rules, whatever evaluates them. This is the only place where an answer becomes a decision: one that is missing,
 * late, torn, of another form, or has a member that nobody asked for is a fault, and so is everything that is thrown.
 */
export function createDecide({ engine, deadlineMilliseconds, clock = () => performance.now() }: DecideOptions): Decide {
  return async (name, input) => {
    const started = clock()
    let revision: string | null = null
    const fault = (fault: string, cause: unknown = null) =>
      ({ name, kind: 'fault', revision, milliseconds: clock() - started, fault, cause }) as const
    try {
      const opened = await engine()
      const began = clock()
      const evaluated = await withDeadline(deadlineMilliseconds, (signal) => opened.evaluate(name, input, signal))
      revision = evaluated.revision
      const { value } = evaluated
      // What runs in this process cannot be broken off: its answer comes, but too late.
      if (clock() - began > deadlineMilliseconds) return fault('the decision took too long')
      if (value === undefined) return fault('no rule gives a decision')
      const output = decisions[name].output.safeParse(value)
      if (!output.success) return fault('the decision is not of its form', output.error)
      return {
        name,
        kind: 'decision',
        revision,
        milliseconds: clock() - started,
        output: output.data as DecisionOutput<typeof name>,
      }
    } catch (thrown) {
      return fault('the decision could not be made', thrown)
    }
  }
}
