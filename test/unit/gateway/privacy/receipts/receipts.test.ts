import { describe, expect, it } from 'vitest'
import { countFound } from '../../../../../src/gateway/privacy/receipts/found-values.ts'
import { PrivacyReceipts } from '../../../../../src/gateway/privacy/receipts/receipts.ts'

const facts = (places = 1) => ({
  requestId: 'r1',
  upstream: 'openai',
  profile: 'default',
  level: 'all',
  masked: countFound(
    Array.from({ length: places }, (_, index) => ({ path: `messages[${index}].content`, category: 'pii/email' })),
  ),
  annotated: countFound([]),
  unread: [],
  cacheMisses: [],
  surrogates: new Map(),
  withoutSurrogate: new Map(),
})

describe('receipts', () => {
  it('are their own caller’s, and of nobody else', () => {
    const receipts = new PrivacyReceipts()
    const { id } = receipts.add('k1', facts())
    expect(receipts.of('k1', id)?.requestId).toBe('r1')
    expect(receipts.of('k2', id)).toBeNull()
    expect(receipts.of('k1', 'prc_00000000000000000000000000000000')).toBeNull()
  })

  it('are forgotten, the oldest first, after ten thousand later ones', () => {
    const receipts = new PrivacyReceipts()
    const ids = Array.from({ length: 10_001 }, () => receipts.add('k1', facts()).id)
    expect([receipts.of('k1', ids[0] ?? ''), receipts.of('k1', ids[1] ?? '')?.id]).toEqual([null, ids[1]])
  })

  it('are taken back with their places, so that others are kept for longer', () => {
    const receipts = new PrivacyReceipts()
    const kept = receipts.add('k1', facts())
    receipts.drop(receipts.add('k1', facts(60_000)).id)
    receipts.drop('prc_00000000000000000000000000000000')
    receipts.add('k1', facts(60_000))
    expect(receipts.of('k1', kept.id)).toBe(kept)
  })

  it('count every place of what was replaced, found, not read and changed', () => {
    const places = Array.from({ length: 30_000 }, (_, index) => ({ path: `p${index}`, category: 'pii/email' }))
    const paths = places.map(({ path }) => path)
    for (const more of [
      { masked: countFound(places) },
      { annotated: countFound(places) },
      { unread: paths },
      { cacheMisses: paths },
    ]) {
      const receipts = new PrivacyReceipts()
      const ids = [1, 2, 3, 4, 5].map(() => receipts.add('k1', { ...facts(0), ...more }).id)
      expect(ids.map((id) => receipts.of('k1', id) !== null)).toEqual([false, false, true, true, true])
    }
  })

  it('are kept up to a hundred thousand places exactly, and no longer counted once they are gone', () => {
    const receipts = new PrivacyReceipts()
    const ids = [50_000, 50_000].map((places) => receipts.add('k1', facts(places)).id)
    expect(ids.map((id) => receipts.of('k1', id) !== null)).toEqual([true, true])
    ids.push(receipts.add('k1', facts(1)).id, receipts.add('k1', facts(49_999)).id)
    expect(ids.map((id) => receipts.of('k1', id) !== null)).toEqual([false, true, true, true])
  })

  it('begin with nothing restored, left or withheld, and have ids that cannot be guessed', () => {
    const receipts = new PrivacyReceipts()
    const [one, other] = [receipts.add('k1', facts()), receipts.add('k1', facts())]
    expect(one).toMatchObject({ restored: 0, left: 0, withheld: 0, id: expect.stringMatching(/^prc_[0-9a-f]{32}$/) })
    expect(one.id).not.toBe(other.id)
  })

  it('take no more memory for many places: the last is kept, and as many before it as there is room for', () => {
    const receipts = new PrivacyReceipts()
    const ids = [40_000, 40_000, 40_000, 200_000].map((places) => receipts.add('k1', facts(places)).id)
    expect(ids.map((id) => receipts.of('k1', id) !== null)).toEqual([false, false, false, true])
    const small = receipts.add('k1', facts()).id
    expect([receipts.of('k1', ids[3] ?? ''), receipts.of('k1', small)?.id]).toEqual([null, small])
  })
})

describe('values that were found', () => {
  it('are counted by kind, and by kind in each place, in the order in which they were found', () => {
    const { count, byKind, places } = countFound([
      { path: 'messages[0].content', category: 'pii/email' },
      { path: 'messages[0].content', category: 'pii/card' },
      { path: 'messages[0].content', category: 'pii/email' },
      { path: 'user', category: 'pii/email' },
    ])
    expect([count, [...byKind]]).toEqual([
      4,
      [
        ['pii/email', 3],
        ['pii/card', 1],
      ],
    ])
    expect(places).toEqual([
      { position: 'messages[0].content', kind: 'pii/email', count: 2 },
      { position: 'messages[0].content', kind: 'pii/card', count: 1 },
      { position: 'user', kind: 'pii/email', count: 1 },
    ])
  })
})
