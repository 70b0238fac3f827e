import { describe, expect, it } from 'vitest'
import { agentDojoTools as tools } from '../support/injection/agentdojo-tools.ts'
import { honestRequests, read } from '../support/injection/honest-requests.ts'
import { replay } from '../support/injection/replay.ts'
import { verifies } from '../support/verifies.ts'

describe('honest requests in many wordings, after something of others was read', () => {
  it.each(honestRequests)('$said: $outcome', ({ said, call, outcome }) => {
    const calls = [...read, { who: 'person', tool: call[0], arguments: call[1], result: null } as const]
    const { decision } = replay({ question: said, calls }, tools).at(-1)!
    expect({ allow: 'silent', ask: 'asked', refuse: 'refused' }[decision.kind]).toBe(outcome)
  })

  it('are asked about in languages that are not read, and never refused for that', () => {
    verifies('injection.other-languages')
    const others = honestRequests.filter(({ isEnglish }) => !isEnglish)
    expect(others.length).toBeGreaterThan(10)
    expect(others.filter(({ outcome }) => outcome !== 'asked')).toStrictEqual([])
  })

  it('are as many as are published', () => {
    verifies('injection.honest')
    const english = honestRequests.filter(({ isEnglish }) => isEnglish)
    const counted = [false, true].map((fresh) => {
      const own = english.filter(({ isFresh }) => isFresh === fresh)
      const count = (outcome: string) => own.filter((request) => request.outcome === outcome).length
      return [own.length, count('silent'), count('asked'), count('refused')]
    })
    expect(counted).toStrictEqual([
      [60, 44, 16, 0],
      [30, 3, 20, 7],
    ])
  })
})
