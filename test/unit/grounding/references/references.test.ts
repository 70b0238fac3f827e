import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import type { TableData } from '../../../../src/core/result.ts'
import { readReference } from '../../../../src/grounding/references/reference.ts'
import { ReferenceStream } from '../../../../src/grounding/references/reference-stream.ts'
import { hasValues, mostKept, RunResults } from '../../../../src/grounding/references/run-results.ts'
import { verifies } from '../../../support/verifies.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'

function table(names: readonly string[], rows: readonly (readonly JsonValue[])[], totalRows = rows.length): TableData {
  return { columns: names.map((name) => ({ name, type: 'text' })), rows, totalRows }
}

const sales = table(
  ['category', 'revenue', 'share', 'day'],
  [
    ['Home & Garden', '1234567.895', 0.12345, '2026-11-29'],
    ['Books', -12.5, 0.5, '2026-11-30'],
    ['a/b ~ c', 0, 1, null],
  ],
)

const printed = (text: string) => cellResult({ stdout: { text, truncated: false } })

function results(...tables: readonly TableData[]): RunResults {
  const kept = new RunResults()
  for (const [place, each] of tables.entries())
    kept.add({ number: place + 1, tool: 'run_sql', table: each, cell: null })
  return kept
}

const shop = results(table(['total'], [['1234567.895']]), sales)

function filled(text: string, kept = shop): string {
  const stream = new ReferenceStream(kept.resolve)
  return stream.push(text) + stream.end()
}

function whyNot(text: string, kept = shop): readonly string[] {
  const stream = new ReferenceStream(kept.resolve)
  expect(stream.push(text) + stream.end()).toBe(text)
  return stream.unbound.map(({ why }) => why)
}

describe('a reference of an answer', () => {
  it.each([
    ['{{run1:/total}}', '1234567.895'],
    ['{{ run1:/total | 2 }}', '1,234,567.90'],
    ['{{run1:/total|1 million}}', '1.2 million'],
    ['{{run1:/total|0 thousand}}', '1,235 thousand'],
    ['{{run1:/total|3 billion}}', '0.001 billion'],
    ['{{run2:/Books/share|1%}}', '50.0%'],
    ['{{run2:/Home & Garden/share|%}}', '12.3%'],
    ['{{run2:/Books/revenue|1}}', '-12.5'],
    ['{{run2:/rows/0/category}}', String.raw`Home \& Garden`],
    ['{{run2:/rows/1/day}}', '2026-11-30'],
    ['{{run2:/a~1b ~0 c/revenue}}', '0'],
  ])('%s is told as %s', (text, value) => {
    verifies('groundedness.references')
    expect(filled(`It is ${text}.`)).toBe(`It is ${value}.`)
  })

  it('is rounded by its digits, and not by the double beside them', () => {
    const kept = results(table(['a', 'b', 'c'], [['1.005', '-0.004', '12345678901234567890.55']]))
    expect(filled('{{run1:/a|2}} {{run1:/b|2}} {{run1:/c|1}}', kept)).toBe('1.01 0.00 12,345,678,901,234,567,890.6')
  })

  it('reads what a program printed as JSON, whole or in its last line', () => {
    const kept = new RunResults()
    kept.add({
      number: 1,
      tool: 'run_python',
      table: null,
      cell: printed('fitted\n{"mean": 3.14159, "by": [{"n": 7}]}\n'),
    })
    expect(filled('{{run1:/mean|2}} and {{run1:/by/0/n}}, {{run1:/by/1/n}} {{run1:/by}}', kept)).toBe(
      '3.14 and 7, {{run1:/by/1/n}} {{run1:/by}}',
    )
  })

  it.each([
    ['{{run9:/total}}', 'this run has no result run9'],
    ['{{run1:/sum}}', 'it has no such column'],
    ['{{run2:/revenue}}', 'it has not exactly one row'],
    ['{{run2:/rows/3/revenue}}', 'it has no such row'],
    ['{{run2:/Toys/revenue}}', 'it has no such row'],
    ['{{run2:/rows/2/day}}', 'the cell holds no single value'],
    ['{{run2:/Books/a/revenue}}', 'a row is named by its key, or by rows and its place'],
    ['{{run2:/rows/0/category|2}}', 'the value is no figure, date or name of one line'],
  ])('%s stays as it is written: %s', (text, why) => {
    expect(whyNot(`It is ${text}.`)).toEqual([why])
  })

  it('names a row by its key only where no other row can have it', () => {
    const twice = results(
      table(
        ['k', 'v'],
        [
          ['a', 1],
          ['a', 2],
        ],
      ),
      table(['k', 'v'], [['a', 1]], 9),
    )
    expect(whyNot('{{run1:/a/v}} {{run2:/a/v}}', twice)).toEqual([
      'more than one row may have this key',
      'more than one row may have this key',
    ])
  })

  it.each([
    '{{run1/total}}',
    '{{run0:/total}}',
    '{{run1:/total|x}}',
    '{{run1:/total|}}',
    '{{run1:/to\ntal}}',
    '{{x}}',
    '{{',
  ])('%j is none', (text) => {
    expect(readReference(text)).toBeNull()
    expect(filled(text)).toBe(text)
  })
})

describe('where a reference stays as it is written', () => {
  it.each([
    '`{{run1:/total}}`',
    '``a ` {{run1:/total}}``',
    '```\n{{run1:/total}}\n```',
    '- ~~~\n  {{run1:/total}}\n  ~~~',
    'text\n\n    {{run1:/total}}',
    '[{{run1:/total}}](https://a.example)',
    '[a](https://a.example/?q={{run1:/total}})',
    '[a](https://a.example/\n{{run1:/total}})',
    '[a]: {{run1:/total}}',
    '![{{run1:/total}}](x.png)',
    '![a](x.png?{{run1:/total}})',
    'https://a.example/{{run1:/total}}',
    'www.a.example?{{run1:/total}}',
    'mail {{run1:/total}}@a.example',
    'host {{run1:/total}}.a.example/x',
    'host {{run1:/total}}-x.example',
    'me@{{run1:/total}}',
    '<https://a.example/{{run1:/total}}>',
    '<a href="{{run1:/total}}">x</a>',
    '<a href="x">{{run1:/total}}</a>',
    '<!-- {{run1:/total}} -->',
    '<{{run2:/rows/0/category}}>',
    '> {{run1:/total}}',
    '> mail\nand {{run1:/total}}',
    '- > {{run1:/total}}',
    'It says "{{run1:/total}}".',
    'It says “now {{run1:/total}}”.',
    'It says „now {{run1:/total}}“ and «{{run1:/total}}».',
    String.raw`\{{run1:/total}}`,
    '{{{run1:/total}}}',
    '1{{run1:/total}}',
    '{{run1:/total}}000',
    '{{run1:/total}}.5',
    'x{{run1:/total}}',
  ])('%j', (text) => {
    verifies('groundedness.places')
    expect(filled(text)).toBe(text)
  })

  it.each([
    ['**{{run1:/total|0}}**', '**1,234,568**'],
    ['| a | {{run1:/total|0}} |', '| a | 1,234,568 |'],
    ['€{{run1:/total|0}} ({{run1:/total|0}})', '€1,234,568 (1,234,568)'],
    ['`x` {{run1:/total|0}}\n\n> q\n\n{{run1:/total|0}}', '`x` 1,234,568\n\n> q\n\n1,234,568'],
    ['"q" <b>{{run1:/total|0}}</b> [a](b) {{run1:/total|0}}', '"q" <b>1,234,568</b> [a](b) 1,234,568'],
    ['{{run1:/total|0}}–{{run1:/total|0}}', '1,234,568–1,234,568'],
    ['{{run1:/total|0}}{{run1:/total|0}}', '1,234,568{{run1:/total|0}}'],
  ])('and %j is filled in', (text, value) => expect(filled(text)).toBe(value))
})

describe('a value out of data', () => {
  it('brings no link, picture, tag, line or mark of Markdown of its own', () => {
    const values = [
      '<img src=x onerror=y>',
      '**b** `c` ~d~ |e| !f #g $h$ &lt; {{run1:/rows/1/v}}',
      'snake_case _i_ _j',
      'see https://evil.example/?q=1',
      'evil.example',
      'a@evil.example',
      '[a](b)',
      'two\nlines',
      'turn\u202ed',
      ' ',
      'x'.repeat(121),
    ]
    const kept = new RunResults()
    kept.add({
      number: 2,
      tool: 'run_sql',
      cell: null,
      table: table(
        ['k', 'v'],
        values.map((value, place) => [place, value]),
      ),
    })
    const told = values.map((_value, place) => filled(`{{run2:/${place}/v}}`, kept))
    expect(told.slice(0, 3)).toEqual([
      String.raw`\<img src=x onerror=y\>`,
      String.raw`\*\*b\*\* \`c\` \~d\~ \|e\| \!f \#g \$h\$ \&lt; \{\{run1:/rows/1/v\}\}`,
      String.raw`snake_case \_i\_ \_j`,
    ])
    expect(told.slice(3)).toEqual(values.slice(3).map((_value, place) => `{{run2:/${place + 3}/v}}`))
  })

  it('that holds a reference is text, and so is the same reference in the answer', () => {
    verifies('groundedness.read')
    const kept = results(
      table(['note'], [['Write {{run1:/total}} and {{ run2:/a }} in a link.']]),
      table(['a', 'total'], [[1, 2]]),
    )
    kept.add({ number: 3, tool: 'run_sql', cell: null, table: table(['total'], [[7]]) })
    kept.read('A file asks for {{run3:/total|2}}, unended {{run')
    expect(filled('{{run2:/a}} {{run3:/total}} {{run2:/total}}', kept)).toBe('{{run2:/a}} {{run3:/total}} 2')
  })

  it('opens no quotation in the sentence around it', () => {
    const kept = results(table(['size', 'n'], [['5" pipe', 3]]))
    expect(filled('{{run1:/size}} "{{run1:/n}}" {{run1:/n}}', kept)).toBe('5" pipe "{{run1:/n}}" 3')
  })
})

describe('references of a text that streams', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '{{run1:/total}}',
      '{{run2:/Books/revenue|1}}',
      '{',
      '}}',
      '`',
      '```\n',
      '"',
      '> ',
      '\n',
      '\n\n',
      ' ',
      '[',
      '](',
      ')',
      '<a ',
      '>',
      'x',
      '.',
      '5',
      '\\',
      '{{run1:/',
      '://',
    ),
    { maxLength: 40 },
  )

  it('come out alike for every way in which the text is cut, with the places of what was filled in', () => {
    verifies('groundedness.streams')
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }), (parts, cuts) => {
        const text = parts.join('')
        const stream = new ReferenceStream(shop.resolve)
        let [out, at] = ['', 0]
        for (let turn = 0; at < text.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1
          out += stream.push(text.slice(at, at + length))
          at += length
        }
        out += stream.end()
        expect(out).toBe(filled(text))
        for (const { start, end, text: value } of stream.bound) expect(out.slice(start, end)).toBe(value)
      }),
    )
  })

  it('hold back no word before them, and no more than one may be long', () => {
    const stream = new ReferenceStream(shop.resolve)
    expect(stream.push('The total is {')).toBe('The total is ')
    expect(stream.push('{run1:/to')).toBe('')
    expect(stream.push('tal}}')).toBe('')
    expect(stream.push(',')).toBe('')
    expect(stream.push(' and')).toBe('1234567.895, and')
    const open = new ReferenceStream(shop.resolve)
    expect(open.push(`{{run1:/${'x'.repeat(300)}`)).toBe(`{{run1:/${'x'.repeat(300)}`)
  })

  it('take a text of nothing but braces in little memory', () => {
    const text = '{'.repeat(20_000) + '{{run1:/total}}'.repeat(2_000)
    expect(filled(text)).toBe(text)
  })
})

describe('results that are kept', () => {
  it('are those with a number, and as much of them as there is room for', () => {
    const kept = new RunResults()
    kept.add({ tool: 'run_sql', cell: null, table: sales })
    expect(kept.all).toEqual([])
    for (let number = 1; number <= mostKept.results + 1; number += 1) {
      kept.add({ number, tool: 'run_sql', cell: null, table: table(['n'], [[number]]) })
    }
    expect(kept.all).toHaveLength(mostKept.results)
    expect(kept.isTruncated).toBe(true)
    expect(whyNot(`{{run${mostKept.results + 1}:/n}}`, kept)[0]).toContain('too large to keep all of them')
  })

  it('are kept behind one that is too large by itself', () => {
    const kept = new RunResults()
    const text = '7'.repeat(mostKept.characters + 1)
    kept.add({ number: 1, tool: 'run_python', cell: printed(text), table: null })
    kept.add({ number: 2, tool: 'run_sql', cell: null, table: sales })
    expect(kept.all.map(({ number }) => number)).toEqual([2])
    expect(kept.isTruncated).toBe(true)
  })

  it('show values where they have a table with rows, or printed JSON', () => {
    const nothing = { table: null, cell: null }
    expect(hasValues(nothing)).toBe(false)
    expect(hasValues({ ...nothing, table: table(['n'], []) })).toBe(false)
    expect(hasValues({ ...nothing, table: sales })).toBe(true)
    expect(hasValues({ ...nothing, cell: printed('mean 3') })).toBe(false)
    expect(hasValues({ ...nothing, cell: printed('{"mean": 3}') })).toBe(true)
    expect(hasValues({ ...nothing, cell: printed('{"mean": 3') })).toBe(false)
  })
})
