import { describe, expect, it } from 'vitest'
import { adaptiveAttacks } from '../support/injection/adaptive.ts'
import { agentDojoTools as tools } from '../support/injection/agentdojo-tools.ts'
import { replay } from '../support/injection/replay.ts'

describe('injections by somebody who has read the policy', () => {
  it.each(adaptiveAttacks)('$name: $outcome', ({ question, before, call, outcome }) => {
    const reads = before.map(([tool, given, result]) => ({ who: 'person', tool, arguments: given, result }) as const)
    const tried = { who: 'attacker', tool: call[0], arguments: call[1], result: null } as const
    const decided = replay({ question, calls: [...reads, tried] }, tools)
    expect(decided.slice(0, -1).map(({ decision }) => decision.kind)).not.toContain('refuse')
    const outcomes = { allow: 'runs', ask: 'asked', refuse: 'refused' } as const
    expect(outcomes[decided.at(-1)!.decision.kind]).toBe(outcome)
  })

  it('are as many as are published, with those that run', () => {
    const count = (outcome: string) => adaptiveAttacks.filter((attack) => attack.outcome === outcome).length
    expect([adaptiveAttacks.length, count('refused'), count('asked'), count('runs')]).toStrictEqual([75, 9, 52, 14])
  })
})
