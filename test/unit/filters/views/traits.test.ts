import { describe, expect, it } from 'vitest'
import { traitsOf, type Traits } from '../../../../src/filters/views/traits.ts'

const nothing: Traits = {
  digits: 0,
  longestRun: 0,
  longestMixedRun: 0,
  longestPairs: 0,
  hasAt: false,
  hasValue: false,
  hasSpelling: false,
  hasMarkup: false,
  isPlain: true,
}

describe('what a text has that a detector goes by', () => {
  it.each([
    ['', {}],
    ['ghi jklm', { longestRun: 4, longestPairs: 1 }],
    ['Zoo at', { longestRun: 3, longestMixedRun: 3, longestPairs: 2 }],
    ['zoO xy', { longestRun: 3, longestMixedRun: 3, longestPairs: 2 }],
    ['O xyz', { longestRun: 3, longestMixedRun: 1, longestPairs: 2 }],
    ['xyz O', { longestRun: 3, longestMixedRun: 1, longestPairs: 1 }],
    ['12 34', { digits: 4, longestRun: 2, longestPairs: 5 }],
    ['zz 1f, 2-x', { digits: 2, longestRun: 3, longestPairs: 8 }],
    ['x', { longestRun: 1, longestPairs: 1 }],
    ['z@z', { longestRun: 1, hasAt: true }],
    ['z: z', { longestRun: 1, longestPairs: 2, hasValue: true }],
    ['z=z', { longestRun: 1, hasValue: true, hasMarkup: true }],
    ['zaz_+/.~-y', { longestRun: 10, longestPairs: 1, hasMarkup: true }],
    ['z!y', { longestRun: 1 }],
  ])('is seen in %j', (text, traits) => {
    expect(traitsOf(text)).toEqual({ ...nothing, ...traits })
  })

  it.each(['*', '_', '~', '`', '&', '\\', '<', '%', '=', '[', '>', 'z \nz'])('is markup for %j', (text) => {
    expect(traitsOf(`z${text}`).hasMarkup).toBe(true)
  })

  it.each(['z\nz', 'z z', 'z]', 'z(', 'z.', 'z-', 'z+', 'z#', 'z!'])('is no markup for %j', (text) => {
    expect(traitsOf(text).hasMarkup).toBe(false)
  })

  it.each([
    ['(at)', true],
    ['[ at ]', true],
    ['{dot}', true],
    ['<.>', true],
    ['( @', true],
    ['a dot b', true],
    ['DOT', true],
    ['anecdote', true],
    ['(b)', false],
    ['do t', false],
    ['(  at', false],
    ['at', false],
    ['d.o.t', false],
    ['z(z) (at', true],
  ])('is a spelling for %j: %s', (text, expected) => {
    expect(traitsOf(text).hasSpelling).toBe(expected)
  })

  it.each([
    ['a\tb\nc\rd ~', true],
    ['a\u007f', false],
    ['a\u001f', false],
    ['é', false],
    ['a\u0000', false],
    ['中', false],
    ['é and then words', false],
  ])('is printable ASCII for %j: %s', (text, expected) => {
    expect(traitsOf(text).isPlain).toBe(expected)
  })

  it('is not a run across a character beyond ASCII', () => {
    expect(traitsOf('abcéABC')).toMatchObject({ longestRun: 3, longestMixedRun: 3, longestPairs: 3 })
    expect(traitsOf('12é34').digits).toBe(4)
  })
})
