import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { TableData } from '../../../src/core/result.ts'
import { end } from '../../support/agent-events.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'
import { createFakeSallyport, runCommand } from '../../support/cli/fake-sallyport.ts'
import { verifies } from '../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const table: TableData = {
  columns: [
    { name: 'product', type: 'text' },
    { name: 'sold', type: 'int8' },
  ],
  rows: [
    ['tea, green', 3],
    ['cup', 12],
  ],
  totalRows: 2,
}

const png = Buffer.from('not really a picture').toString('base64')

const answered: readonly AgentEvent[] = [
  { type: 'step-start', step: 1 },
  { type: 'text-delta', step: 1, text: 'I look it up.' },
  { type: 'tool-call', callId: 'c1', tool: 'run_sql', source: { language: 'sql', text: 'SELECT product FROM sales' } },
  {
    type: 'tool-result',
    callId: 'c1',
    tool: 'run_sql',
    milliseconds: 12,
    cell: null,
    table,
    ranIn: 'pglite',
    summary: '2 rows',
  },
  { type: 'artifact', artifact: { name: '../../etc/evil.sh', mediaType: 'image/png', content: png } },
  { type: 'step-start', step: 2 },
  { type: 'text-delta', step: 2, text: 'Cups sold ' },
  { type: 'text-delta', step: 2, text: 'best.' },
  end({ steps: 2, milliseconds: 1234 }),
]

const ask = (words: readonly string[], fake = createFakeSallyport({ events: answered })) =>
  runCommand(['ask', 'What sold best?', ...words], { sallyport: fake.sallyport, workingDirectory: folder })

describe('ask', () => {
  it.each(['on-write', 'always'])('does not run where nobody is there to be asked about calls: %s', async (calls) => {
    verifies('terminal.approve-nobody')
    const fake = createFakeSallyport({ events: answered })
    const { exitCode, stderr } = await ask(['--approve', calls], fake)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`--approve ${calls} needs somebody at a terminal to ask`)
    expect(fake.asked).toEqual([])
    const person = { inputIsTerminal: true, terminalColumns: 80, workingDirectory: folder }
    const words = ['ask', 'What?', '--approve', calls]
    const asJson = await runCommand([...words, '--output', 'json'], { sallyport: fake.sallyport, ...person })
    expect(asJson.exitCode).toBe(2)
    expect(fake.asked).toEqual([])
    await runCommand(words, { sallyport: fake.sallyport, ...person })
    expect(fake.asked).toMatchObject([{ isAsking: true, received: { approvals: { calls, waitMilliseconds: 0 } } }])
  })

  it('writes the answer to standard output and the steps to standard error', async () => {
    verifies('cli.streams')
    const { exitCode, stdout, stderr } = await ask([])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Cups sold best\.\n/)
    expect(stdout).toContain('│ cup        │   12 │')
    expect(stdout).toContain('Chart: sallyport-output/etc-evil.png')
    expect(stdout).not.toContain('I look it up.')
    expect(stderr).toContain('I look it up.')
    expect(stderr).toContain('SELECT product FROM sales')
    expect(stderr).toContain('run_sql: 2 rows (12 ms, pglite)')
    expect(stderr).toContain('2 steps, 15 tokens, 1.2 s')
  })

  it('saves a chart in the folder for charts, whatever its name says, and overwrites none', async () => {
    verifies('ask.output-dir')
    await ask(['--save-dir', 'out'])
    await ask(['--save-dir', 'out'])
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['etc-evil-2.png', 'etc-evil.png'])
    expect(readFileSync(join(folder, 'out', 'etc-evil.png'), 'utf8')).toBe('not really a picture')
  })

  it('W11: saves a file once, as the last step left it but for formulas, and tells it as a file', async () => {
    const file = (text: string): AgentEvent => {
      const content = Buffer.from(text).toString('base64')
      return { type: 'artifact', artifact: { name: 'clean.csv', mediaType: 'text/csv', content } }
    }
    const events = [file('first'), ...answered.slice(0, -1), file('=second'), ...answered.slice(-1)]
    const { stdout } = await ask([], createFakeSallyport({ events }))
    expect(stdout).toContain('File: sallyport-output/clean.csv')
    expect(readFileSync(join(folder, 'sallyport-output/clean.csv'), 'utf8')).toBe("'=second")
    expect(readdirSync(join(folder, 'sallyport-output')).toSorted()).toEqual(['clean.csv', 'etc-evil.png'])
    const json = await ask(['--output', 'json', '--output-dir', 'mine'], createFakeSallyport({ events }))
    expect(JSON.parse(json.stdout)).toMatchObject({ artifacts: [{}, { name: 'clean.csv', path: 'mine/clean.csv' }] })
  })

  it('gives one JSON object with --output json', async () => {
    verifies('ask.json')
    const { stdout } = await ask(['--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'Cups sold best.',
      ending: 'answer',
      scripted: false,
      tables: [{ columns: table.columns, rows: table.rows, total_rows: 2 }],
      artifacts: [{ media_type: 'image/png', path: 'sallyport-output/etc-evil.png' }],
      usage: { input_tokens: 10, output_tokens: 5 },
      duration_ms: 1234,
    })
  })

  it('S4: holds nothing in a pipe that would drive the terminal it is shown on later, whatever it quotes', async () => {
    const hostile = '\u001b]0;x\u0007\u202e\u009bm'
    for (const words of [
      [hostile],
      ['ask', '--output', hostile],
      ['config', 'show', '--set', `model.name=${hostile}`],
    ]) {
      const { stdout, stderr } = await runCommand(words, { workingDirectory: folder })
      expect(stdout + stderr).toMatch(/\ufffd|\\u001b/)
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  })

  it('W11: says in both forms of JSON what a filter masked', async () => {
    const finding = { rule: 'filter/masked', line: 1, column: 1, message: 'One e-mail address was replaced.' }
    const artifact = { name: 'a.csv', mediaType: 'text/csv', content: 'YQo=', isMasked: true }
    const events: readonly AgentEvent[] = [{ type: 'artifact', artifact }, end({ findings: [finding] })]
    const whole = await ask(['--output', 'json'], createFakeSallyport({ events }))
    expect(JSON.parse(whole.stdout)).toMatchObject({
      artifacts: [{ name: 'a.csv', masked: true }],
      findings: [finding],
    })
    const stream = await ask(['--output', 'stream-json'], createFakeSallyport({ events }))
    expect(stream.stdout).toContain('"masked":true')
  })

  it('shows a plan with the steps, and gives programs each of its states, or the last one', async () => {
    verifies('terminal.plan')
    const plan = (status: 'pending' | 'completed'): AgentEvent => ({ type: 'plan', steps: [{ text: 'Count', status }] })
    const fake = () =>
      createFakeSallyport({
        events: [plan('pending'), plan('completed'), { type: 'text-delta', step: 1, text: 'Two.' }, end()],
      })
    const shown = await ask([], fake())
    expect(shown.stderr).toContain('Plan\n  ○ Count\nPlan\n  ✔ Count\n')
    expect(shown.stdout).toBe('Two.\n')
    const { plan: last } = JSON.parse((await ask(['--output', 'json'], fake())).stdout) as { plan: unknown }
    expect(last).toEqual([{ text: 'Count', status: 'completed' }])
    const lines = (await ask(['--output', 'stream-json'], fake())).stdout.trim().split('\n')
    expect(lines.map((each) => JSON.parse(each) as unknown)).toContainEqual({
      type: 'plan',
      steps: [{ text: 'Count', status: 'pending' }],
    })
    const without = await ask(['--output', 'json'], createFakeSallyport({ events: [end()] }))
    expect(JSON.parse(without.stdout)).toMatchObject({ plan: null })
  })

  it('gives with --output json each step with its code and what came of it', async () => {
    const program = { language: 'python' as const, text: 'print(1)' }
    const events: readonly AgentEvent[] = [
      ...answered.slice(0, -1),
      { type: 'tool-call', callId: 'c2', tool: 'run_python', source: program },
      {
        type: 'tool-result',
        callId: 'c2',
        tool: 'run_python',
        milliseconds: 3,
        cell: cellResult({ stdout: { text: '1\n', truncated: false } }),
        table: null,
        ranIn: 'gVisor (docker)',
        summary: 'ok',
      },
      { type: 'tool-call', callId: 'c3', tool: 'run_python', source: { ...program, text: 'import os' } },
      { type: 'tool-refusal', callId: 'c3', tool: 'run_python', findings: [], message: 'Not allowed.' },
      end({ steps: 3 }),
    ]
    const { stdout } = await ask(['--output', 'json'], createFakeSallyport({ events }))
    const { steps } = JSON.parse(stdout) as { steps: object[] }
    expect(steps).toMatchObject([
      { tool: 'run_sql', kind: 'result', language: 'sql', code: 'SELECT product FROM sales', table: { total_rows: 2 } },
      { kind: 'result', language: 'python', code: 'print(1)', result: { outcome: 'ok', stdout: '1\n' }, table: null },
      { kind: 'refused', code: 'import os', result: null, message: 'Not allowed.' },
    ])
  })

  it('writes the words of the answer to a terminal while they come', async () => {
    const fake = createFakeSallyport({})
    const seen: string[] = []
    const sallyport = {
      ...fake.sallyport,
      async *answer() {
        for (const event of answered) {
          yield event
          seen.push(event.type)
        }
      },
    }
    const { stdout, stderr } = await runCommand(['ask', 'What?'], {
      sallyport,
      workingDirectory: folder,
      terminalColumns: 80,
    })
    expect(seen).toHaveLength(answered.length)
    expect(stdout).toMatch(/^I look it up\.\nCups sold best\.\n/)
    expect(stderr).not.toContain('I look it up.')
  })

  it.each(['csv', 'table', 'markdown', 'text'])(
    'S4: writes nothing to a terminal with --output %s that would drive it, whatever the cells hold',
    async (format) => {
      const cells = ['a\u001b]0;x\u0007', 'b\u009b2J', 'c\u202ed', 'e\u001b[31mf']
      const hostile = {
        columns: [{ name: 'n\u001b[2J', type: 'text' }],
        rows: cells.map((cell) => [cell]),
        totalRows: 4,
      }
      const events = answered.map((event) => (event.type === 'tool-result' ? { ...event, table: hostile } : event))
      const { stdout, stderr } = await runCommand(['ask', 'What?', '--output', format], {
        sallyport: createFakeSallyport({ events }).sallyport,
        workingDirectory: folder,
        terminalColumns: 80,
      })
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      // A status line of our own may stand on standard error, where a run takes long.
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(stderr).not.toMatch(/\u001b[\]]|\u001b\[(?:31m|2J)|[\u009b\u202e]/)
      expect(stdout).toContain('e')
    },
  )

  it.each([
    [
      'a](https://evil.example/?q=1)[b.csv',
      '[a (https://evil.example/?q=1) b.csv](a%5D%28https_/evil.example/_q%3D1%29%5Bb.csv)',
    ],
    ['my plan (1).csv', '[my plan (1).csv](my%20plan%20%281%29.csv)'],
    ['![x](http://e/p.png) <b>.txt', '[  x (http://e/p.png)  b .txt](%21%5Bx%5D%28http_/e/p.png%29%20_b_.txt)'],
  ])('links to a file in Markdown by where it was saved alone, whatever a program calls it: %s', async (name, link) => {
    verifies('terminal.words-of-others')
    const artifact = { name, mediaType: 'text/csv', content: 'YQ==' }
    const events: readonly AgentEvent[] = [{ type: 'artifact', artifact }, ...answered]
    const { stdout } = await ask(['--output', 'markdown', '--output-dir', '.'], createFakeSallyport({ events }))
    expect(stdout).toContain(`\n${link}\n`)
  })

  it('writes a CSV exactly for a program that reads it', async () => {
    const exact = { columns: [{ name: 'n', type: 'text' }], rows: [['a\u001b[31mb\u202e']], totalRows: 1 }
    const events = answered.map((event) => (event.type === 'tool-result' ? { ...event, table: exact } : event))
    const { stdout } = await ask(['--output', 'csv'], createFakeSallyport({ events }))
    expect(stdout).toBe('n\na\u001b[31mb\u202e\n')
  })

  it('gives one line per event with --output stream-json, without the bytes of pictures', async () => {
    const { stdout } = await ask(['--output', 'stream-json'])
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types).toEqual(['start', ...answered.map(({ type }) => type)])
    expect(stdout.match(/"(?:duration_ms|milliseconds)":\d+/g)).toEqual(['"duration_ms":12', '"duration_ms":1234'])
    expect(stdout).not.toContain(png)
  })

  it('gives nothing but the table with --output csv', async () => {
    const { stdout, stderr } = await ask(['--output', 'csv'])
    expect(stdout).toBe('product,sold\n"tea, green",3\ncup,12\n')
    expect(stderr).toContain('Cups sold best.')
  })

  it('says so when a table was asked for and there is none', async () => {
    const fake = createFakeSallyport({ events: [{ type: 'text-delta', step: 1, text: 'Hi.' }, end()] })
    const { exitCode, stderr } = await ask(['--output', 'csv'], fake)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('the answer holds no table')
  })

  it('labels scripted answers on standard output and in JSON', async () => {
    const scripted = createFakeSallyport({ events: answered, scripted: true })
    expect((await ask([], scripted)).stdout).toMatch(/^\[Scripted answer of the demo model/)
    expect(JSON.parse((await ask(['--output', 'json'], scripted)).stdout)).toMatchObject({ scripted: true })
  })

  it('keeps what could drive a terminal out of the answer', async () => {
    const text = 'a\u001b]52;c;ZXZpbA==\u0007b\u202Ec\u009b31md\re'
    const fake = createFakeSallyport({ events: [{ type: 'text-delta', step: 1, text }, end()] })
    expect((await ask([], fake)).stdout).toBe('a\u{fffd}]52;c;ZXZpbA==\u{fffd}bc\u{fffd}31md\u{fffd}e\n')
  })

  it.each([
    ['step-limit', undefined, 1],
    ['time-limit', undefined, 124],
    ['correction-limit', undefined, 3],
    ['cancelled', undefined, 130],
    ['failed', 'model-unavailable', 7],
    ['failed', 'sandbox-unavailable', 5],
  ] as const)('ends with its own exit code after %s %s', async (ending, code, expected) => {
    verifies('cli.exit-codes')
    const last = end({ ending, message: 'It ended early.', ...(code === undefined ? {} : { code }) })
    const { exitCode, stderr } = await ask([], createFakeSallyport({ events: [last] }))
    expect(exitCode).toBe(expected)
    expect(stderr).toContain('It ended early.')
  })

  it('shows a fault with what to do about it and disposes what was open', async () => {
    const fake = createFakeSallyport({
      fault: new ServiceError('model-unavailable', 'nothing answers at http://127.0.0.1:9/v1'),
    })
    const { exitCode, stderr } = await ask([], fake)
    expect(exitCode).toBe(7)
    expect(stderr).toContain('The model does not answer: nothing answers at http://127.0.0.1:9/v1')
    expect(stderr).toContain('→ Check model.base_url')
    expect(fake.disposed()).toBe(1)
  })

  it('does not take a stream that broke off for an answer', async () => {
    const fake = createFakeSallyport({ events: [{ type: 'text-delta', step: 1, text: 'Half an' }] })
    expect((await ask([], fake)).exitCode).toBe(1)
  })

  it('hands over data files and what was piped in', async () => {
    verifies('ask.standard-input')
    writeFileSync(join(folder, 'sales.csv'), 'a,b\n1,2\n')
    const fake = createFakeSallyport({ events: answered })
    const words = ['ask', 'Sum?', '--data', join(folder, 'sales.csv')]
    await runCommand(words, { sallyport: fake.sallyport, workingDirectory: folder, input: 'x;y\n1;2\n' })
    expect(fake.asked[0]?.files.map(({ name }) => name)).toEqual(['sales.csv', 'stdin.csv'])
    expect(existsSync(fake.asked[0]?.files[1]?.path ?? '')).toBe(false)
  })

  it('takes the question from standard input when none is given', async () => {
    const fake = createFakeSallyport({ events: answered })
    await runCommand(['ask'], { sallyport: fake.sallyport, workingDirectory: folder, input: 'What sold best?\n' })
    expect(fake.asked[0]?.received.messages).toEqual([{ role: 'user', content: 'What sold best?' }])
  })

  it('answers like ask with -p', async () => {
    const fake = createFakeSallyport({ events: answered })
    const { stdout } = await runCommand(['-p', 'What?'], { sallyport: fake.sallyport, workingDirectory: folder })
    expect(stdout).toContain('Cups sold best.')
  })
})

describe('demo', () => {
  it('asks the demo questions and ends well only when all were answered', async () => {
    const fake = createFakeSallyport({ events: answered, scripted: true })
    const good = await runCommand(['demo'], { sallyport: fake.sallyport, workingDirectory: folder })
    expect(good.exitCode).toBe(0)
    expect(fake.asked.map(({ received }) => received.messages[0]?.content)).toEqual(['First?', 'Second?'])
    expect(good.stderr).toMatch(/✔ First\? \(\d+ ms, chart: sallyport-output\/etc-evil\.png\)/)
    const broken = createFakeSallyport({
      events: [end({ ending: 'failed', code: 'sandbox-unavailable' })],
      scripted: true,
    })
    const bad = await runCommand(['demo'], { sallyport: broken.sallyport, workingDirectory: folder })
    expect(bad.exitCode).toBe(5)
    expect(bad.stderr).toContain('✖ First?')
  })

  it.each([
    ['demo --rate 5', '--rate is for the demo with --upstream'],
    ['demo --upstream --questions 2', '--questions is for the demo without --upstream'],
    ['demo --upstream --requests 0', '--requests'],
    ['demo --web --upstream', '--web is for the demo without --upstream and --questions'],
    ['demo --web --questions 2', '--web is for the demo without --upstream and --questions'],
  ])('refuses an option of the other one: %s', async (line, told) => {
    const { exitCode, stderr } = await runCommand(line.split(' '), { workingDirectory: folder })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(told)
  })

  it('is one document a question with --output json, as ask writes it, and nothing else', async () => {
    const fake = createFakeSallyport({ events: answered, scripted: true })
    const { exitCode, stdout } = await runCommand(['demo', '--output', 'json'], {
      sallyport: fake.sallyport,
      workingDirectory: folder,
    })
    const lines = stdout.trimEnd().split('\n')
    expect(exitCode).toBe(0)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { answer: 'Cups sold best.', scripted: true },
      { answer: 'Cups sold best.', scripted: true },
    ])
  })
})

describe('run', () => {
  const program = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const run = (words: readonly string[], fake = createFakeSallyport({}), input?: string) =>
    runCommand(['run', ...words], {
      sallyport: fake.sallyport,
      workingDirectory: folder,
      ...(input === undefined ? {} : { input }),
    })

  it('takes the language from the ending or from --language', async () => {
    verifies('run.language')
    const fake = createFakeSallyport({})
    await run([program('a.py', '1'), program('b.mjs', '2')], fake)
    await run([program('c.txt', '3'), '--language', 'javascript'], fake)
    expect(fake.programs.map(({ language, code }) => [language, code])).toEqual([
      ['python', '1'],
      ['javascript', '2'],
      ['javascript', '3'],
    ])
  })

  it('asks for the limits of --limit, and for those of a line of --jsonl before them', async () => {
    const fake = createFakeSallyport({})
    await run([program('a.py', '1'), '--limit', 'memory_mb=512', '--limit', 'cpus=0.5'], fake)
    await run(
      ['--jsonl', '--limit', 'memory_mb=512', '--limit', 'cpus=0.5'],
      fake,
      '{"id":1,"language":"python","code":"1","limits":{"memory_mb":64}}',
    )
    expect(fake.programs.map(({ limits }) => limits)).toEqual([
      { memory_mb: 512, cpus: 0.5 },
      { memory_mb: 64, cpus: 0.5 },
    ])
  })

  it('answers for a line of --jsonl that asks for a limit there is none of', async () => {
    const line = '{"id":1,"language":"python","code":"1","limits":{"gpus":1}}'
    const { exitCode, stdout } = await run(['--jsonl'], createFakeSallyport({}), line)
    expect(exitCode).toBe(2)
    expect(stdout).toContain('gpus')
  })

  it('writes what the program wrote to the same streams', async () => {
    const cell = cellResult({ stdout: { text: 'out', truncated: false }, stderr: { text: 'err', truncated: false } })
    const fake = createFakeSallyport({
      run: () => ({
        kind: 'result',
        cell,
        ranIn: 'fake',
        driver: { name: 'fake', reason: null },
        files: [],
        missing: [],
      }),
    })
    const { exitCode, stdout, stderr } = await run([program('a.py', '1')], fake)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'out\n' })
    expect(stderr).toMatch(/^err\n/)
  })

  const made = (name: string, text: string, mediaType = 'text/csv', more = {}) => ({
    name,
    mediaType,
    content: Buffer.from(text).toString('base64'),
    ...more,
  })

  it('W11: saves the files that the program made, with their folders, and says where and how large they are', async () => {
    const files = [
      made('clean.csv', 'a\n1\n'),
      made('out/report.xlsx', 'PK', 'application/octet-stream'),
      made('../../evil.sh', 'x', 'text/plain', { isMasked: true }),
    ]
    const missing = ['The file big.bin is not given to the user: it has 99 bytes and a file may have 9.']
    const fake = createFakeSallyport({
      run: () => ({
        kind: 'result',
        cell: cellResult(),
        ranIn: 'fake',
        driver: { name: 'fake', reason: null },
        files,
        missing,
      }),
    })
    const { stderr } = await run([program('a.py', '1')], fake)
    expect(fake.programs[0]).toMatchObject({ bringsFiles: true })
    expect(readFileSync(join(folder, 'sallyport-output/clean.csv'), 'utf8')).toBe('a\n1\n')
    expect(stderr).toContain('File: sallyport-output/clean.csv (4 bytes)')
    expect(stderr).toContain('File: sallyport-output/out/report.xlsx (2 bytes)')
    expect(stderr).toContain('File: sallyport-output/evil.sh (1 bytes; a filter masked parts of it)')
    expect(stderr).toContain('big.bin is not given')
    const again = await run([program('a.py', '1'), '--output-dir', 'mine', '--output', 'json'], fake)
    expect(JSON.parse(again.stdout)).toMatchObject({
      saved_files: [
        { name: 'clean.csv', path: 'mine/clean.csv', bytes: 4, masked: false },
        { name: 'out/report.xlsx', path: 'mine/out/report.xlsx', bytes: 2, masked: false },
        { name: '../../evil.sh', path: 'mine/evil.sh', bytes: 1, masked: true },
      ],
      missing_files: missing,
    })
  })

  it('W11: follows no link and overwrites nothing in the folder it saves to', async () => {
    writeFileSync(join(folder, 'precious'), 'mine')
    mkdirSync(join(folder, 'sallyport-output'))
    symlinkSync(join(folder, 'precious'), join(folder, 'sallyport-output/clean.csv'))
    const files = [made('clean.csv', 'theirs')]
    const fake = createFakeSallyport({
      run: () => ({
        kind: 'result',
        cell: cellResult(),
        ranIn: 'fake',
        driver: { name: 'fake', reason: null },
        files,
        missing: [],
      }),
    })
    expect((await run([program('a.py', '1')], fake)).stderr).toContain('sallyport-output/clean-2.csv')
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('mine')
  })

  it.each([
    ['user-error', 8],
    ['out-of-memory', 8],
    ['timeout', 124],
    ['cancelled', 130],
    ['sandbox-lost', 5],
  ] as const)('ends with its own exit code after %s', async (outcome, code) => {
    verifies('cli.exit-codes')
    const fake = createFakeSallyport({
      run: () => ({
        kind: 'result',
        cell: cellResult({ outcome }),
        ranIn: 'fake',
        driver: { name: 'fake', reason: null },
        files: [],
        missing: [],
      }),
    })
    expect((await run([program('a.py', '1')], fake)).exitCode).toBe(code)
  })

  it('shows every finding of a refused program and exits with 3', async () => {
    const findings = [
      { rule: 'python/network', line: 1, column: 8, message: 'There is no network.' },
      { rule: 'python/process', line: 2, column: 1, message: 'No processes.' },
    ]
    const fake = createFakeSallyport({ run: () => ({ kind: 'refused', findings }) })
    const { exitCode, stderr } = await run([program('a.py', '1')], fake)
    expect(exitCode).toBe(3)
    expect(stderr).toContain('line 1, column 8: There is no network. [python/network]')
    expect(stderr).toContain('line 2, column 1')
  })

  it('gives one JSON object per program with --output json', async () => {
    const { stdout } = await run([program('a.py', '1'), program('b.py', '2'), '--output', 'json'])
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatchObject({ file: join(folder, 'a.py'), outcome: 'ok', stdout: '', timings: { run_ms: 12 } })
  })

  it.each(['.ts', '.mts', '.cts', '.TS'])('G5: takes a file that ends in %s for TypeScript', async (ending) => {
    const fake = createFakeSallyport({})
    await run([program(`a${ending}`, 'first<Date>([new Date(0)])')], fake)
    expect(fake.programs[0]).toMatchObject({ language: 'typescript', validate: null })
  })

  it.each(['.tsx', '.jsx'])('G5: says of a file that ends in %s that there is nothing to render', async (ending) => {
    const { exitCode, stderr } = await run([program(`a${ending}`, '<b/>')])
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('JSX')
    expect(stderr).toContain('.ts')
  })

  it('runs programs of --jsonl with their id, and answers for lines that are none', async () => {
    const input = [
      '{"id":"a","language":"python","code":"1","timeout_ms":500}',
      'not json',
      '{"id":7,"language":"cobol","code":""}',
      '{"id":2,"language":"javascript","code":"2"}',
    ].join('\n')
    const fake = createFakeSallyport({})
    const { exitCode, stdout } = await run(['--jsonl', '--validate', 'parse-only', '--driver', 'runsc'], fake, input)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; outcome: string })
    expect(lines.map(({ id, outcome }) => [id, outcome])).toEqual(
      expect.arrayContaining([
        ['a', 'ok'],
        [2, 'ok'],
        [null, 'rejected'],
      ]),
    )
    expect(lines).toHaveLength(4)
    expect(exitCode).toBe(2)
    expect(fake.programs[0]).toMatchObject({ timeoutMilliseconds: 500, validate: 'parse-only', driver: 'runsc' })
  })

  it('says "unavailable" for each program of --jsonl when there is no sandbox', async () => {
    const fake = createFakeSallyport({ fault: new ServiceError('sandbox-unavailable', 'Docker does not answer') })
    const { exitCode, stdout } = await run(['--jsonl'], fake, '{"id":1,"language":"python","code":"1"}\n')
    expect(exitCode).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, outcome: 'unavailable', code: 'sandbox-unavailable' })
  })

  it.each([
    ['missing.py', 'missing.py: it does not exist', 2],
    ['.', 'its ending does not say which language it is', 2],
  ])('names what is wrong with %s', async (path, message, code) => {
    const { exitCode, stderr } = await run([path])
    expect(exitCode).toBe(code)
    expect(stderr).toContain(message)
  })
})

describe('sql', () => {
  const sql = (words: readonly string[], fake = createFakeSallyport({}), input?: string) =>
    runCommand(['sql', ...words], {
      sallyport: fake.sallyport,
      workingDirectory: folder,
      ...(input === undefined ? {} : { input }),
    })
  const rows = {
    kind: 'result' as const,
    source: 'shop',
    ranIn: 'shop (pglite)',
    canonical: null,
    result: {
      columns: table.columns,
      rows: table.rows,
      truncated: 'rows' as const,
      asOf: new Date(0),
      lagMilliseconds: null,
      lagEstimated: false,
      milliseconds: 7,
    },
  }

  it('writes rows to standard output and how they came to standard error', async () => {
    const { exitCode, stdout, stderr } = await sql(['SELECT 1'], createFakeSallyport({ sql: rows }))
    expect(exitCode).toBe(0)
    expect(stdout).toContain('│ tea, green │    3 │')
    expect(stderr).toBe('2 rows, cut at the limit of rows, 7 ms, shop (pglite)\n')
  })

  it('shows the findings of a refused statement and exits with 3', async () => {
    const { exitCode, stderr, stdout } = await sql(['DROP TABLE x', '--output', 'json'])
    expect(exitCode).toBe(3)
    expect(stderr).toContain('line 1, column 2: No. [sql/x]')
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'refuse', findings: [{ rule: 'sql/x' }] })
  })

  it('reads the statement from standard input', async () => {
    const fake = createFakeSallyport({ sql: rows })
    await sql(['-'], fake, 'SELECT 2')
    expect(fake.statements).toEqual(['SELECT 2'])
  })

  it('checks lines of JSON against a schema of their own', async () => {
    writeFileSync(join(folder, 'schema.sql'), 'CREATE TABLE orders (id int)')
    const fake = createFakeSallyport({})
    const words = ['check', '--jsonl', '--schema', join(folder, 'schema.sql'), '--allow', 'orders(*)']
    const { exitCode, stdout } = await sql(words, fake, '{"id":1,"sql":"SELECT 1"}\n{"id":"b","sql":"DROP"}\n')
    expect(exitCode).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown })
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 1, verdict: 'allow', canonical: 'SELECT 1', relations: ['public.orders'] }),
        expect.objectContaining({
          id: 'b',
          verdict: 'refuse',
          findings: [expect.objectContaining({ rule: 'sql/not-select' })],
        }),
      ]),
    )
    expect(fake.sources).toEqual([
      { kind: 'ad-hoc', schema: 'CREATE TABLE orders (id int)', allow: [{ relation: 'orders', columns: '*' }] },
    ])
  })

  it('says what is missing when there is no statement', async () => {
    expect((await sql([])).stderr).toContain('there is no statement')
  })
})

describe('a wrong call', () => {
  it.each([
    [['frob'], "unknown command 'frob'"],
    [['dem'], 'did you mean "demo"?'],
    [['ask', 'x', '--outptu', 'json'], 'Did you mean --output?'],
    [['ask', 'x', '--output', 'yaml'], 'Allowed choices are text, json'],
    [['run', '--concurrency', '0', '--jsonl'], 'must be a whole number of at least 1'],
    [['run', 'a.py', '--limit', 'gpus=1'], 'the names are wall_ms, cpus, memory_mb'],
    [['run', 'a.py', '--limit', 'cpus=many'], 'cpus must be a number'],
    [['run'], "missing required argument 'file'"],
    [['--set', 'nonsense', 'demo'], 'Write it as key=value'],
  ])('%j ends with 2 and says what to do', async (words, message) => {
    const { exitCode, stderr, stdout } = await runCommand(words, { workingDirectory: folder })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('names file, line and column of a configuration that is not valid', async () => {
    writeFileSync(join(folder, 'sallyport.yaml'), 'cli:\n  outptu: json\n')
    const { exitCode, stderr } = await runCommand(['ask', 'x'], { workingDirectory: folder })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('sallyport.yaml:2:3: unknown key "outptu" in cli; did you mean "output"?')
  })

  it('takes the configuration options before and after the command', async () => {
    const show = async (words: readonly string[]) => (await runCommand(words, { workingDirectory: folder })).stdout
    expect(await show(['--set', 'cli.output=csv', 'config', 'show'])).toMatch(/cli\.output +"csv"/)
    expect(await show(['config', 'show', '--set', 'cli.output=csv'])).toMatch(/cli\.output +"csv"/)
  })

  it.each([[[]], [['chat']]])('needs a terminal for a conversation: %j', async (words) => {
    const { exitCode, stderr } = await runCommand(words, { workingDirectory: folder })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('a conversation needs a terminal')
  })

  it('never shows a secret, not even where it came from', async () => {
    verifies('config.show')
    const { stdout } = await runCommand(['config', 'show', '--origin'], {
      workingDirectory: folder,
      variables: { SALLYPORT_MODEL_API_KEY: 'sk-hunter2hunter2' },
    })
    expect(stdout).toMatch(/model\.api_key +"\[secret\]" {3}# SALLYPORT_MODEL_API_KEY/)
    expect(stdout).not.toContain('hunter2')
  })
})
