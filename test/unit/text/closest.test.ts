import { describe, expect, it } from 'vitest'
import { closest, distance } from '../../../src/text/closest.ts'

describe('suggestions', () => {
  it('counts edits', () => {
    expect([distance('', 'abc'), distance('kitten', 'sitting'), distance('same', 'same')]).toEqual([3, 3, 0])
    expect([distance('nmae', 'name'), distance('ab', 'ba'), distance('abc', 'cab')]).toEqual([1, 1, 2])
  })

  it('offers the nearest word and none that is far', () => {
    expect(closest('drivr', ['driver', 'limits'])).toBe('driver')
    expect(closest('colour', ['driver', 'limits'])).toBeNull()
  })
})
