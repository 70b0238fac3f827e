import { describe, expect, it } from 'vitest'
import { foldValue, ValueBeginnings, ValueList } from '../../../../src/filters/custom/value-list.ts'

describe('whether a listed value has begun at the end of a text', () => {
  const beginnings = new ValueBeginnings(['Project Blue Heron', 'Jean-Luc', 'Müller & Söhne', 'single'])

  it.each(['Project', 'the PROJECT ', 'my project  blue\n', '**project** _blue_ ', '{"to":"Jean', 'muller & '])(
    'is said of its first words, whatever stands between them: %j',
    (text) => expect(beginnings.endsWithin(text)).toBe(true),
  )

  it.each(['', ' ', 'blue', 'project red', 'projects', 'Project Blue Heron', 'single', 'project blue heron is'])(
    'is not said of anything else: %j',
    (text) => expect(beginnings.endsWithin(text)).toBe(false),
  )

  it('is said with as many marks between its words as they have letters, whichever value is the longest', () => {
    for (const values of [
      ['one two', 'a b'],
      ['a b', 'one two'],
      ['a b c', 'one two'],
    ]) {
      const some = new ValueBeginnings(values)
      expect(some.endsWithin('one------- ')).toBe(true)
      expect(some.endsWithin('two------- ')).toBe(false)
    }
    const three = new ValueBeginnings(['a b c', 'x'])
    expect(three.endsWithin('a -- b --')).toBe(true)
    expect(three.endsWithin('b --')).toBe(false)
  })

  it('is said of none where every value is one word, or there is none', () => {
    for (const values of [['single'], []]) expect(new ValueBeginnings(values).endsWithin('single')).toBe(false)
  })
})

describe('the values of a list', () => {
  const found = (values: readonly string[], text: string) =>
    new ValueList(values).find(text).map(({ start, end }) => text.slice(start, end))

  it('are found as whole words, in any case, with any blanks for their blanks', () => {
    expect(found([' Kim  Wexler '], 'Kim Wexler, KIM\n\tWEXLER; Kim-Wexler KimWexler')).toEqual([
      'Kim Wexler',
      'KIM\n\tWEXLER',
    ])
    expect(found(['Kim'], 'Kim')).toEqual(['Kim'])
    expect(found(['Kim'], 'Kims aKim Kim7 7Kim é Kimé')).toEqual([])
    expect(found(['Müller'], 'muller')).toEqual(['muller'])
  })

  it('may begin and end with marks, where the text has room for them', () => {
    expect(found(['+49 (7)'], 'to +49 (7)8')).toEqual(['+49 (7)'])
    expect(found(['+49 (7)'], '49 (7)')).toEqual([])
    expect(found(['++49'], '+49')).toEqual([])
    expect(found(['--', ''], '-- ')).toEqual([])
  })

  it('are found once where they overlap: the first, and of those that begin alike the longest', () => {
    expect(found(['a b', 'b c', 'a b c d'], 'a b c e a b c d b c')).toEqual(['a b', 'a b c d', 'b c'])
    expect(found(['a b', 'b c'], 'a b b c')).toEqual(['a b', 'b c'])
    expect(found(['a', 'a b'], 'a b a')).toEqual(['a b', 'a'])
  })

  it('are looked for as they stand in a text whose small letters are of another length', () => {
    expect(found(['kim'], 'İ kim Kim')).toEqual(['kim'])
  })

  it('are folded to small letters, without accents, with one blank for several', () => {
    expect(foldValue(' \tÉa \n B\u00a0c ')).toBe('ea b c')
  })
})
