import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { PolicyEngine } from '../../../../src/gateway/authorize/engine.ts'
import { createReloadingEngine } from '../../../../src/gateway/authorize/reloading-engine.ts'
import { verifies } from '../../../support/verifies.ts'

/** Rules of a file that a test changes; each state of it is one engine, or cannot be used. */
function rulesIn(file: { state: string; isGood: boolean }) {
  const opened: string[] = []
  const changes: unknown[] = []
  let now = 0
  const engines = new Map<PolicyEngine, string>()
  const engine = createReloadingEngine({
    open: async () => {
      opened.push(file.state)
      if (!file.isGood) throw new Error(`bad ${file.state}`)
      const made = { patterns: async () => ({}), evaluate: () => Promise.reject(new Error('not asked')) }
      engines.set(made, file.state)
      return made
    },
    stamp: async () => file.state,
    everyMilliseconds: 100,
    onChange: (fault) => changes.push(fault),
    clock: () => now,
  })
  return {
    opened,
    changes,
    /** What is in force for a decision so many milliseconds later, and after what it set off. */
    later: async (milliseconds: number) => {
      now += milliseconds
      const inForce = engines.get(await engine())
      for (let turns = 0; turns < 5; turns += 1) await turn()
      return inForce
    },
  }
}

describe('rules whose file changes', () => {
  it('are looked for when their time is over, and count from the next decision on', async () => {
    verifies('policy.reload')
    const file = { state: 'one', isGood: true }
    const rules = rulesIn(file)
    expect(await rules.later(0)).toBe('one')
    file.state = 'two'
    expect([await rules.later(99), await rules.later(1), await rules.later(0)]).toEqual(['one', 'one', 'two'])
    expect(rules.changes).toEqual([null])
  })

  it('are opened once for all who ask before they are open, in whatever order the file answers', async () => {
    const answers: PromiseWithResolvers<string>[] = []
    let opened = 0
    const engine = createReloadingEngine({
      open: async () => (opened += 1),
      stamp: () => {
        const answer = Promise.withResolvers<string>()
        answers.push(answer)
        return answer.promise
      },
      everyMilliseconds: 0,
      onChange: () => undefined,
      clock: () => 0,
    })
    const asked = [engine(), engine()]
    for (const answer of answers.toReversed()) {
      answer.resolve('one')
      await turn()
    }
    expect(await Promise.all(asked)).toEqual([1, 1])
    expect(opened).toBe(1)
  })

  it('and cannot be used leave the last good ones in force, are said once, and are tried again when they change', async () => {
    verifies('policy.reload')
    const file = { state: 'one', isGood: true }
    const rules = rulesIn(file)
    await rules.later(0)
    Object.assign(file, { state: 'two', isGood: false })
    expect([await rules.later(200), await rules.later(200), await rules.later(200)]).toEqual(['one', 'one', 'one'])
    expect(rules.changes).toEqual([expect.objectContaining({ message: 'bad two' })])
    expect(rules.opened).toEqual(['one', 'two'])
    Object.assign(file, { state: 'three', isGood: true })
    expect([await rules.later(200), await rules.later(0)]).toEqual(['one', 'three'])
  })

  it('that cannot be used at first refuse, and are opened anew by the next who asks', async () => {
    const file = { state: 'one', isGood: false }
    const rules = rulesIn(file)
    await expect(rules.later(0)).rejects.toThrow('bad one')
    file.isGood = true
    expect(await rules.later(0)).toBe('one')
  })
})
