import { describe, expect, it } from 'vitest'
import { timeLines } from '../support/longest-files.ts'

const files = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `test/${index}.test.ts`, milliseconds: index * 100 }))
const [before, after] = [
  { busy: 1_000, all: 10_000 },
  { busy: 4_000, all: 14_000 },
]

describe('the time of a run', () => {
  it('is said of a long one: the longest files first, of all the sum, and how busy the processors were in it', () => {
    const [head, first, second, ...more] = timeLines(files(40), before, after)
    expect(head).toBe('40 files took 78.0 s together; the processors were busy 75 % of the time. The longest:')
    expect([first, second]).toEqual(['    3.9 s  test/39.test.ts', '    3.8 s  test/38.test.ts'])
    expect(more).toHaveLength(28)
  })

  it('is not said of a few files', () => {
    expect(timeLines(files(19), before, after)).toEqual([])
  })
})
