import { describe, expect, it } from 'vitest'
import { createDetectorsFor, detectorsAvailable } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { FakePresidio } from '../../../../support/privacy/fake-presidio.ts'

const available = (presidio: object | null) => detectorsAvailable(privacyOptions.parse({ presidio }))

describe('texts can be looked through', () => {
  it('where no other program is asked', async () => {
    await expect(available(null)).resolves.toBeUndefined()
  })

  it('while the analyzer looks for what it is asked for, and is sent no text to tell', async () => {
    await using fake = await FakePresidio.start()
    await expect(available({ url: fake.url })).resolves.toBeUndefined()
    await expect(available({ url: fake.url, entities: ['NOBODY'] })).rejects.toThrow('does not look for NOBODY')
    await expect(available({ url: `${fake.url}/elsewhere` })).rejects.toThrow('status 404')
    expect(fake.asked).toEqual([])
  })
})

describe('the detectors of a profile', () => {
  const { one, other, usual } = privacyOptions.parse({
    profiles: {
      one: {
        recognizers: [{ name: 'badge', pattern: 'B-[0-9]{4}' }],
        deny: [{ category: 'custom/project', values: ['lot seven'] }],
        allow: { values: ['ann@x.example'] },
      },
      other: { allow: { values: ['ann@x.example'] } },
      usual: {},
    },
  }).profiles
  const detectorsFor = createDetectorsFor(privacyOptions.parse({}))
  const chainsOf = (profile: typeof usual) => {
    if (profile === undefined) throw new Error('there is such a profile')
    return detectorsFor(profile)
  }
  const text = 'Dear Kim Wexler, ann@x.example and bob@x.example work on lot seven with B-1234.'
  const foundBy = async (chain: ReturnType<typeof detectorsFor>['chain']) => {
    const rules = { version: 1, inbound: {}, outbound: {} } as const
    const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
    const decisions = await chain.decide(
      [{ text, provenance: 'user' }],
      { profile: rules, context },
      AbortSignal.timeout(60_000),
    )
    return decisions.map(({ start, end }) => text.slice(start, end)).toSorted()
  }

  it('are made once for each profile with settings of its own, and are the same for all others', () => {
    expect(chainsOf(one)).toBe(chainsOf(one))
    expect(chainsOf(other)).toBe(chainsOf(other))
    expect(chainsOf(one)).not.toBe(chainsOf(other))
    expect(chainsOf(usual)).toBe(detectorsFor(privacyOptions.parse({ profiles: { a: {} } }).profiles['a'] ?? usual!))
  })

  it('find names in requests, and in answers what has a form of its own', async () => {
    expect(await foundBy(chainsOf(usual).chain)).toEqual(['Kim Wexler', 'ann@x.example', 'bob@x.example'])
    expect(await foundBy(chainsOf(usual).answerChain)).toEqual(['ann@x.example', 'bob@x.example'])
    expect(await foundBy(chainsOf(other).chain)).toEqual(['Kim Wexler', 'bob@x.example'])
    expect(await foundBy(chainsOf(one).chain)).toEqual(['B-1234', 'Kim Wexler', 'bob@x.example', 'lot seven'])
    expect(await foundBy(chainsOf(one).answerChain)).toEqual(['B-1234', 'bob@x.example', 'lot seven'])
  })

  it('wait in answers for the words of a list, where a profile has one', () => {
    expect(chainsOf(usual).beginnings).toBeNull()
    expect(chainsOf(one).beginnings?.endsWithin('work on lot')).toBe(true)
    expect(chainsOf(other).beginnings?.endsWithin('work on lot')).toBe(false)
  })
})
