import { describe, expect, it } from 'vitest'
import { duration } from '../../../../src/cli/output/progress.ts'

describe('durations', () => {
  it.each([
    [12.4, '12 ms'],
    [1400, '1.4 s'],
    [125_000, '2 min 5 s'],
  ])('%d reads as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})
