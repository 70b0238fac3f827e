import { describe, expect, it } from 'vitest'
import { isAddress, linesOf } from '../../../../src/filters/names/lines.ts'
import { Tokens } from '../../../../src/filters/names/tokens.ts'

const kindsIn = (text: string) => linesOf(new Tokens(text)).map(({ kind }) => kind)
const prose = 'She went to the market with him.'

describe('a line that is prose', () => {
  it.each([
    prose,
    'we met at noon',
    'Kim Wexler met the client of Hamlin',
    'It costs $5 and #7 is for +49 170 people.',
    'He paid 5% of it to kim@x.example and to https://x.example today.',
    'Mr./Mrs. Berg are at 5/7 of the way',
    'It is **very** good for all of us',
    '* it is an item of a list',
    'see <kim@x.example> for the rest of it',
    '> she wrote that it is fine',
    '>> she wrote that it is fine',
    'one, two; three, four and five go there',
    'it grew by 1,234.56 or 1,234,567 in all',
    'there are McDonald and LaToya in it',
    'and the RequestSchema is of no use for all of them here',
    'and so it goes on for all of them here with one sign = more',
    'and so it goes on for all them;',
    'one,two of them went there',
    'one,two or three,four of it, and so, then',
    'one,two of them went there,',
    'it is so',
    '* it is',
    '*it is',
    'it is **so** there',
    'see *it* there',
    '> it is',
    '>> it is',
    'it costs #7',
    'it costs #7b',
    'it costs $7',
    'it costs +7',
    'it costs 7%',
    'it is <kim@x.example>',
    'she and/or he',
    'see it* 5',
    'Kim Ann Lee Bob src/a/b and it is so',
    'see src/a/b of it and so on',
    'one = two three four',
    'one = two = three Kim Ann Lee Bob Cleo',
    'Kim went to market Ann Lee Bob',
    'Kim went to market Ann Lee Bob Cleo Dora',
    '\tshe went to it',
  ])('%s', (text) => {
    expect(kindsIn(text)).toEqual(['prose'])
  })
})

describe('a line that is a field', () => {
  it.each([
    'Name: Kim',
    '**Name:** Kim',
    'Name of customer: Kim',
    'the name of customer: x',
    'Kunde: Kim',
    'nom: Kim',
    'Nombre: Kim',
    'To: Kim    Wexler',
  ])('%s', (text) => {
    expect(kindsIn(text)).toEqual(['field'])
  })

  it.each(['Total: Kim', 'Name Kim', 'the name of a big customer: x', 'a, name: Kim', 'names'])(
    '%s is none',
    (text) => {
      expect(kindsIn(text)).not.toContain('field')
    },
  )
})

describe('a line that is short', () => {
  it.each([
    'Kim Wexler',
    'Kim',
    'Kim and Wexler',
    'KIM WEXLER',
    'Kim, Wexler',
    'A B',
    '5 Elm Street',
    'the McDonaldson',
    'the Constitutional',
    'the McDonald',
    'FIRST WEXLER HAMLIN HOLDINGS STREET',
    'FIRST WEXLER HAMLIN HOLDINGS STREET LIMITED of',
    'Kim went to Bonn',
    'Kim,Wexler',
    'she and Kim, Ann, Lee',
    'she went to Kim Ann Lee Bob Cleo Dora Emil',
  ])('%s', (text) => {
    expect(kindsIn(text)).toEqual(['short'])
  })
})

describe('a line that is technical', () => {
  it.each([
    '// she went to the market with him',
    '/* she went to the market with him',
    '*/ she went to the market with him',
    '-- she went to the market with him',
    '<!-- she went to the market with him',
    '# she went to the market with him',
    '; she went to the market with him',
    '% she went to the market with him',
    '@ she went to the market with him',
    '$ she went to the market with him',
    '>>> she went to the market with him',
    '... she went to the market with him',
    '+++ she went to the market with him',
    'diff she went to the market with him',
    'commit she went to the market with him',
    '| she went to the market with him',
    '2026-03-01T10:20 she went to the market with him',
    '2026-03-01 10:20 she went to the market with him',
    '[10:20:30] she went to the market with him',
    'Mar  1 10:20:30 she went to the market with him',
    'ERROR she went to the market with him',
    'WARN she went to the market with him',
    'INFO she went to the market with him',
    'DEBUG she went to the market with him',
    'TRACE she went to the market with him',
    'FATAL she went to the market with him',
    'NOTICE she went to the market with him',
    'CRITICAL she went to the market with him',
    '"the name": she went to the market',
    "'name' = she went to the market",
    'if she went to it {',
    'she went to it }',
    'she went to it (',
    'she went to it;',
    'she went to it [',
    'she went to it ]',
    'she went to it \\',
    'she went to it =',
    'the RequestSchemaOfAll',
    'she went to it +',
    'she went to it |',
    'FIRST WEXLER HAMLIN HOLDINGS STREET LIMITED',
    'Name:\tKim',
    'Name:   Kim   Wexler',
    'Kim   Wexler',
    'the McDonaldsons',
    'so it goes on for all them;',
    '= it is',
    'x = it is',
    'see * it is',
    'one = two = six = so it is for all of us Kim Ann',
    'see src/a/b of it and so',
    'see *it * is',
    'see $x now',
    'see #x now',
    'see x% now',
    'https://x.example is <',
    '<b it is',
    'it > is so',
    'she went   to the market   with him',
    'she went   to the market with him',
    'she\twent to the market with him',
    'a,b,c she went to the market',
    'she;went;to the market with him',
    '90.14,90.61 1,2 and so on and on',
    'see this.name and that.name of it',
    'x = y and so it is = z',
    'it { is } so',
  ])('%s', (text) => {
    expect(kindsIn(text)).toEqual(['technical'])
  })

  it('is not one where it has only the beginning of such', () => {
    for (const begin of ['diffs', 'commits', 'ERRORS are where', '10:20 and', 'Mar 1 when', '/ and', '- and', '..'])
      expect([begin, kindsIn(`${begin} she went to the market with him`)]).toEqual([begin, ['prose']])
  })

  it('has signs in proportion to its words', () => {
    expect(kindsIn('one = two or three or four or five of it')).toEqual(['prose'])
    expect(kindsIn('one = two or')).toEqual(['technical'])
    expect(kindsIn('here is a.name of the one or two of them')).toEqual(['prose'])
    expect(kindsIn('here is some.name of the one')).toEqual(['technical'])
  })

  it('is one from a fence to the next', () => {
    for (const fence of ['```', '~~~', '```ts'])
      expect(kindsIn(`${prose}\n${fence}\n${prose}\n${fence}\n${prose}`)).toEqual([
        'prose',
        'technical',
        'technical',
        'technical',
        'prose',
      ])
  })

  it('is one that is indented by four and more than the others', () => {
    expect(kindsIn(`${prose}\n    ${prose}\n   ${prose}\n\t${prose}\n \t${prose}`)).toEqual([
      'prose',
      'technical',
      'prose',
      'technical',
      'technical',
    ])
    expect(kindsIn(`    ${prose}\n    ${prose}`)).toEqual(['prose', 'prose'])
    expect(kindsIn(`  ${prose}\n      ${prose}`)).toEqual(['prose', 'technical'])
    const far = ' '.repeat(90)
    expect(kindsIn(`${far}${prose}\n${far}    ${prose}\n${far}   ${prose}`)).toEqual(['prose', 'technical', 'prose'])
  })
})

describe('a technical line that a letter may have, too', () => {
  const apartIn = (text: string) => linesOf(new Tokens(text)).map(({ isApart }) => isApart)

  it.each([
    '# Visit to the market',
    '###### Visit',
    '| Item | Price |',
    '|---|---|',
    'Name:\tKim',
    'she went   to the market   with him',
  ])('is %j', (text) => {
    expect([kindsIn(text), apartIn(text)]).toEqual([['technical'], [true]])
  })

  it.each([
    '#include of it',
    '####### seven',
    '// she went',
    'ERROR she went to the market',
    '"the name": she went',
    'if she went to it {',
    'a,b,c she went',
    '90.14,90.61 1,2 and so',
    'Kim   Wexler',
  ])('is not %j', (text) => {
    expect([kindsIn(text), apartIn(text)]).toEqual([['technical'], [false]])
  })

  it('is all of what stands in a fence, and nothing that is prose', () => {
    expect(apartIn(`${prose}\n\`\`\`\nif she went {\n\`\`\`\nif she went {`)).toEqual([false, true, true, true, false])
  })
})

it('what stands between two lines says nothing of the first', () => {
  expect(kindsIn(`${prose}\t\n${prose}`)).toEqual(['prose', 'prose'])
  expect(kindsIn(`one,two of them went there,\n${prose}`)).toEqual(['prose', 'prose'])
  expect(kindsIn(`it is so,\n* it is`)).toEqual(['prose', 'prose'])
})

describe('lines', () => {
  it('are those that hold anything, in order, by their tokens', () => {
    expect(linesOf(new Tokens('Kim\n\n\nAnn Lee\nBob')).map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [2, 4],
      [5, 6],
    ])
    expect(linesOf(new Tokens(' \n \n'))).toEqual([])
    expect(linesOf(new Tokens(''))).toEqual([])
  })
})

describe('an address of a person or a page', () => {
  it.each([
    ['https://x.example/a', true],
    ['http://x', true],
    ['www.x.example', true],
    ['kim.w+a@x-y.example', true],
    ['ftp://x.example', false],
    ['xhttps://a', false],
    ['kim@x', false],
    ['a:kim@x.example/b', false],
    ['src/a/b.ts', false],
  ])('%s: %s', (text, is) => {
    expect(isAddress(new Tokens(text), 0)).toBe(is)
  })
})
