import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { render } from '../../../../src/filters/views/render.ts'
import { traitsOf, type Traits } from '../../../../src/filters/views/traits.ts'

const nothing: Traits = {
  digits: 0,
  closestDigits: 0,
  hasLettersBeforeDigits: false,
  longestRun: 0,
  longestMixedRun: 0,
  longestPairs: 0,
  hasAt: false,
  hasValue: false,
  hasSpelling: false,
  hasMarkup: false,
  isPlain: true,
}

const textOf = (pieces: readonly string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((chosen) => chosen.join(''))

describe('what a text has that a detector goes by', () => {
  it.each([
    ['', {}],
    ['ghi jklm', { longestRun: 4, longestPairs: 1 }],
    ['Zoo at', { longestRun: 3, longestMixedRun: 3, longestPairs: 2 }],
    ['zoO xy', { longestRun: 3, longestMixedRun: 3, longestPairs: 2 }],
    ['O xyz', { longestRun: 3, longestMixedRun: 1, longestPairs: 2 }],
    ['xyz O', { longestRun: 3, longestMixedRun: 1, longestPairs: 1 }],
    ['12 34', { digits: 4, closestDigits: 4, longestRun: 2, longestPairs: 5 }],
    ['zz 1f, 2-x', { digits: 2, closestDigits: 2, longestRun: 3, longestPairs: 8 }],
    ['x', { longestRun: 1, longestPairs: 1 }],
    ['z@z', { longestRun: 1, hasAt: true }],
    ['z: z', { longestRun: 1, longestPairs: 2, hasValue: true }],
    ['z=z', { longestRun: 1, hasValue: true }],
    ['z=f', { longestRun: 1, longestPairs: 1, hasValue: true, hasMarkup: true }],
    ['zaz_+/.~-y', { longestRun: 10, longestPairs: 1, hasMarkup: true }],
    ['z!y', { longestRun: 1 }],
  ])('is seen in %j', (text, traits) => {
    expect(traitsOf(text)).toEqual({ ...nothing, ...traits })
  })

  it.each(
    ['*', '_', '~~', '`', '\\', '[', '%2e', '%AF', '=4', '=d', '=\n', '=\r\n', '<b', '</b', '<!', '&#', '&a'].concat([
      ' >',
      '\n>',
      '\n >',
      '>>',
      ' \n',
      '\t\n',
      ' \r\n',
      '\t\r\n',
    ]),
  )('is markup for %j', (text) => {
    expect(traitsOf(`z${text}`).hasMarkup).toBe(true)
    expect(traitsOf(`% = < & ~ ${text}`).hasMarkup).toBe(true)
    expect(traitsOf(`z${text} % = < & ~ `).hasMarkup).toBe(true)
  })

  it('is markup with the first and the last of the letters and digits, and not with what stands beside them', () => {
    const isMarkup = (text: string) => traitsOf(text).hasMarkup
    for (const letter of 'azAZ') expect([`<${letter}`, `&${letter}`].map(isMarkup)).toEqual([true, true])
    for (const sign of '@[`{') expect([`<${sign}`, `&${sign}`].map(isMarkup)).toEqual([false, false].map(() => '[`'.includes(sign))) // prettier-ignore
    for (const figure of '09afAF')
      expect([`%0${figure}`, `%${figure}0`, `=${figure}`].map(isMarkup)).toEqual([true, true, true])
    for (const sign of '/:@Gg')
      expect([`%0${sign}`, `%${sign}0`, `=${sign}`].map(isMarkup)).toEqual([false, false, false])
  })

  it('is markup where a text begins with the sign of a quotation', () => {
    expect(traitsOf('> z').hasMarkup).toBe(true)
  })

  it.each(
    [
      'z\nz',
      'z z',
      'z]',
      'z(',
      'z.',
      'z-',
      'z+',
      'z#',
      'z!',
      '~',
      '12 %',
      '%2',
      '%zz',
      'a = b',
      '=',
      'a=-',
      '< b',
    ].concat(['<1', 'a & b', '&1', 'a->b', 'a=>b', '\n', '\r\n']),
  )('is no markup for %j', (text) => {
    expect(traitsOf(`z${text}`).hasMarkup).toBe(false)
  })

  it('is markup wherever something would be rendered', () => {
    const marks = '% 2 E f = < > ! -- / b & # amp; ~ [ ] ( ) \\ x u * _ ` é ,'.split(' ').concat('\n', '\r', '\t', ' ')
    const missed: string[] = []
    for (const text of fc.sample(textOf(marks), 5_000)) {
      if (!traitsOf(text).hasMarkup && render(text).length > 0) missed.push(text)
    }
    expect(missed).toEqual([])
  })

  it('has digits as close to each other as numbers are looked for, and behind letters', () => {
    for (const text of fc.sample(textOf(['1', '23', 'a', 'Bc', ' ', ', ', '-', ' - “ ', 'é']), 2_000)) {
      const { closestDigits, hasLettersBeforeDigits } = traitsOf(text)
      const hasSoMany = (count: number) => new RegExp(`(?:\\d\\D{0,5}){${count}}`).test(text)
      expect([text, hasSoMany(closestDigits + 1)]).toEqual([text, false])
      expect([text, closestDigits === 0 || hasSoMany(closestDigits)]).toEqual([text, true])
      expect([text, hasLettersBeforeDigits]).toEqual([text, /[A-Za-z]{2}\d\d/.test(text)])
    }
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
    ['(at) z(z)', true],
    ['dot dz', true],
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
