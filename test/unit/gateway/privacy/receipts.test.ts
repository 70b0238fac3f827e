import { describe, expect, it } from 'vitest'
import { countFound } from '../../../../src/gateway/privacy/found-values.ts'
import { PrivacyReceipts } from '../../../../src/gateway/privacy/receipts.ts'

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
