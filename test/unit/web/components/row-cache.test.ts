import { describe, expect, it } from 'vitest'
import { RowCache, type RowSource, type TableRow } from '../../../../src/web/components/row-cache.ts'

/** Until everything that waits for nothing else has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

const rowsOf = (from: number, to: number): TableRow[] => Array.from({ length: to - from }, (_, index) => [from + index])

describe('rows that come later', () => {
  it('are asked for once, by pages, and told when they are there', async () => {
    const asked: string[] = []
    const told: unknown[] = []
    const cache = new RowCache(
      async (from, to) => {
        asked.push(`${from}-${to}`)
        return rowsOf(from, to)
      },
      450,
      (error) => told.push(error),
    )
    expect([cache.row(0), cache.row(199), cache.row(449)]).toEqual([undefined, undefined, undefined])
    await settled()
    expect(told).toEqual([null, null])
    expect(asked).toEqual(['0-200', '400-450'])
    expect([cache.row(0), cache.row(199), cache.row(449)]).toEqual([[0], [199], [449]])
  })

  it('are asked for again where it went wrong', async () => {
    let isDown = true
    const told: unknown[] = []
    const cache = new RowCache(
      async (from, to) => {
        if (isDown) throw new Error('down')
        return rowsOf(from, to)
      },
      10,
      (error) => told.push(error),
    )
    cache.row(0)
    await settled()
    expect(told).toEqual([new Error('down')])
    isDown = false
    cache.row(0)
    await settled()
    expect(told).toHaveLength(2)
    expect(cache.row(0)).toEqual([0])
  })
})

describe('rows that are there', () => {
  it('are given at once, and only some pages of a long table are kept', () => {
    let calls = 0
    const source = (from: number, to: number) => {
      calls += 1
      return rowsOf(from, to)
    }
    const cache = new RowCache(source, 1_000_000, () => {})
    for (let row = 0; row < 1_000_000; row += 200) expect(cache.row(row)).toEqual([row])
    const before = calls
    cache.row(999_999)
    expect(calls).toBe(before)
    cache.row(0)
    expect(calls).toBe(before + 1)
  })

  it('are given whole, where the source has fewer than it said, too', async () => {
    const whole = async (source: RowSource, count: number) => {
      const rows: unknown[] = []
      await new RowCache(source, count, () => {}).each(([row], index) => rows.push(row === index))
      return rows
    }
    expect(await whole(rowsOf, 2_345)).toEqual(Array.from({ length: 2_345 }, () => true))
    expect(await whole((from, to) => rowsOf(from, Math.max(from, Math.min(to, 30))), 50)).toHaveLength(30)
    expect(await whole(async (from, to) => rowsOf(from, to), 1_001)).toHaveLength(1_001)
  })
})
