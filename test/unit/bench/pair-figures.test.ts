import { describe, expect, it } from 'vitest'
import type { Figure } from '../../bench/figures.ts'
import { median, pairFigures } from '../../bench/pair-figures.ts'
import { verifies } from '../../support/verifies.ts'

const time = (p50: number): Figure => ({ unit: 'ms', n: 9, p50, p95: p50 * 2, p99: p50 * 3, value: p50 })
const rate = (p50: number): Figure => ({ ...time(p50), unit: 'per second' })

describe('pairs of runs', () => {
  it('give the median of their ratios, not the ratio of the medians', () => {
    verifies('bench.pairs')
    const own = [10, 40, 100].map((p50) => ({ cell: time(p50) }))
    const other = [11, 80, 110].map((p50) => ({ cell: time(p50) }))
    const { cell } = pairFigures(own, other).figures
    expect(cell).toMatchObject({ p50: 40, p95: 80, p99: 120, reference: { name: 'the other build', p50: 80 } })
    expect(cell?.ratio).toBeCloseTo(1.1)
    expect(cell?.ratios).toEqual({ pairs: 3, least: 1.1, greatest: 2 })
  })

  it('call more of a rate better, and less of a time', () => {
    const { figures } = pairFigures([{ cell: time(5), jobs: rate(30) }], [{ cell: time(10), jobs: rate(10) }])
    expect([figures['cell']?.ratio, figures['jobs']?.ratio]).toEqual([2, 3])
  })

  it('say nothing of a figure that one of the runs lacks, but its name', () => {
    const { figures, unpaired } = pairFigures([{ cell: time(1), claim: time(1) }], [{ cell: time(1), refill: time(1) }])
    expect(Object.keys(figures)).toEqual(['cell'])
    expect(unpaired).toEqual(['claim', 'refill'])
  })

  it.each([
    [[3], 3],
    [[9, 1], 5],
    [[7, 1, 3], 3],
  ])('take the middle of %j', (values, middle) => {
    expect(median(values)).toBe(middle)
  })
})
