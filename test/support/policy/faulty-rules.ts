import { decisions, type DecisionName } from '../../../src/gateway/authorize/decisions.ts'

/** What the rules allow with, by decision, where they say nothing more. */
export const allowed: { readonly [Name in DecisionName]: object } = {
  grant: { allow: true, rules: [], restrict: [] },
  payload: { allow: true, rules: [] },
  action: { allow: true, rules: [] },
  content: { allow: true, rules: [], tighten: [] },
}

/** Faults of rules by what their answer is, in Rego; `allowed` is a good one. The caller's id says which is made. */
export const ruleFaults: Readonly<Record<string, string>> = {
  null: 'null',
  'a boolean': 'true',
  'a number': '1',
  'a text': '"allow"',
  'a list of answers': '[allowed]',
  'an empty object': '{}',
  'without its rules': 'object.remove(allowed, ["rules"])',
  'with a member nobody knows': 'object.union(allowed, {"except": ["interns"]})',
  'with rules that are no list': 'object.union(allowed, {"rules": "a"})',
  'with an id that breaks a line': 'object.union(allowed, {"rules": ["a\\nb"]})',
  'refused without a reason': '{"allow": false, "rules": []}',
  'refused with a reason that is too long':
    '{"allow": false, "rules": [], "reason": concat("", [c | some _ in numbers.range(1, 600); c := "x"])}',
  'allowed with a reason why not': 'object.union(allowed, {"reason": "x"})',
  neither: 'object.union(allowed, {"allow": null})',
  'larger than memory': 'numbers.range(1, 5000000)',
}

/** Faults that need more than a value. */
export const evaluationFaults = ['undefined', 'two values'] as const

/** Rules whose answer has the fault that the id of the caller names; anybody else is allowed everything. */
export function faultyRules(): Readonly<Record<string, string>> {
  const files = Object.entries(allowed).map(([name, value]) => {
    const faults = Object.entries(ruleFaults).map(
      ([fault, rego]) => `decision := ${rego} if input.principal.id == ${JSON.stringify(fault)}\n`,
    )
    const text = [
      `package sallyport.${name}\n`,
      `allowed := ${JSON.stringify(value)}\n`,
      ...faults,
      'decision := 1 if input.principal.id == "two values"\n',
      'decision := 2 if input.principal.id == "two values"\n',
      'decision := allowed if input.principal.id == "good"\n',
    ]
    return [`sallyport/${name}.rego`, text.join('\n')] as const
  })
  return Object.fromEntries(files)
}

export const decisionNames = Object.keys(decisions) as readonly DecisionName[]
