import { describe, expect, it } from 'vitest'
import type { NameReader } from '../../../../src/filters/names/decode.ts'
import { classes } from '../../../../src/filters/names/features.ts'
import { findNames } from '../../../../src/filters/names/find-names.ts'
import { nameKinds } from '../../../../src/filters/names/labels.ts'
import type { NamesModel } from '../../../../src/filters/names/model.ts'
import { hashOf, type Tokens } from '../../../../src/filters/names/tokens.ts'

const lists = new Map(
  Object.entries({
    kim: classes.given,
    hope: classes.given | classes.common,
    wexler: classes.surname,
    bonn: classes.city,
    mayor: classes.title,
    street: classes.street,
  }).map(([word, bits]) => [hashOf(word), bits]),
)

/** What is left of what a reader takes for names: `[Kim]`, `[Kim 0.6]`, `[Bonn location]`, at most one kind and one score. */
function left(marked: string): string[] {
  const given: { start: number; end: number; kind: number; score: number }[] = []
  let text = ''
  for (const piece of marked.split(/(\[[^\]]+\])/)) {
    if (!piece.startsWith('[')) {
      text += piece
      continue
    }
    const [, name = '', kind = 'person', score = '1'] =
      /^\[(.*?)(?: (person|organization|address|location))?(?: (0\.\d+))?\]$/s.exec(piece) ?? []
    given.push({ start: text.length, end: text.length + name.length, kind: nameKinds.indexOf(kind as 'person'), score: Number(score) }) // prettier-ignore
    text += name
  }
  const read = ({ tokens }: { tokens: Tokens }, from: number, to: number) =>
    given.flatMap(({ start, end, kind, score }) => {
      const [first, last] = [tokens.starts.indexOf(start), tokens.ends.indexOf(end)]
      return first >= from && last < to ? [{ from: first, to: last + 1, kind, score }] : []
    })
  const library = {
    model: { classesOf: (hash: number) => lists.get(hash) ?? 0 } as unknown as NamesModel,
    reader: { read } as unknown as NameReader,
  }
  return findNames(text, library).map(({ start, end }) => text.slice(start, end))
}

const holds = (marked: string) => left(marked).length > 0

describe('a name in a sentence', () => {
  it.each([
    'they met [Vexley 0.5] at the market',
    'they met [Vexley Marr 0.5] at the market',
    '[Vexley Marr 0.5] went to the market',
    '[Vexley 0.9] went to the market',
    '[Kim 0.5] went to the market',
    'then, [Vexley 0.5] went to the market',
    'he went to [5 Elm Street address 0.5] with them',
    'he went to [Vexley 12 address 0.5] with them',
    'he went to [5b Vexley address 0.5] with them',
    'they met "[Kim 0.5] at the market',
    'they met [Kim 0.5]" at the market',
    'they met [Kim 0.5] at the "market"',
    'he went to [Elm Street address 0.5] with them',
  ])('is one: %s', (marked) => {
    expect(holds(marked)).toBe(true)
  })

  it.each([
    ['one that nothing is known of, at the beginning', '[Vexley 0.89] went to the market'],
    ['one behind the end of another sentence', 'it is so. [Vexley 0.89] went to the market'],
    ['one at the beginning of a line', 'they all met with\n[Vexley 0.89] who went to the market'],
    ['one at the beginning of a paragraph', 'they all met with\n\n[Vexley 0.89] who went to the market'],
    ['one with signs at the beginning', '[Vexley-- 0.5] went to the market'],
    ['an address with a number behind a letter', 'he went to [B5 Vexley address 0.5] with them'],
    ['one without a capital, where there is one letter that is', 'they met [kim] and A there'],
    ['in quotes', 'they met "[Kim]" at the market'],
    ['in other quotes', 'they met “[Kim Wexler]” at the market'],
    ['without a capital', 'They met [vexley 0.9] at the market'],
    ['an address without a number or a street', 'he went to [Vexley Marr address] with them'],
    ['an address whose number is a part of an id', 'he went to [Vexley CVE-2020 address] with them'],
    ['an address whose number stands behind a dot', 'he went to [Vexley AB.12 address] with them'],
    ['signs', 'they met [, 0.9] at the market'],
  ])('is none: %s', (_what, marked) => {
    expect(left(marked)).toEqual([])
  })

  it('may have no capital where nobody writes any', () => {
    expect(left('they met [kim 0.6] at the market')).toEqual(['kim'])
    expect(left('they met [kim 0.59] at the market')).toEqual([])
    expect(left('they met [vexley] at the market')).toEqual([])
    expect(left('he went to [5 elm street address 0.6] with them')).toEqual(['5 elm street'])
    expect(left('he went to [elm street address] with them')).toEqual([])
    expect(left('he went to [5 street address] with them')).toEqual([])
    expect(left('they met [kim 0.6] at 5 there')).toEqual(['kim'])
    expect(left('My name is [vexley 0.97] and they met')).toEqual(['vexley'])
    expect(left('My name is [vexley 0.96] and they met')).toEqual([])
  })
})

describe('a name in a field', () => {
  it('is its value', () => {
    expect(left('Name: [Vexley Marr 0.6]')).toEqual(['Vexley Marr'])
    expect(left('Name: [Kim 0.6]')).toEqual(['Kim'])
    expect(left('Name: [Kim Wexler 0.59]')).toEqual([])
    expect(left('Name: [Vexley]')).toEqual([])
    expect(left('[Customer Name]: Vexley Marr')).toEqual([])
  })

  it('is none of one word where a thing has it', () => {
    expect(left('Project name: [Bonn location]')).toEqual([])
    expect(left('Project name: [Kim Wexler]')).toEqual(['Kim Wexler'])
    expect(left('Customer name: [Kim]')).toEqual(['Kim'])
    expect(left('filename: [Bonn location]')).toEqual([])
    expect(left('the project name was [Bonn location] there')).toEqual(['Bonn'])
    expect(left(`${'x'.repeat(54)} file name: [Bonn location]`)).toEqual([])
    expect(left(`${'x'.repeat(55)} file name: [Bonn location]`)).toEqual(['Bonn'])
  })
})

describe('a name in a short line', () => {
  it.each([
    '[Kim Wexler 0.6]',
    '[Vexley Marr 0.97]',
    'Mayor [Vexley 0.6]',
    'Call [Vexley 0.6]',
    'Best regards,\n[Vexley 0.6]',
    'Mr. [Vexley 0.6]',
    '[Kim 0.6], Anne',
    '[Elm Lane 5 address 0.6]',
    'Mr - - [Vexley 0.6]',
    'Best regards, Anne B\n[Vexley 0.6]',
    'Bonn, [Kim 0.6]',
    '[Kim Vexley 0.6]',
    '[Vexley B5 0.6], Anne',
    'Anne Bob\n\nBest regards,\n[Vexley 0.6]',
  ])('is one: %j', (marked) => {
    expect(holds(marked)).toBe(true)
  })

  it.each([
    ['unsure', '[Kim Wexler 0.59]'],
    ['not in any list', '[Vexley Marr 0.96]'],
    ['alone', '[Kim]'],
    ['alone with signs', '- [Kim].'],
    ['under what takes no leave', 'The Market,\n[Vexley]'],
    ['under a line of many words that does', 'The thanks of Anne and Bob to Cleo,\n[Vexley]'],
    ['a common word', '[Hope 0.9], Anne'],
    ['one word that is in no list', '[Vexley 0.97], Anne'],
    ['behind a title that is far', 'Mr - - - [Vexley 0.6]'],
    ['behind a verb that is not right before it', 'Call - [Vexley 0.6]'],
    ['behind a title in the line above', 'Anne Bob Cleo Dora Emil Mr\n[Vexley 0.6]'],
    ['under a line of six words that takes leave', 'Best regards, Anne B C\n[Vexley 0.6]'],
    ['under a line that takes leave, and not at the beginning of its own', 'Best regards,\nAnne [Vexley 0.6]'],
    ['under another line than that of the greeting', 'Best regards,\nAnne\n[Vexley 0.6]'],
  ])('is none: %s', (_what, marked) => {
    expect(left(marked)).toEqual([])
  })
})

describe('the lines of a letter beside a street', () => {
  it('say who lives there, and where it is', () => {
    expect(left('[Vexley 0.6]\n[5 Elm Street address]\n[Marr location 0.6]')).toEqual([
      'Vexley',
      '5 Elm Street',
      'Marr',
    ])
    expect(left('[Vexley 0.59]\n[5 Elm Street address]')).toEqual(['5 Elm Street'])
    expect(left('[Vexley 0.6]\nAnne, Bob\n[5 Elm Street address]')).toEqual(['5 Elm Street'])
    expect(left('[Vexley 0.6]\n[5 Elm Road location]')).toEqual(['5 Elm Road'])
    expect(left('"[Vexley 0.6]"\n[5 Elm Street address]')).toEqual(['5 Elm Street'])
    expect(left('[Kim Wexler]\n[5 Elm Street address]')).toEqual(['Kim Wexler', '5 Elm Street'])
  })

  it('are no more than two signs away', () => {
    expect(left('[5 Elm Street address] [Vexley 0.6]')).toHaveLength(2)
    expect(left('[Vexley 0.6] [5 Elm Street address]')).toHaveLength(2)
    expect(left('[5 Elm Street address] - - [Vexley 0.6]')).toHaveLength(2)
    expect(left('[Vexley 0.6] - - [5 Elm Street address]')).toHaveLength(2)
    expect(left('[5 Elm Street address] - - - [Vexley 0.6]')).toEqual(['5 Elm Street'])
    expect(left('[Vexley 0.6] - - - [5 Elm Street address]')).toEqual(['5 Elm Street'])
    expect(left('[Vexley 0.6] - - - - [5 Elm Street address]\n[Marr 0.6]')).toEqual(['5 Elm Street', 'Marr'])
  })
})

describe('a name beside code', () => {
  const code = 'const vexley = marr(1)\nreturn vexley;'

  it('is whoever is addressed or introduces themselves', () => {
    for (const begin of ['Dear ', 'Mayor. ', 'my name is ', 'I am ', 'Mayor '])
      expect([begin, left(`${begin}[Kim 0.97] of the market\n\n${code}`)]).toEqual([begin, ['Kim']])
    for (const begin of ['they met ', 'market is ', 'name ', 'it, ', ''])
      expect([begin, left(`${begin}[Kim] of the market\n\n${code}`)]).toEqual([begin, []])
    expect(left(`Dear [Kim 0.96] of the market\n\n${code}`)).toEqual([])
    expect(left(`Dear [Vexley] of the market\n\n${code}`)).toEqual([])
    expect(left(`Dear [Bonn location] of the market\n\n${code}`)).toEqual([])
  })

  it('is a full name where people speak', () => {
    const begin = 'My colleagues told all of us that'
    expect(left(`${begin} [Kim Wexler 0.97] knows it.\n\n${code}`)).toEqual(['Kim Wexler'])
    expect(left(`${begin} [Kim Wexler 0.96] knows it.\n\n${code}`)).toEqual([])
    expect(left(`${begin} [Kim] knows it.\n\n${code}`)).toEqual([])
    expect(left(`${begin} [Vexley Wexler] knows it.\n\n${code}`)).toEqual([])
    expect(left(`${begin} [Bonn Bonn location] knows it.\n\n${code}`)).toEqual([])
    expect(left(`${begin} [Hope Wexler] knows it.\n\n${code}`)).toEqual([])
  })

  it('has to be sure and in a list in a letter with tables', () => {
    const table = '| a | b |\n| c | d |'
    expect(left(`My colleague met [Kim 0.97] there.\n\n${table}`)).toEqual(['Kim'])
    expect(left(`My colleague met [Kim 0.96] there.\n\n${table}`)).toEqual([])
    expect(left(`My colleague met [Vexley] there.\n\n${table}`)).toEqual([])
    expect(left(`All colleagues met [Kim] there.\n\n${table}`)).toEqual([])
    expect(left(`All colleagues met [Kim Wexler] there.\n\n${table}`)).toEqual(['Kim Wexler'])
  })
})

describe('what is read as one', () => {
  it('ends at a technical line, and after so many words', () => {
    const lengths: number[] = []
    const library = {
      model: { classesOf: () => 0 } as unknown as NamesModel,
      reader: {
        read: (_all: unknown, from: number, to: number) => (lengths.push(to - from), []),
      } as unknown as NameReader,
    }
    findNames('one of them\nis there\n// of it\nand one', library)
    findNames('word '.repeat(3_100), library)
    findNames(`${'word '.repeat(1_000)}\n${'word '.repeat(600)}`, library)
    findNames('// nothing', library)
    findNames('', library)
    expect(lengths).toEqual([6, 2, 1_500, 1_500, 100, 1_000, 600])
    lengths.length = 0
    // The end of a line is a token, too.
    const line = (words: number) => 'word '.repeat(words).trim()
    findNames(`${line(700)}\n${line(799)}`, library)
    findNames(`${line(700)}\n${line(800)}`, library)
    findNames(`// ${line(1_000)}\n${line(700)}\n${line(700)}`, library)
    findNames(`${line(10)}\n${line(1_501)}\n${line(10)}`, library)
    findNames(line(3_000), library)
    expect(lengths).toEqual([1_500, 700, 800, 1_401, 10, 1_500, 1, 10, 1_500, 1_500])
  })

  it('is left out where it is not wanted', () => {
    const starts: number[] = []
    const library = {
      model: { classesOf: () => classes.given } as unknown as NamesModel,
      reader: { read: (_all: unknown, from: number) => (starts.push(from), [{ from: from + 2, to: from + 3, kind: 0, score: 1 }]) } as unknown as NameReader, // prettier-ignore
    }
    const text = 'they met Kim there.\n// code\nthey met Ann there.'
    expect(findNames(text, library, (_start, end) => end > 30).map(({ start }) => start)).toEqual([37])
    expect(findNames(text, library, (start) => start < 5)).toEqual([])
    expect(starts).toEqual([9, 0])
  })
})
