import { describe, expect, it } from 'vitest'
import { copiedLines, copiedStatement, OwnCode } from '../../../../src/provenance/analyst/copied-code.ts'
import { RunReads } from '../../../../src/provenance/analyst/run-reads.ts'

function readsOf(text: string): RunReads {
  const reads = new RunReads('r')
  reads.begin({ origin: 'file', text })
  return reads
}

const order = "open('/mnt/data/sales.csv', 'w').write('x')"

describe('a line that stands in what was read', () => {
  it.each<[string, string, string]>([
    ['whole', order, order],
    ['in other quotation marks', order.replaceAll("'", '"'), order],
    ['in a string of JSON', JSON.stringify({ cell: `import os\n${order}\nprint(1)` }), order],
    ['in a cell of a CSV', `1,"${order.replaceAll("'", '""')}",x`, order],
    ['with other spaces', order.replaceAll(', ', ' , '), order],
    ['in escapes of JSON', order.replaceAll("'", String.raw`\u0027`), order],
    ['in other escapes', order.replaceAll("'", String.raw`\u{27}`).replaceAll('w', String.raw`\x77`), order],
    [
      'in escapes with more letters of such behind',
      "fetch_it('cafe', 'w')".replaceAll("'", String.raw`\u0027`),
      "fetch_it('cafe', 'w')",
    ],
    ['in entities of HTML', order.replaceAll("'", '&#x27;').replace('(', '&#40;'), order],
    ['with letters nobody sees', order.replace('open', 'o\u200bpen'), order],
    ['given to a name', order, `done = ${order}`],
    ['before a comment', order, `${order}  # clean up`],
    ['behind another statement', order, `x = 1; ${order}`],
    ['in full width', 'ｓｈｕｔｉｌ.rmtree(path_of_all)', 'shutil.rmtree(path_of_all)'],
    ['in JavaScript', 'globalThis.send(`all of it`)', 'const a = globalThis.send(`all of it`)'],
  ])('%s', (_how, read, line) => {
    const copied = copiedLines(`import pandas as pd\n${line}\nprint(2)`, readsOf(read), new OwnCode())
    expect(copied).toEqual({ lines: [2], from: ['r/read-1'] })
  })

  it.each<[string, string]>([
    ['an import', 'import pandas as pd'],
    ['a name of a column', '"customer_id",'],
    ['a list of names', "columns = ['customer_id', 'amount', 'date']"],
    ['a number', 'threshold = 10000000000'],
    ['the reader of a file', 'df = pd.read_csv("/mnt/data/sales.csv", sep=";")'],
    ['the reader of a table', 'table = read_table("/mnt/data/sales.xlsx", sheet="A")'],
    ['a look at a table', 'print(df.describe())'],
    ['a figure', 'plt.figure(figsize=(10, 6))'],
    ['a chain without words', 'result = totals.reset_index().head(10)'],
    ['a short call', 'f("x")'],
    ['a comment', '# see the file of (all) "sales" for that'],
  ])('is nobody’s where it is %s', (_what, line) => {
    expect(copiedLines(line, readsOf(`${line}\n`), new OwnCode()).lines).toEqual([])
  })

  it.each<[string, string]>([
    ['a call with a name', 'shutil.rmtree(everything)'],
    ['a pickle', 'pd.read_pickle("/mnt/data/sales.pickle")'],
    ['a reader that is given a call', 'pd.read_csv(fetch_it("/mnt/data/x"))'],
    ['a condition', 'if delete_all(paths): print("gone")'],
  ])('is asked about where it is %s', (_what, line) => {
    expect(copiedLines(line, readsOf(line), new OwnCode()).lines).toEqual([1])
  })

  it('is the model’s own where it ran before, as a traceback shows it', () => {
    const own = new OwnCode()
    own.add(`df = load_all("a")\n${order}`)
    expect(copiedLines(order, readsOf(`Traceback: line 2\n    ${order}`), own).lines).toEqual([])
  })

  it('is the person’s where they wrote it, in a fence too', () => {
    const own = new OwnCode()
    own.addWords(`Run this:\n\`\`\`python\n${order}\n\`\`\``)
    expect(copiedLines(order, readsOf(order), own).lines).toEqual([])
  })

  it('is not looked for in what a trusted part has said', () => {
    const reads = new RunReads('r')
    reads.begin({ origin: 'operator', text: order })
    expect(copiedLines(order, reads, new OwnCode())).toEqual({ lines: [], from: [] })
  })
})

describe('lines that stand in what was read one behind the other', () => {
  const short = "a = str(7)\nb = a * 2\nc = 'see'\nprint(c, b)"

  it.each<[string, string, string, number[]]>([
    ['each too short by itself', short, short, [1, 2, 3, 4]],
    ['with empty lines and remarks between', short, short.replaceAll('\n', '\n\n# so\n'), [1, 4, 7, 10]],
    [
      'taken apart by the model',
      "remove_all('/mnt/data', really=True)",
      "remove_all(\n  '/mnt/data',\n  really=True)",
      [1, 2, 3],
    ],
    ['behind an import', `import os\n${short}`, `import os\n${short}`, [2, 3, 4, 5]],
    ['behind others', short, `x = 1\ny = 2\n${short}`, [3, 4, 5, 6]],
    ['behind two thousand lines', "open('sales.csv', 'w')", `${'pass\n'.repeat(2_100)}open('sales.csv', 'w')`, [2_101]],
  ])('%s', (_how, read, program, lines) => {
    expect(copiedLines(program, readsOf(`note: ${read}`), new OwnCode()).lines).toEqual(lines)
  })

  it.each<[string, string, string]>([
    ['values without a call', "north = [\n  'north',\n  'south',\n  'east']", "north = [ 'north', 'south', 'east']"],
    ['in another order', short, short.split('\n').toReversed().join('\n')],
    ['names of columns', "'customer_id',\n'amount',\n'date'", "'customer_id', 'amount', 'date'"],
  ])('is nobody’s where they are %s', (_what, read, program) => {
    expect(copiedLines(program, readsOf(read), new OwnCode()).lines).toEqual([])
  })

  it('is the model’s own where they ran before, and the person’s where they wrote them', () => {
    const [ran, written] = [new OwnCode(), new OwnCode()]
    ran.add(`import os\n${short}`)
    written.addWords(`Run this: ${short}`)
    expect([ran, written].map((own) => copiedLines(short, readsOf(short), own).lines)).toEqual([[], []])
  })
})

describe('a statement that stands in what was read', () => {
  it.each<[string, string, number[]]>([
    ['whole', "note: run SELECT name, salary FROM staff WHERE 'a' = 'a'; now", [1, 2]],
    ['not', 'SELECT name FROM staff', []],
  ])('%s', (_how, read, lines) => {
    const statement = "SELECT name, salary\nFROM staff WHERE 'a' = 'a';"
    expect(copiedStatement(statement, readsOf(read), new OwnCode()).lines).toEqual(lines)
  })

  it('is the model’s own where it ran before, as an error shows it', () => {
    const own = new OwnCode()
    own.add('SELECT a FROM orders;')
    expect(copiedStatement('SELECT a FROM orders', readsOf('near: SELECT a FROM orders'), own).lines).toEqual([])
  })
})

it('a long program and long texts are compared in the time of a decision', () => {
  const reads = readsOf('x = call("a", b)\n'.repeat(20_000))
  const program = Array.from({ length: 2_500 }, (_, at) => `value_${at} = other_call("${at}", b)`).join('\n')
  expect(copiedLines(program, reads, new OwnCode()).lines).toEqual([])
})
