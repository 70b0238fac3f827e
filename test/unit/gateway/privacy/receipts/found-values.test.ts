import { expect, it } from 'vitest'
import { countFound } from '../../../../../src/gateway/privacy/receipts/found-values.ts'

it('values are counted by kind and by place', () => {
  const value = (path: string, category: string) => ({ path, category })
  expect(
    countFound([value('a', 'pii/email'), value('b', 'pii/email'), value('a', 'pii/phone'), value('a', 'pii/email')]),
  ).toEqual({
    count: 4,
    byKind: new Map([
      ['pii/email', 3],
      ['pii/phone', 1],
    ]),
    places: [
      { position: 'a', kind: 'pii/email', count: 2 },
      { position: 'a', kind: 'pii/phone', count: 1 },
      { position: 'b', kind: 'pii/email', count: 1 },
    ],
  })
  expect(countFound([])).toEqual({ count: 0, byKind: new Map(), places: [] })
})
