import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canaryLength } from '../../../../src/filters/leak/canary-length.ts'
import { compactWord } from '../../../../src/filters/leak/compact.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

describe('the length of a canary', () => {
  it.each([
    ['kestrel-7Q2m9XvT41', 17],
    ['aAaA', 1],
    ['l1I', 1],
    ['o0-5s', 2],
    ['жизнь', 0],
    ['', 0],
  ])('of %s is %i', (canary, length) => {
    expect(canaryLength(canary)).toBe(length)
  })

  it('is never more than what the detector compares', () => {
    const pieces = fc.array(
      fc.constantFrom('a', 'A', '4', '@', 'а', 'é', '!', '-', 'l', '1', 'ж', 'ﬁ', 'ß', '9', 'g', '₂'),
    )
    fc.assert(
      fc.property(pieces, (some) => {
        const canary = some.join('')
        expect(canaryLength(canary)).toBeLessThanOrEqual(compactWord(canary).length)
      }),
      { numRuns: propertyRuns(2_000) },
    )
  })
})
