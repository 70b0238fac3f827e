import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrate, calibrationFor, calibrationsSchema } from '../../../../src/filters/pipeline/calibration.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { verifies } from '../../../support/verifies.ts'

const table = [[0.2, 0.1], [0.5, 0.3], [0.9, 0.3], [1, 0.8]] as const // prettier-ignore

describe('a calibrated score', () => {
  it.each([
    [0, 0.1],
    [0.2, 0.1],
    [0.35, 0.2],
    [0.5, 0.3],
    [0.7, 0.3],
    [0.9, 0.3],
    [0.95, 0.55],
    [1, 0.8],
  ])('of %d is %d', (raw, calibrated) => {
    verifies('content.calibrated')
    expect(calibrate(raw, table)).toBeCloseTo(calibrated, 12)
  })

  it('is not lower than that of a lower raw one, whatever rises', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const tables = fc
      .tuple(
        fc.uniqueArray(share, { minLength: 2, maxLength: 8, comparator: 'SameValueZero' }),
        fc.array(share, { minLength: 8, maxLength: 8 }),
      )
      .map(([raw, calibrated]) => {
        const sorted = [...calibrated].sort((one, other) => one - other)
        return [...raw].sort((one, other) => one - other).map((each, index) => [each, sorted[index] ?? 1] as const)
      })
    fc.assert(
      fc.property(tables, share, share, (points, one, other) => {
        const [low, high] = [calibrate(Math.min(one, other), points), calibrate(Math.max(one, other), points)]
        expect(low).toBeLessThanOrEqual(high)
        expect(low).toBeGreaterThanOrEqual(points[0]?.[1] ?? 0)
        expect(high).toBeLessThanOrEqual(points.at(-1)?.[1] ?? 1)
      }),
      { numRuns: propertyRuns(1_000) },
    )
  })

  it('is by the most exact category of its detector', () => {
    const [exact, kind, other] = [table, [[0, 0], [1, 1]], [[0, 1], [1, 1]]] as const // prettier-ignore
    const calibrations = { one: { 'toxicity/hate': exact, toxicity: kind, '*': other }, two: { toxicity: kind } }
    expect(calibrationFor(calibrations, 'one', 'toxicity/hate')).toBe(exact)
    expect(calibrationFor(calibrations, 'one', 'toxicity/violence')).toBe(kind)
    expect(calibrationFor(calibrations, 'one', 'guard/x')).toBe(other)
    expect(calibrationFor(calibrations, 'two', 'guard/x')).toBe(null)
    expect(calibrationFor(calibrations, 'constructor', 'guard/x')).toBe(null)
  })
})

describe('a table of calibrations', () => {
  it.each([
    [[[0, 0], [1, 1]], true],
    [[[0, 0.5], [1, 0.5]], true],
    [[[0, 0]], false],
    [[[0, 0], [0, 1]], false],
    [[[0.5, 0], [0.4, 1]], false],
    [[[0, 0.5], [1, 0.4]], false],
    [[[0, 0], [1, 1.1]], false],
    [[[0, 0], [1]], false],
  ])('such as %j is read: %s', (points, isRead) => {
    expect(calibrationsSchema.safeParse({ one: { toxicity: points } }).success).toBe(isRead)
  }) // prettier-ignore
})
