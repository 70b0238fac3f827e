import { describe, expect, it } from 'vitest'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'

const takes = (schema: unknown, value: unknown): boolean =>
  new Schemas({ version: '3.1', root: {} }, 'request').compile(schema, '')(value) === null

describe('values are equal', () => {
  it.each([
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: null }, {}, false],
    [[], {}, false],
    [1, 1, true],
    [1, '1', false],
    [0, false, false],
    [null, null, true],
    [null, [], false],
    ['[]', [], false],
    [[], '[]', false],
    [[1], 1, false],
    [1, [1], false],
    [{ valueOf: 1 }, { valueOf: 1 }, true],
  ])('whatever the order of their members: %j and %j', (one, other, isEqual) => {
    expect(takes({ const: one }, other)).toBe(isEqual)
    expect(takes({ enum: ['another', { z: 1 }, one] }, other)).toBe(isEqual)
    expect(takes({ uniqueItems: true }, [one, 'between', other])).toBe(!isEqual)
  })

  it('and lists may have the same twice where nothing says otherwise', () => {
    expect(takes({ uniqueItems: false }, [1, 1, [2], [2]])).toBe(true)
    expect(takes({ uniqueItems: true }, [1, [1], 2, [2]])).toBe(true)
    expect(takes({ uniqueItems: true }, [[1], 2, 2])).toBe(false)
  })

  it.each([
    [{ const: 1 }, 2, 'must be equal to constant'],
    [{ enum: [1] }, 2, 'must be equal to one of the allowed values'],
    [{ uniqueItems: true }, [1, 1], 'must not have the same element twice'],
  ])('and whoever sends another is told of %j', (schema, value, reason) => {
    expect(new Schemas({ version: '3.1', root: {} }, 'request').compile(schema, '')(value)?.reason).toBe(reason)
  })
})
