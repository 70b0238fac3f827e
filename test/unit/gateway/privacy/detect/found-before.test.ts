import { describe, expect, it } from 'vitest'
import type { FilterPart } from '../../../../../src/filters/filter.ts'
import { createDetect } from '../../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import { FoundBefore, type FindingScope } from '../../../../../src/gateway/privacy/detect/found-before.ts'
import type { Detect } from '../../../../../src/gateway/privacy/mask/mask-body.ts'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { never } from '../../../../support/filters/filter-fixtures.ts'

const scope: FindingScope = { principal: 'p', endUser: null, group: 'g', profile: 'default', level: 'all' }
const long = 'All of this is said in more characters than a digest is worth. '
const partOf = (text: string, more: Partial<FilterPart> = {}): FilterPart => ({ text, provenance: 'user', ...more })

/** Finds each `X`, and notes which texts it was asked about. */
function finder() {
  const asked: string[] = []
  const detect: Detect = async (parts) => {
    asked.push(...parts.map(({ text }) => text))
    return parts.flatMap(({ text }, part) =>
      [...text.matchAll(/X/g)].map(({ index: start }) => {
        return { part, start, end: start + 1, category: 'pii/person', action: 'mask' as const }
      }),
    )
  }
  return { asked, detect }
}

describe('finding what was found before', () => {
  it('gives the same as the detector, and asks it about the texts that are new', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    const [one, two, three] = [`${long}X`, `X${long}X`, `${long}none`]
    expect(await remembering([partOf(one)], never)).toEqual(await finder().detect([partOf(one)], never))
    const all = [partOf(two), partOf(one), partOf(three), partOf(two)]
    const expected = await finder().detect(all, never)
    expect(await remembering(all, never)).toEqual(expected)
    expect(await remembering(all, never)).toEqual(expected)
    expect(asked).toEqual([one, two, three, two])
  })

  it.each([
    ['another caller', { ...scope, principal: 'q' }],
    ['another person behind the caller', { ...scope, endUser: 'u' }],
    ['another group', { ...scope, group: 'h' }],
    ['another profile', { ...scope, profile: 'strict' }],
    ['another level', { ...scope, level: 'structured' }],
  ])('asks again for %s', async (_whose, other) => {
    const { asked, detect } = finder()
    const before = new FoundBefore()
    await before.remembering(detect, scope)([partOf(long)], never)
    await before.remembering(detect, other)([partOf(long)], never)
    expect(asked).toEqual([long, long])
  })

  it.each([
    ['another name of its member', { label: 'card' }],
    ['what programs compare', { isCompared: true }],
    ['the words of a model', { provenance: 'model' }],
    ['a place of its own that is decided on', { focus: { start: 0, end: 1 } }],
    ['values beside it', { siblings: ['1'] }],
  ] as const)('asks again about a text with %s', async (_what, more) => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    await remembering([partOf(long)], never)
    await remembering([partOf(long, more)], never)
    expect(asked).toEqual([long, long])
  })

  it('tells a name of a member from the beginning of a text', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    await remembering([partOf(`b${long}`, { label: 'a' })], never)
    await remembering([partOf(long, { label: 'ab' })], never)
    expect(asked).toHaveLength(2)
  })

  it('asks each time about a text with half of a pair of surrogates, which has the bytes of another one', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    const texts = [`${long}\ud83d`, `${long}\ude00`, `${long}\ufffd`]
    await remembering(
      texts.map((text) => partOf(text)),
      never,
    )
    await remembering(
      texts.map((text) => partOf(text)),
      never,
    )
    expect(asked).toEqual([...texts, ...texts.slice(0, 2)])
  })

  it('asks about short texts each time', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    await remembering([partOf('short X')], never)
    await remembering([partOf('short X')], never)
    expect(asked).toHaveLength(2)
  })

  it('remembers nothing of a detector that failed', async () => {
    const { asked, detect } = finder()
    let fails = true
    const failing: Detect = async (...given) => {
      if (fails) throw new Error('no answer')
      return detect(...given)
    }
    const remembering = new FoundBefore().remembering(failing, scope)
    await expect(remembering([partOf(long)], never)).rejects.toThrow('no answer')
    fails = false
    await remembering([partOf(long)], never)
    expect(asked).toEqual([long])
  })

  it('gives nothing to a caller who has gone', async () => {
    const remembering = new FoundBefore().remembering(finder().detect, scope)
    await remembering([partOf(long)], never)
    await expect(remembering([partOf(long)], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  })

  it('forgets texts that were not asked for for long, and keeps those that are asked for', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    await remembering([partOf(`first ${long}`), partOf(`kept ${long}`)], never)
    for (let round = 0; round < 3; round += 1) {
      const others = Array.from({ length: 8_000 }, (_, index) => partOf(`${round} ${index} ${long}`))
      await remembering(others, never)
      await remembering([partOf(`kept ${long}`)], never)
    }
    asked.length = 0
    await remembering([partOf(`kept ${long}`), partOf(`first ${long}`)], never)
    expect(asked).toEqual([`first ${long}`])
  })

  it('keeps no more values than its share, however many a text has', async () => {
    const { asked, detect } = finder()
    const remembering = new FoundBefore().remembering(detect, scope)
    const full = 'X'.repeat(70_000)
    expect(await remembering([partOf(full)], never)).toHaveLength(70_000)
    await remembering([partOf(full)], never)
    expect(asked).toHaveLength(2)
  })

  it('is the same as to look again, with the detectors of the service', async () => {
    const options = privacyOptions.parse({})
    const { default: profile } = privacyOptions.parse({ profiles: { default: {} } }).profiles
    if (profile === undefined) throw new Error('there is a default profile')
    const { chain } = createDetectorsFor(options)(profile)
    const detect = createDetect({ chain, profile, level: 'all', group: 'g' })
    const remembering = new FoundBefore().remembering(detect, scope)
    const said = [
      'Write to Kim Wexler, kim.wexler@hamlin.example, about the card 4111 1111 1111 1111 of hers.',
      'Nothing of anybody stands in this one, but for figures: 1,204 units, 12 % more than before.',
      'She lives at 12 Baker Street in London, and is called at +44 20 7946 0958 in the evening.',
    ]
    for (let turns = 1; turns <= said.length; turns += 1) {
      const parts = said.slice(0, turns).map((text) => partOf(text, { label: 'content' }))
      expect(await remembering(parts, never)).toEqual(await detect(parts, never))
    }
  })
})
