import { describe, expect, it } from 'vitest'
import { rowWindow, scrollTopFor } from '../../../../src/web/components/row-window.ts'

const view = { rowHeight: 32, viewport: 320, overscan: 0 }

describe('the rows that are seen', () => {
  it('are all of a short table', () => {
    expect(rowWindow({ ...view, rowCount: 3, scrollTop: 0 })).toEqual({ from: 0, to: 3, offset: 0, height: 96 })
    expect(rowWindow({ ...view, rowCount: 0, scrollTop: 0 })).toEqual({ from: 0, to: 0, offset: 0, height: 0 })
  })

  it('follow the scrollbar, half rows and rows around them included', () => {
    expect(rowWindow({ ...view, rowCount: 100, scrollTop: 48 })).toEqual({ from: 1, to: 12, offset: 32, height: 3200 })
    expect(rowWindow({ ...view, rowCount: 100, scrollTop: 320, overscan: 4 })).toMatchObject({ from: 6, to: 24 })
  })

  it('stay within the table where the scrollbar is beyond it, as when rows have gone', () => {
    expect(rowWindow({ ...view, rowCount: 20, scrollTop: 99_999 })).toMatchObject({ from: 10, to: 20 })
    expect(rowWindow({ ...view, rowCount: 20, scrollTop: -5 })).toMatchObject({ from: 0, offset: 0 })
  })

  it('are no more of a million than of a hundred, in an element that browsers can make, from the first to the last', () => {
    const long = { ...view, rowCount: 1_000_000 }
    const { height } = rowWindow({ ...long, scrollTop: 0 })
    expect(height).toBeLessThanOrEqual(15_000_000)
    expect(rowWindow({ ...long, scrollTop: 0 })).toMatchObject({ from: 0, to: 10 })
    expect(rowWindow({ ...long, scrollTop: height - view.viewport })).toMatchObject({ from: 999_990, to: 1_000_000 })
    for (let step = 0; step <= 100; step += 1) {
      const scrollTop = ((height - view.viewport) * step) / 100
      const { from, to, offset } = rowWindow({ ...long, scrollTop })
      expect(to - from).toBeLessThanOrEqual(12)
      // What is made covers what is seen.
      expect(offset).toBeLessThanOrEqual(scrollTop)
      expect(offset + (to - from) * view.rowHeight).toBeGreaterThanOrEqual(scrollTop + view.viewport - 0.001)
    }
  })
})

describe('a row that is gone to', () => {
  it.each([100, 1_000_000])('is wholly seen then, among %d', (rowCount) => {
    for (const row of [0, 1, 9, 10, 57, rowCount - 1]) {
      const at = { ...view, rowCount, scrollTop: 640 }
      const scrollTop = scrollTopFor(row, at) ?? at.scrollTop
      const { from, to, offset } = rowWindow({ ...at, scrollTop })
      expect(from).toBeLessThanOrEqual(row)
      expect(to).toBeGreaterThan(row)
      const top = offset + (row - from) * view.rowHeight
      expect(top).toBeGreaterThanOrEqual(scrollTop - 0.01)
      expect(top + view.rowHeight).toBeLessThanOrEqual(scrollTop + view.viewport + 0.01)
    }
  })

  it('moves nothing where it is seen', () => {
    expect(scrollTopFor(21, { ...view, rowCount: 100, scrollTop: 640 })).toBeNull()
  })
})
