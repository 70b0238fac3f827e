import { describe, expect, it } from 'vitest'
import { indexingPrompts, scoreOf, type PromptIndex } from '../../../../src/filters/leak/system-prompts.ts'

/** A prompt of so many characters that count, of which so many in a row, and in all, were seen. */
function score({
  total,
  longest,
  seen,
  worth = 1,
}: {
  total: number
  longest: number
  seen: number
  worth?: number
}): number {
  const index = { known: [{ total }], longestSeenOf: () => longest, seenOf: () => seen }
  return scoreOf({ index, worth } as unknown as PromptIndex, [])
}

describe('the score of instructions that were said', () => {
  it.each([
    [39, 0],
    [40, 0.4],
    [49, 0.49],
    [50, 0.5],
    [105, 0.75],
    [160, 1],
    [900, 1],
  ])('is that of %i letters in a row', (longest, expected) => {
    expect(score({ total: 10_000, longest, seen: longest })).toBe(expected)
  })

  it.each([
    [59, 118, 0],
    [60, 240, 0.5],
    [60, 120, 1],
    [100, 100, 1],
    [90, 300, 0.6],
  ])('is that of a share: %i of %i', (seen, total, expected) => {
    expect(score({ total, longest: 0, seen })).toBe(expected)
  })

  it.each([
    [23, 23, 0],
    [24, 24, 1],
    [72, 79, 0.911],
    [71, 79, 0],
    [72, 80, 1],
  ])('counts nearly all of short ones alone: %i of %i', (seen, total, expected) => {
    expect(score({ total, longest: 0, seen })).toBe(expected)
  })

  it('counts characters of scripts without blanks as three', () => {
    expect(score({ total: 10_000, longest: 20, seen: 20, worth: 3 })).toBe(0.545)
    const made = [
      ...indexingPrompts([
        '你是港口办事员你的任务是回答有关泊位费用的问题',
        'Answer as the clerk of the harbour does.',
      ]),
    ]
    expect(made.length).toBeGreaterThan(1)
  })

  it('is that of nothing for prompts that are none, and of each once', () => {
    const all = (prompts: readonly string[]) => {
      const steps = indexingPrompts(prompts)
      for (;;) {
        const step = steps.next()
        if (step.done === true) return step.value
      }
    }
    expect(all([])).toEqual([])
    expect(all(['short', ''])).toEqual([])
    const [one] = all(['Answer as the clerk does.', 'Answer as the clerk does.'])
    expect(one?.index.known).toHaveLength(1)
    expect(one?.worth).toBe(1)
    expect(all(['你是港口办事员你的任务是回答'])[0]?.worth).toBe(3)
    expect(() => all(['a b c d e f '.repeat(90_000)])).toThrow(
      'There are more than 1000000 characters of instructions.',
    )
  })
})
