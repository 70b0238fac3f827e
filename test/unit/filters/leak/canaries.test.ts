import { describe, expect, it } from 'vitest'
import { addCanaryRuns, canaryScore, indexCanaries } from '../../../../src/filters/leak/canaries.ts'
import { compact } from '../../../../src/filters/leak/compact.ts'

// Forty letters and digits that are compared as they are.
const canary = 'kbmtrvxhwqjpfduyzncaekmbxrtwvqhpjdfzyunc'
const index = indexCanaries([canary, canary])

function score(...texts: readonly string[]): number {
  const seen = index.nothingSeen()
  const runs = texts.flatMap((text) => addCanaryRuns(index, compact(text), seen))
  return Math.max(0, ...runs.map((run) => canaryScore(index, run, seen)))
}

describe('a canary', () => {
  it('is found as a whole, and up to a quarter may be missing', () => {
    expect(index.known).toHaveLength(1)
    expect(score(canary)).toBe(1)
    expect(score(canary.slice(0, 30))).toBe(0.75)
    expect(score(canary.slice(0, 29))).toBe(0)
    expect(score(`so it is ${canary.slice(5)} there`)).toBe(0.875)
  })

  it('is found in up to four parts, and what is shorter counts for nothing', () => {
    const parts = [0, 10, 20, 30].map((from) => canary.slice(from, from + 10))
    expect(score(...parts.map((part) => `ggg ${part} ggg`))).toBe(1)
    expect(score(...[0, 8, 16, 24, 32].map((from) => `ggg ${canary.slice(from, from + 8)} ggg`))).toBe(0)
  })

  it('has to be long enough', () => {
    expect(() => indexCanaries(['abcdef'])).toThrow(/fewer than 8 different letters and digits/)
  })
})
