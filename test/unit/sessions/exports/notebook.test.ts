import { describe, expect, it } from 'vitest'
import type { ConversationItem } from '../../../../src/core/conversations.ts'
import type { CellResult } from '../../../../src/core/result.ts'
import { toMarkdown } from '../../../../src/sessions/exports/markdown.ts'
import { rowsAsParquet } from '../../../../src/sessions/rows-as-parquet.ts'
import { toNotebook } from '../../../../src/sessions/exports/notebook.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

interface Cell {
  readonly cell_type: string
  readonly source: readonly string[]
  readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[]
}

const made = new Date('2026-03-02T08:00:00Z')
const reader = { modules: { 'sallyport/__init__.py': 'x = 1\n' }, requirements: ['pandas==3.1.1'] }

function exported(items: readonly ConversationItem[], title: string | null = null) {
  const kept = items.map((item, place) => ({
    id: `item_${place}`,
    conversation: 'conv_1',
    place,
    run: 'run_1',
    made,
    item,
  }))
  return { id: 'conv_1', title, made, items: kept }
}

const notebookOf = (items: readonly ConversationItem[], title: string | null = null) =>
  toNotebook(exported(items, title), reader) as unknown as { readonly cells: readonly Cell[] }

const texts = ({ cells }: { readonly cells: readonly Cell[] }) => cells.map(({ source }) => source.join(''))

const outcome = {
  kind: 'result',
  milliseconds: 1,
  cell: null,
  table: null,
  ranIn: 'gVisor',
  summary: '2 rows',
} as const

const python = (text: string, changes: Partial<CellResult> = {}): ConversationItem => ({
  type: 'tool-use',
  callId: 'c',
  tool: 'run_python',
  source: { language: 'python', text },
  outcome: { ...outcome, cell: cellResult(changes) },
})

const table = { columns: [{ name: 'a', type: 'integer' }], rows: [[1], [2]], totalRows: 2 }

const query = (changes: object = {}): ConversationItem => ({
  type: 'tool-use',
  callId: 'q',
  tool: 'run_sql',
  source: { language: 'sql', text: 'SELECT a FROM t' },
  outcome: { ...outcome, table, savedAs: 'result_1.csv', ...changes },
})

describe('a notebook of a conversation', () => {
  it('has Python as cells that say what they said, in the order in which they did', () => {
    const results = [{ isMain: true, text: '42', html: '<b>42</b>', svg: '<svg/>', png: 'iVBO' }]
    const [, code] = notebookOf([python('6 * 7', { stdout: { text: 'a\nb\n', truncated: false }, results })]).cells
    expect(code).toMatchObject({ cell_type: 'code', execution_count: 1, source: ['6 * 7'] })
    expect(code?.outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] },
      {
        output_type: 'execute_result',
        execution_count: 1,
        metadata: {},
        data: { 'text/plain': ['42'], 'image/png': 'iVBO' },
      },
    ])
  })

  it('brings no HTML, script, SVG or formula of anybody’s', () => {
    const hostile = '<script>x()</script> ![p](https://elsewhere.example/p.png) [l](javascript:x()) $\\href{x}{y}$'
    const notebook = notebookOf(
      [
        { type: 'message', role: 'user', content: hostile },
        { type: 'message', role: 'assistant', content: hostile },
        { type: 'plan', steps: [{ text: hostile, status: 'pending' }] },
        { type: 'artifact', fileId: null, name: hostile, mediaType: 'text/html', bytes: 1 },
        python('1', { results: [{ isMain: true, html: hostile, svg: hostile, latex: hostile }] }),
        query({ table: { ...table, columns: [{ name: hostile, type: hostile }], rows: [[hostile]], totalRows: 1 } }),
        { ...query(), outcome: { kind: 'failure', message: hostile } } as ConversationItem,
        { ...query(), outcome: { kind: 'refusal', findings: [], message: hostile } } as ConversationItem,
      ],
      hostile,
    )
    for (const { cell_type, source } of notebook.cells) {
      // What stands in a span of code, or is escaped, is shown as it is written.
      const rendered = source.join('').replaceAll(/\\[<![\]]|(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')
      if (cell_type === 'markdown') expect(rendered).not.toMatch(/<[a-z/]|!\[|\]\((?!https)/i)
    }
    const media = notebook.cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data = {} }) => Object.keys(data)))
    expect(media).toEqual(['text/plain'])
  })

  it('brings nothing that acts on a terminal or turns what is read, and no line that is not seen as one, as Markdown neither', () => {
    const hostile = 'a\u001b]52;c;eA==\u0007\u009b2J\u202e \u2066`\r\r<img src=x>\r\r`'
    const items: ConversationItem[] = [
      { type: 'message', role: 'user', content: hostile },
      { type: 'plan', steps: [{ text: hostile, status: 'pending' }] },
      { type: 'artifact', fileId: null, name: hostile, mediaType: 'text/plain', bytes: 1 },
      {
        type: 'tool-use',
        callId: 'c',
        tool: 'run_javascript',
        source: { language: 'javascript', text: hostile },
        outcome,
      },
      query({ summary: hostile, table: { ...table, columns: [{ name: hostile, type: 't' }], rows: [[hostile]] } }),
      { ...query(), outcome: { kind: 'refusal', findings: [], message: hostile } } as ConversationItem,
    ]
    const prose = notebookOf(items, hostile).cells.filter(({ cell_type: type }) => type === 'markdown')
    for (const text of [toMarkdown(exported(items, hostile)), ...prose.map(({ source }) => source.join(''))]) {
      expect(text).not.toMatch(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u)
      const outsideOfCode = text.replaceAll(/^(`{3,}).*?^\1$/gms, '')
      expect(outsideOfCode).not.toMatch(/^<img/m)
    }
  })

  it('has the plan of a run as it was at last, as a list that begins no block of code, as Markdown too', () => {
    verifies('agent.plan-exports')
    const steps = (status: 'pending' | 'completed') =>
      ['~~~', '```js', '![p](https://x.example)'].map((text) => ({ text, status }))
    const items: ConversationItem[] = [
      { type: 'plan', steps: steps('pending') },
      python('1'),
      { type: 'plan', steps: steps('completed') },
      { type: 'message', role: 'assistant', content: 'Done.' },
    ]
    const list = ['**Plan**\n\n- ✔ ~~~', '- ✔ &#96;&#96;&#96;js', '- ✔ &#33;[p](https://x.example)'].join('\n')
    expect(texts(notebookOf(items)).slice(1)).toEqual(['1', list, '**Answer**\n\nDone.'])
    const text = toMarkdown(exported(items))
    expect(text).toContain(`\n\n${list}\n\n## Answer\n\nDone.\n`)
    expect(text).not.toContain('○')
  })

  it('carries results of queries to where its programs read them', () => {
    const cells = texts(notebookOf([query(), python("open('/mnt/data/result_1.csv'); '/mnt/data'; '/mnt/database'")]))
    expect(cells[1]).toContain(
      `"result_1.csv").write_bytes(base64.b64decode("${Buffer.from('a\n1\n2').toString('base64')}"))`,
    )
    expect(cells.at(-1)).toBe("open('./result_1.csv'); '.'; '/mnt/database'")
  })

  it('carries them as Parquet where programs read that', () => {
    const parquet = Buffer.from(rowsAsParquet(table)?.content ?? '').toString('base64')
    const [, data] = texts(notebookOf([query({ savedAs: 'result_1.parquet' })]))
    expect(data).toContain(`"result_1.parquet").write_bytes(base64.b64decode("${parquet}"))`)
    expect(data).toContain('pip install pandas pyarrow')
  })

  it('says which results it leaves, for they are too large or were cut when they left', () => {
    const rows = Array.from({ length: 5 }, () => ['x'.repeat(2 * 1024 * 1024)])
    const large = query({ savedAs: 'result_2.csv', table: { ...table, rows, totalRows: 5 } })
    const cut = query({ savedAs: 'result_3.csv', table: { ...table, totalRows: 9 } })
    const [heading = '', data = ''] = texts(notebookOf([query(), large, cut]))
    expect(heading).toContain('Not carried along, because they are large: result_2.csv, result_3.csv.')
    expect(data).toContain('result_1.csv')
    expect(data).not.toContain('result_2.csv')
  })

  it('has the reader of tables where a program imports it, and else not', () => {
    expect(texts(notebookOf([python('from sallyport import read_table')]))[1]).toContain('pip install pandas==3.1.1')
    expect(notebookOf([python('print("sallyport")')]).cells).toHaveLength(2)
  })

  it('shows code of other languages, and refusals, as text', () => {
    const cells = texts(
      notebookOf([
        query(),
        { ...query(), outcome: { kind: 'refusal', findings: [], message: 'No.' } } as ConversationItem,
      ]),
    )
    expect(cells).toContain('```sql\nSELECT a FROM t\n```')
    expect(cells.at(-1)).toBe('*Refused: No.*')
  })

  it('keeps an error with its traceback', () => {
    const error = { name: 'ValueError', value: 'no', traceback: 'Traceback\nValueError: no' }
    const [, code] = notebookOf([python('raise ValueError("no")', { outcome: 'user-error', error })]).cells
    expect(code).toMatchObject({ execution_count: null })
    expect(code?.outputs).toEqual([
      { output_type: 'error', ename: 'ValueError', evalue: 'no', traceback: ['Traceback', 'ValueError: no'] },
    ])
  })
})

describe('where an exported conversation came from', () => {
  it('is said in members that no reader of notebooks uses, of all of it and of each cell', () => {
    const items: ConversationItem[] = [
      { type: 'message', role: 'user', content: 'How many?' },
      { ...query(), origins: ['row', 'user'] } as ConversationItem,
      { type: 'message', role: 'assistant', content: 'Two.' },
    ]
    const { metadata, cells } = toNotebook(exported(items), reader) as unknown as {
      readonly metadata: object
      readonly cells: readonly { readonly metadata: object }[]
    }
    expect(metadata).toMatchObject({ sallyport: { origins: ['row', 'unknown', 'user'] } })
    const told = cells.map((cell) => JSON.stringify(cell.metadata))
    expect(new Set(told)).toStrictEqual(
      new Set([
        '{}',
        ...[['user'], ['row', 'user'], ['unknown']].map((origins) => JSON.stringify({ sallyport: { origins } })),
      ]),
    )
  })
})

describe('a conversation as Markdown', () => {
  it('has questions, code, output, tables, answers and names of files', () => {
    const items: ConversationItem[] = [
      { type: 'message', role: 'user', content: 'How many?' },
      { ...query(), origins: ['row', 'user'] } as ConversationItem,
      python('print("```")', { stdout: { text: '```\n', truncated: false } }),
      { type: 'artifact', fileId: 'file_1', name: 'chart.png', mediaType: 'image/png', bytes: 1_234 },
      { type: 'message', role: 'assistant', content: '**Two**, see <b>.' },
    ]
    expect(toMarkdown(exported(items, 'Counting'))).toBe(
      [
        '# Counting',
        'Exported from Sallyport: conv_1, begun 2026-03-02T08:00:00.000Z.',
        'Made of what the person wrote, rows of a data source and what nobody has followed.',
        '## Question',
        'How many?',
        '```sql\nSELECT a FROM t\n```',
        '| a |\n| ---: |\n| 1 |\n| 2 |',
        '*2 rows*',
        '````python\nprint("```")\n````',
        '````text\n```\n\n````',
        '*2 rows*',
        '*File: chart.png, 1,234 bytes.*',
        '## Answer',
        '**Two**, see &lt;b>.',
        '',
      ]
        .join('\n\n')
        .replace(/\n\n$/, '\n'),
    )
  })
})
