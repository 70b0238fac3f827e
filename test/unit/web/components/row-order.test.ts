import { describe, expect, it } from 'vitest'
import { isNumeric, orderBy } from '../../../../src/web/components/row-order.ts'

const sorted = (values: readonly unknown[], kind: string, descending = false) =>
  [...orderBy(values, kind, descending)].map((index) => values[index])

describe('the order of a column', () => {
  it.each(['integer', 'bigint', 'numeric(10,2)', 'DOUBLE', 'decimal', 'number', 'float8', 'int4'])(
    'goes by value for %s',
    (kind) => {
      expect(isNumeric(kind)).toBe(true)
      expect(sorted(['10', 9, '-1', 2.5], kind)).toEqual(['-1', 2.5, 9, '10'])
    },
  )

  it.each(['text', 'varchar', 'date', 'interval', 'json', 'point'])('goes by text for %s', (kind) => {
    expect(isNumeric(kind)).toBe(false)
  })

  it('has what is missing last, whichever way it goes', () => {
    expect(sorted([null, 2, undefined, 1], 'number')).toEqual([1, 2, null, undefined])
    expect(sorted([null, 2, undefined, 1], 'number', true)).toEqual([2, 1, null, undefined])
    expect(sorted([null, 'b', 'a'], 'text', true)).toEqual(['b', 'a', null])
    expect(sorted(['', 3, 'n/a', 1], 'integer')).toEqual([1, 3, '', 'n/a'])
  })

  it('keeps equal rows as they were, also from the end', () => {
    expect([...orderBy([1, 1, 0, 1], 'number', false)]).toEqual([2, 0, 1, 3])
    expect([...orderBy([1, 1, 0, 1], 'number', true)]).toEqual([0, 1, 3, 2])
  })

  it('reads numbers in words as people do', () => {
    expect(sorted(['item 10', 'item 9', 'Item 1'], 'text')).toEqual(['Item 1', 'item 9', 'item 10'])
  })
})
