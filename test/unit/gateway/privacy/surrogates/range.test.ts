import { describe, expect, it } from 'vitest'
import {
  charactersOf,
  choose,
  isBetweenDigits,
  isLowerCase,
  isUpperCase,
  spaced,
  writtenLike,
} from '../../../../../src/gateway/privacy/surrogates/range.ts'

describe('a pattern of digits', () => {
  const form = new RegExp(`^${spaced('1#%[2-4]5')}$`)

  it.each(['10a25', '1 0 F 4 5', '1-9.03(5', '1 -0) a.2/ 5'])('is of %j, in any way of writing', (text) => {
    expect(text).toMatch(form)
  })

  it.each(['10a15', '10g25', '1xa25', '10a2', '110a25', '1   0a25', '1:0a25', '1_0a25'])('is not of %j', (text) => {
    expect(text).not.toMatch(form)
  })
})

describe('letters and digits', () => {
  it('are taken out of a text, and set as another one is written', () => {
    expect([charactersOf('+1 (4)-é٣.'), charactersOf(' -')]).toEqual(['14é٣', ''])
    expect(writtenLike('+1 (41)-5', '9876')).toBe('+9 (87)-6')
    expect([writtenLike('12', '1'), writtenLike('12', '123'), writtenLike('- -', '')]).toEqual([null, null, '- -'])
  })

  it.each([
    [' ', true],
    ['.', true],
    ['/', true],
    ['(', true],
    [')', true],
    ['-', true],
    [':', true],
    ['', false],
    ['_', false],
    [',', false],
    ['1', false],
  ])('may have %j between them: %s', (character, expected) => {
    expect(isBetweenDigits(character)).toBe(expected)
  })

  it.each([
    ['AB 1', true, false],
    ['ab 1', false, true],
    ['Ab', false, false],
    ['12', false, false],
    ['', false, false],
    ['山', false, false],
  ])('%j is in capitals: %s, in small letters: %s', (text, upper, lower) => {
    expect([isUpperCase(text), isLowerCase(text)]).toEqual([upper, lower])
  })
})

describe('a choice by a number', () => {
  it('is one item, and what is left of the number for the next', () => {
    expect([0, 1, 2, 3, 7].map((index) => choose(['a', 'b', 'c'], index))).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['a', 1],
      ['b', 2],
    ])
    expect(() => choose([], 0)).toThrow(RangeError)
  })
})
