import type { ShadowNotice, ShadowSide } from '../../../core/facts.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Decide, Decided } from '../decide.ts'
import type { DecisionInput, DecisionName } from '../decisions.ts'
import { isSameAnswer } from '../same-answer.ts'

/** Has shadow rules asked what the rules in force were, and told what they would have said. Returns at once, never throws. */
export type CompareWithShadow = <Name extends DecisionName>(
  about: { readonly principal: Principal; readonly requestId: string | null },
  input: DecisionInput<Name>,
  inForce: Decided<Name>,
) => void

interface CompareOptions {
  /** Asks the shadow rules. */
  readonly decide: Decide
  readonly onCompared: (notice: ShadowNotice) => void
  /** Questions that may wait for the shadow rules; what comes on top is passed over. */
  readonly mostWaiting?: number
}

export function createCompareWithShadow({ decide, onCompared, mostWaiting = 256 }: CompareOptions): CompareWithShadow {
  let waiting = 0
  const compare = async <Name extends DecisionName>(
    { principal, requestId }: { readonly principal: Principal; readonly requestId: string | null },
    input: DecisionInput<Name>,
    inForce: Decided<Name>,
  ): Promise<void> => {
    const told = { decision: inForce.name, requestId, principal: principal.id, group: principal.group }
    if (waiting >= mostWaiting) {
      onCompared({ ...told, result: 'skipped', inForce: sideOf(inForce), shadow: null, fault: null })
      return
    }
    waiting += 1
    const decided = await decide(inForce.name, input)
    waiting -= 1
    const sides = { inForce: sideOf(inForce), shadow: sideOf(decided) }
    if (decided.kind === 'fault') {
      const fault = { what: decided.fault, cause: decided.cause }
      onCompared({ ...told, ...sides, result: 'fault', fault })
      return
    }
    onCompared({ ...told, ...sides, result: isSameAnswer(inForce, decided) ? 'same' : 'different', fault: null })
  }
  return (about, input, inForce) => void compare(about, input, inForce)
}

function sideOf(decided: Decided<DecisionName>): ShadowSide {
  const { revision } = decided
  if (decided.kind === 'fault') return { outcome: 'fault', revision, rules: [] }
  const { allow, rules } = decided.output
  return { outcome: allow ? 'allowed' : 'refused', revision, rules: rules.toSorted() }
}
