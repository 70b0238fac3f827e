import { describe, expect, it } from 'vitest'
import { caseOf, foldUmlauts, foldWord, wordsOf } from '../../../../../src/gateway/privacy/mask/name-words.ts'

describe('the words of a text', () => {
  const words = (text: string) => [...wordsOf(text)].map(({ start, end, written }) => [text.slice(start, end), written])
  const plain = (...list: string[]) => list.map((word) => [word, word])

  it.each([
    ['Erika Muster, 12b', plain('Erika', 'Muster', '12b')],
    ['d\u2019Anna_Lee', plain('d', 'Anna', 'Lee')],
    ['Zoe\u0308 𝒜nn', plain('Zoe\u0308', '𝒜nn')],
    ['Erika%20Muster%2bx', plain('Erika', 'Muster', 'x')],
    ['J%C3%B6rg', [['J%C3%B6rg', 'Jörg']]],
    ['%c3%96zlem%5Fx', [['%c3%96zlem', 'Özlem'], ...plain('x')]],
    ['%E5%B1%B1', [['%E5%B1%B1', '山']]],
    ['%C3%28', plain('C3')],
    ['%C3%C3%B6', [['C3%C3%B6', 'C3ö']]],
    ['%E5%B1', [['%E5%B1', '%E5%B1']]],
    ['', []],
    ['%20', []],
  ])('%j', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })
})

describe('a word', () => {
  it.each([
    ['MUSTER', 'muster', 'muster'],
    ['Zoë', 'zoe', 'zoe'],
    ['Zoe\u0308', 'zoe', 'zoe'],
    ['Müller', 'muller', 'mueller'],
    ['MU\u0308LLER', 'muller', 'mueller'],
    ['Özlem', 'ozlem', 'oezlem'],
    ['Ärzte', 'arzte', 'aerzte'],
    ['Weiß', 'weiss', 'weiss'],
    ['Æsir', 'aesir', 'aesir'],
    ['Œuvre', 'oeuvre', 'oeuvre'],
    ['Søren', 'soren', 'soren'],
    ['Łukasz', 'lukasz', 'lukasz'],
    ['Đặng', 'dang', 'dang'],
    ['Guðrún', 'gudrun', 'gudrun'],
    ['Þór', 'thor', 'thor'],
    ['Yıldız', 'yildiz', 'yildiz'],
    ['Ｋim', 'kim', 'kim'],
    ['Иван', 'иван', 'иван'],
  ])('%s is looked for as %s, and in addresses as %s', (word, folded, spelled) => {
    expect([foldWord(word), foldUmlauts(word)]).toEqual([folded, spelled])
  })

  it.each([
    ['erika', 'lower'],
    ['ERIKA', 'capitals'],
    ['ÉRIKA', 'capitals'],
    ['Erika', 'capitalized'],
    ['É', 'capitalized'],
    ['E', 'capitalized'],
    ['e', 'lower'],
    ['McKim', 'other'],
    ['eRIKA', 'other'],
    ['B2', 'capitals'],
    ['2b', 'lower'],
    ['12', 'none'],
    ['山田', 'none'],
    ['', 'none'],
    ['𐐀𐐨', 'capitalized'],
  ])('%j is written so: %s', (word, written) => {
    expect(caseOf(word)).toBe(written)
  })
})
