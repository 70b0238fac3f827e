import type { DecisionInput, DecisionName } from '../../../src/gateway/authorize/decisions.ts'
import { exampleInput } from '../../../src/gateway/authorize/example-inputs.ts'

/** What the rules are asked for a grant, on a Monday afternoon. */
export function grantInput(overrides: Partial<DecisionInput<'grant'>> = {}): DecisionInput<'grant'> {
  return { ...exampleInput('grant'), ...overrides }
}

/** An input of each decision, asked by this caller. */
export function inputOf<Name extends DecisionName>(name: Name, id: string): DecisionInput<Name> {
  const input = exampleInput(name)
  return { ...input, principal: { ...input.principal, id } }
}
