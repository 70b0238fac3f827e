import * as fc from 'fast-check'
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

  it('is that of comparing two by two, of any numbers and both ways', () => {
    const some = [0, -0, 1, -1, 0.1, -0.1, 1e308, -1e308, 5e-324, -5e-324, Infinity, -Infinity, 2 ** 53, null]
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(...some))),
        fc.boolean(),
        (values, down) => {
          const sign = down ? -1 : 1
          const expected = values
            .map((value, index) => ({ value, index }))
            .sort((a, b) => {
              if (a.value === null || b.value === null)
                return Number(a.value === null) - Number(b.value === null) || a.index - b.index
              return sign * (a.value < b.value ? -1 : Number(a.value > b.value)) || a.index - b.index
            })
          expect([...orderBy(values, 'number', down)]).toEqual(expected.map(({ index }) => index))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes texts that are compared as the same for equal', () => {
    expect([...orderBy(['b', '01', '1', 'a', '1'], 'text', false)]).toEqual([1, 2, 4, 3, 0])
    expect([...orderBy(['b', '01', '1', 'a', '1'], 'text', true)]).toEqual([0, 3, 1, 2, 4])
  })
})
