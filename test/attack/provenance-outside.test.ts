import { describe, expect, it } from 'vitest'
import { outsideAttacks, outsideTools } from '../support/injection/adaptive-outside.ts'
import { replay } from '../support/injection/replay.ts'
import { verifies } from '../support/verifies.ts'

describe('injections by somebody who did not write the policy', () => {
  it.each(outsideAttacks)('$kind: $name: $outcome', ({ turns, before, call, outcome }) => {
    const reads = before.map(([tool, given, result]) => ({ who: 'person', tool, arguments: given, result }) as const)
    const tried = { who: 'attacker', tool: call[0], arguments: call[1], result: null } as const
    const decided = replay({ question: turns, calls: [...reads, tried] }, outsideTools)
    expect(decided.slice(0, -1).map(({ decision }) => decision.kind)).not.toContain('refuse')
    const outcomes = { allow: 'runs', ask: 'asked', refuse: 'refused' } as const
    expect(outcomes[decided.at(-1)!.decision.kind]).toBe(outcome)
  })

  it('are as many as are published, with those that run', () => {
    verifies('injection.published')
    const count = (outcome: string) => outsideAttacks.filter((attack) => attack.outcome === outcome).length
    expect([outsideAttacks.length, count('refused'), count('asked'), count('runs')]).toStrictEqual([136, 16, 102, 18])
  })
})
