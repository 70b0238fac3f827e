import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SandboxTime } from '../../../src/sandbox/sandbox-time.ts'
import type { Catalog } from '../../../src/core/catalog.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { ToolName } from '../../../src/core/grant.ts'
import type { JsonValue } from '../../../src/core/json.ts'
import type { Database, QueryResult } from '../../../src/databases/database.ts'
import { Session } from '../../../src/sessions/session.ts'
import type { BoundTool } from '../../../src/tools/bound-tool.ts'
import type { AskQuarantined } from '../../../src/tools/extract-values.ts'
import { createTools } from '../../../src/tools/registry.ts'
import type { ToolOutcome } from '../../../src/tools/tool.ts'
import { RecordingSandbox, stubValidator } from '../../support/sandbox/recording-sandbox.ts'
import { verifies } from '../../support/verifies.ts'
import type { OnChanged, Permit, ToolAction } from '../../../src/tools/permit.ts'

const live = new AbortController().signal
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).toString('base64')

const column = (name: string, comment: string | null = null) => ({ name, type: 'integer', nullable: false, comment })
const catalog: Catalog = {
  dialect: { name: 'postgresql', major: 17 },
  relations: [
    {
      schema: 'public',
      name: 'orders',
      kind: 'table',
      columns: [column('id'), column('card', 'secret'), column('total', 'EUR')],
      comment: 'What was ordered',
      estimatedRows: 42_000,
    },
    {
      schema: 'public',
      name: 'staff_salaries',
      kind: 'table',
      columns: [column('pay')],
      comment: null,
      estimatedRows: 24,
    },
  ],
  fingerprint: 'f',
  schemaStatements: [],
}

function queryResult(rows: readonly (readonly JsonValue[])[], changes: Partial<QueryResult> = {}): QueryResult {
  return {
    columns: [
      { name: 'city', type: 'text', origin: null },
      { name: 'tags', type: 'text[]', origin: null },
      { name: 'n', type: 'bigint', origin: null },
    ],
    rows,
    truncated: null,
    asOf: new Date('2026-01-02T03:04:05Z'),
    lagMilliseconds: null,
    milliseconds: 12.4,
    ...changes,
  }
}

interface Bench {
  readonly tools: readonly BoundTool[]
  readonly session: Session<RecordingSandbox>
  readonly sandboxes: RecordingSandbox[]
  readonly isolates: RecordingSandbox[]
  readonly call: (name: ToolName, input: object) => Promise<ToolOutcome>
}

const allTools: readonly ToolName[] = ['describe_data', 'run_sql', 'run_python', 'run_javascript']

function bench(
  options: {
    granted?: readonly ToolName[]
    quarantined?: AskQuarantined
    query?: () => Promise<QueryResult>
    play?: ConstructorParameters<typeof RecordingSandbox>[0]
    withoutSource?: boolean
    permit?: Permit
    onChanged?: OnChanged
    time?: SandboxTime
    onClaim?: () => Promise<void>
  } = {},
): Bench {
  const sandboxes: RecordingSandbox[] = []
  const isolates: RecordingSandbox[] = []
  const claim = (list: RecordingSandbox[], driver: string) => async (): Promise<RecordingSandbox> => {
    if (list === sandboxes) await options.onClaim?.()
    const sandbox = new RecordingSandbox(options.play, driver)
    list.push(sandbox)
    return sandbox
  }
  const session = new Session({ id: 's', tenant: 't', limits: {}, claim: claim(sandboxes, 'docker') })
  const database: Database = {
    source: 'shop',
    kind: 'pglite',
    catalog: async () => catalog,
    query: options.query ?? (async () => queryResult([['Köln, Süd', ['a'], '9007199254740993']])),
    prove: async () => ({ role: 'r', inRecovery: false, excess: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  }
  const tools = createTools({
    permit: options.permit ?? (async () => null),
    granted: options.granted ?? allTools,
    ...(options.quarantined === undefined ? {} : { quarantined: options.quarantined }),
    session,
    mayChange: () => false,
    time: options.time ?? new SandboxTime(Number.POSITIVE_INFINITY, () => undefined),
    source:
      options.withoutSource === true
        ? null
        : {
            database,
            validator: stubValidator('sql'),
            visible: (relation, name) => relation === 'public.orders' && name !== 'card',
            catalogOfGate: (signal) => database.catalog(signal),
          },
    python: { validator: stubValidator('python'), timeoutMilliseconds: 1000 },
    javascript: {
      validator: stubValidator('javascript'),
      typescript: stubValidator('javascript'),
      timeoutMilliseconds: 1000,
      claim: claim(isolates, 'isolate'),
    },
    queryLimits: { maximumRows: 100, maximumBytes: 10_000, timeoutMilliseconds: 1000 },
    previewRows: 2,
  })
  return {
    tools,
    session,
    sandboxes,
    isolates,
    call: async (name, input) => {
      const read = tools.find((tool) => tool.name === name)?.read(JSON.stringify(input))
      if (read?.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(read)}`)
      return await read.call.execute(live, options.onChanged ?? (() => undefined))
    },
  }
}

function resultOf(outcome: ToolOutcome): Extract<ToolOutcome, { kind: 'result' }> {
  if (outcome.kind !== 'result') throw new Error(`refused: ${JSON.stringify(outcome.findings)}`)
  return outcome
}

describe('a tool that policy does not permit', () => {
  const finding = { rule: 'policy/refused', line: 1, column: 1, message: 'no' }
  it.each<[ToolName, object]>([
    ['describe_data', {}],
    ['run_sql', { sql: 'SELECT 1' }],
    ['run_python', { code: '1' }],
    ['run_javascript', { code: '1' }],
  ])('runs nothing: %s', async (tool, input) => {
    verifies('policy.before-tools')
    const asked: ToolAction[] = []
    let ran = 0
    const { call, sandboxes, isolates } = bench({
      permit: async (action) => (asked.push(action), { kind: 'refused', findings: [finding] }),
      query: async () => ((ran += 1), queryResult([])),
    })
    expect(await call(tool, input)).toEqual({ kind: 'refused', findings: [finding] })
    expect(asked.map((action) => action.tool)).toEqual([tool])
    expect([ran, sandboxes, isolates]).toEqual([0, [], []])
  })
})

describe('a call that a person changes', () => {
  it.each<[ToolName, string]>([
    ['run_sql', 'sql'],
    ['run_python', 'code'],
    ['run_javascript', 'code'],
  ])('is validated and asked about anew: %s', async (tool, field) => {
    verifies('terminal.edit')
    const asked: string[] = []
    const changed: string[] = []
    const answers = ['second', 'third']
    const { call } = bench({
      permit: async ({ text }) => {
        asked.push(text)
        const next = answers.shift()
        return next === undefined ? null : { kind: 'changed', text: next }
      },
      onChanged: (text) => changed.push(text),
    })
    expect(await call(tool, { [field]: 'first' })).toMatchObject({ kind: 'result' })
    expect(asked).toEqual(['first', 'second', 'third'])
    expect(changed).toEqual(['second', 'third'])
  })

  it('does not run where the gate refuses what they wrote, which they are told before', async () => {
    verifies('terminal.edit')
    let [ran, asked] = [0, 0]
    const findings: unknown[] = []
    const { call } = bench({
      permit: async ({ check }, signal) => {
        asked += 1
        findings.push(await check?.('SELECT 1', signal), await check?.('FORBIDDEN', signal))
        return { kind: 'changed', text: 'FORBIDDEN' }
      },
      query: async () => ((ran += 1), queryResult([])),
    })
    const rule = { rule: 'stub/forbidden' }
    expect(await call('run_sql', { sql: 'SELECT 1' })).toMatchObject({ kind: 'refused', findings: [rule] })
    expect(findings).toMatchObject([[], [rule]])
    expect([ran, asked]).toEqual([0, 1])
  })

  it('is refused where nothing else can be done', async () => {
    const { call } = bench({ permit: async () => ({ kind: 'changed', text: '{}' }) })
    expect(await call('describe_data', {})).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'policy/not-changeable' }],
    })
  })
})

describe('the tools of a grant', () => {
  it('hold extract_values only where it is granted and a model reads texts, and it reads a file of the session', async () => {
    const ask = async () => ({ kind: 'answered', text: '{"n": 3}', used: { inputTokens: 1, outputTokens: 1 } }) as const
    const asked = { file: 'a.txt', what: 'n', fields: [{ name: 'n', type: 'integer' }] }
    expect(bench({ granted: ['extract_values'] }).tools).toEqual([])
    expect(bench({ quarantined: ask }).tools.map(({ name }) => name)).not.toContain('extract_values')
    const { call, session } = bench({ granted: ['extract_values'], quarantined: ask })
    const open = async function* () {
      // The sandbox of the tests gives back what this stands for.
      yield Buffer.from(Buffer.from('n is 3').toString('base64'))
    }
    await session.addFile({ path: 'a.txt', kind: 'attached', description: '', bytes: 6, open }, live)
    expect(await call('extract_values', asked)).toMatchObject({ kind: 'result', forModel: '{"n":3}' })
  })

  it('are those the grant names, with their input as JSON Schema', () => {
    verifies('security.group-decides')
    expect(bench().tools.map((tool) => tool.name)).toEqual(allTools)
    const { tools } = bench({ granted: ['run_sql'] })
    expect(tools.map((tool) => tool.name)).toEqual(['run_sql'])
    expect(tools[0]?.parameters).toMatchObject({ type: 'object', required: ['sql'], additionalProperties: false })
    // Made once, and not for each question.
    expect(bench({ granted: ['run_sql'] }).tools[0]?.parameters).toBe(tools[0]?.parameters)
  })

  it('hold no run_sql where there is no data source', () => {
    expect(bench({ withoutSource: true }).tools.map((tool) => tool.name)).toEqual([
      'describe_data',
      'run_python',
      'run_javascript',
    ])
  })

  it('take no arguments at all as an empty object', () => {
    const [describeData] = bench().tools
    expect(describeData?.read('').kind).toBe('ready')
  })
})

describe('describe_data', () => {
  it('shows what policy lets this group see, and nothing of the rest', async () => {
    const { forModel, summary } = resultOf(await bench().call('describe_data', {}))
    expect(forModel).toBe('table orders, about 42000 rows: What was ordered\n  id integer\n  total integer -- EUR')
    expect(summary).toBe('1 table')
  })

  it('tells a forbidden table and a missing one apart in nothing', async () => {
    const forbidden = resultOf(await bench().call('describe_data', { tables: ['staff_salaries'] })).forModel
    const missing = resultOf(await bench().call('describe_data', { tables: ['nothing_at_all'] })).forModel
    expect(forbidden.replace('staff_salaries', 'X')).toBe(missing.replace('nothing_at_all', 'X'))
    expect(missing).toBe('There is no table "nothing_at_all"; there are: orders')
  })
})

describe('run_sql', () => {
  it('shows the model a preview and hands the whole result to the sandbox as a file', async () => {
    const rows = [
      ['Köln, Süd', ['a', 'b'], '9007199254740993'],
      ['Wien', null, 2],
      [null, [], 3],
    ]
    const { call, session, sandboxes } = bench({ query: async () => queryResult(rows) })
    const outcome = resultOf(await call('run_sql', { sql: 'SELECT 1' }))
    expect(outcome.forModel).toBe(
      [
        'rows: 3, the first 2 below',
        'columns: city (text), tags (text[]), n (bigint)',
        'as of: 2026-01-02T03:04:05.000Z',
        'file: /mnt/data/result_1.parquet (Parquet of 3 rows: city string, tags string, n int64; read it with `pandas.read_parquet("/mnt/data/result_1.parquet")`)',
        'csv:',
        'city,tags,n',
        '"Köln, Süd","[""a"",""b""]",9007199254740993',
        'Wien,,2',
      ].join('\n'),
    )
    expect(outcome.summary).toBe('3 rows in 12 ms')
    expect(outcome.table?.rows).toEqual(rows)
    expect(sandboxes).toHaveLength(0)
    await session.sandbox(live)
    expect(sandboxes[0]?.uploaded.get('result_1.parquet')?.slice(0, 4)).toBe('PAR1')
  })

  it('says when the result was cut', async () => {
    const { call } = bench({ query: async () => queryResult([['a', null, 1]], { truncated: 'rows' }) })
    const outcome = resultOf(await call('run_sql', { sql: 'SELECT 1' }))
    expect(outcome.forModel).toContain('rows: 1, cut at the limit of rows')
    expect(outcome.summary).toBe('1 row, cut at the limit of rows in 12 ms')
  })

  it('numbers parallel results in the order of the calls', async () => {
    let calls = 0
    const { call } = bench({
      query: async () => {
        calls += 1
        await new Promise((resolve) => setTimeout(resolve, calls === 1 ? 20 : 1))
        return queryResult([])
      },
    })
    const outcomes = await Promise.all([call('run_sql', { sql: 'one' }), call('run_sql', { sql: 'two' })])
    expect(outcomes.map((outcome) => /result_\d/.exec(resultOf(outcome).forModel)?.[0])).toEqual([
      'result_1',
      'result_2',
    ])
  })

  it('keeps no file where no code can run', async () => {
    const { call, session } = bench({ granted: ['run_sql'] })
    const outcome = resultOf(await call('run_sql', { sql: 'SELECT 1' }))
    expect(outcome.forModel).not.toContain('/mnt/data')
    expect(session.files).toEqual([])
  })

  it('runs nothing the validator refused', async () => {
    let asked = 0
    const { call } = bench({
      query: async () => {
        asked += 1
        return queryResult([])
      },
    })
    expect(await call('run_sql', { sql: 'FORBIDDEN' })).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'stub/forbidden' }],
    })
    expect(asked).toBe(0)
  })

  it('passes a fault of the database on', async () => {
    const { call } = bench({ query: () => Promise.reject(new ServiceError('query-failed', 'Division by zero')) })
    await expect(call('run_sql', { sql: 'SELECT 1/0' })).rejects.toMatchObject({ code: 'query-failed' })
  })
})

describe('run_python in a new sandbox, since the one before was lost', () => {
  it('tells the model once what is gone, and the cells that made it', async () => {
    verifies('sessions.lost')
    const { call, sandboxes } = bench({ play: (code) => ({ sessionAlive: code !== 'die()' }) })
    for (const code of ['a = 1\n', 'die()']) await call('run_python', { code })
    const { forModel, summary } = resultOf(await call('run_python', { code: 'a' }))
    expect(forModel).toMatch(
      /^The sandbox of this session was lost\. It has a new one: variables, .* are gone; run again/,
    )
    expect(forModel).toContain('oldest first; the last one may be why it was lost:\n[cell 1]\na = 1\n[cell 2]\ndie()\n')
    expect(forModel).toMatch(/What ran now, without them:\nThe code finished/)
    // What people see of it says what they can do.
    expect(summary).toMatch(
      /in a new sandbox, since the one before has ended: a replay of the conversation makes again/,
    )
    expect(sandboxes).toHaveLength(2)
    expect(resultOf(await call('run_python', { code: 'b = 2' })).forModel).not.toContain('lost')
    await call('run_python', { code: 'die()' })
    // What was told of the first loss is not told with the second.
    const again = resultOf(await call('run_python', { code: 'b' })).forModel
    expect(again).toContain('[cell 1]\na\n[cell 2]\nb = 2\n[cell 3]\ndie()\n')
    expect(again).not.toContain('a = 1')
  })

  it('shows the last of many cells, and none that is too long', async () => {
    const { call } = bench({ play: (code) => ({ sessionAlive: code !== 'die()' }) })
    for (const code of [`#${'x'.repeat(7_990)}`, 'b = 2', 'die()']) await call('run_python', { code })
    const { forModel } = resultOf(await call('run_python', { code: 'b' }))
    expect(forModel).toContain(
      'the last 2 of 3, oldest first; the last one may be why it was lost:\n[cell 2]\nb = 2\n[cell 3]\n',
    )
    const long = bench({ play: () => ({ sessionAlive: false }) })
    await long.call('run_python', { code: `#${'x'.repeat(8_000)}` })
    const told = resultOf(await long.call('run_python', { code: 'b' })).forModel
    expect(told).toContain('What had run there cannot be shown.\nWhat ran now')
    expect(told).not.toContain('xxx')
  })
})

describe('run_python', () => {
  it('returns output, value, error and figures, and says where it ran', async () => {
    const { call } = bench({
      play: () => ({
        stdout: { text: 'hello\n', truncated: true },
        results: [
          { isMain: false, png },
          { isMain: true, text: '42' },
        ],
      }),
    })
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.forModel).toBe(
      'The code finished after 12 ms.\nstdout (cut):\nhello\nfigure: shown to the user as chart_1.png\nvalue:\n42',
    )
    expect(outcome.artifacts).toEqual([{ name: 'chart_1.png', mediaType: 'image/png', content: png }])
    expect(outcome.summary).toBe('finished, 1 figure in 12 ms')
    expect(outcome.ranIn).toBe('gVisor (docker)')
  })

  it('gives the model the traceback of code that failed', async () => {
    const error = { name: 'KeyError', value: "'x'", traceback: 'Traceback…\nKeyError: x' }
    const { call } = bench({ play: () => ({ outcome: 'user-error', error }) })
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.forModel).toBe('The code failed with an error after 12 ms.\nerror:\nTraceback…\nKeyError: x')
    expect(outcome.summary).toBe('failed with an error: KeyError in 12 ms')
  })

  it('says when the variables are gone, and gets a new sandbox next time', async () => {
    const { call, sandboxes } = bench({
      play: (code) =>
        code === 'bomb' ? { outcome: 'out-of-memory', sessionAlive: false, notice: 'limit 512 MiB' } : {},
    })
    const outcome = resultOf(await call('run_python', { code: 'bomb' }))
    expect(outcome.forModel).toContain('ran out of memory (limit 512 MiB)')
    expect(outcome.forModel).toContain('All variables are gone')
    await call('run_python', { code: 'next' })
    expect(sandboxes.map((sandbox) => sandbox.ran)).toEqual([['bomb'], ['next']])
    expect(sandboxes[0]?.disposed).toBe(1)
  })

  it('keeps its sandbox from call to call', async () => {
    const { call, sandboxes } = bench()
    await call('run_python', { code: 'a = 1' })
    await call('run_python', { code: 'a' })
    expect(sandboxes.map((sandbox) => sandbox.ran)).toEqual([['a = 1', 'a']])
  })

  it('D14: brings saved pictures, and tells of what only calls itself one', async () => {
    const { call, session } = bench({
      play: () => ({
        artifacts: [
          { path: 'a.png', bytes: 100 },
          { path: 'fake.png', bytes: 100 },
          { path: 'rows.csv', bytes: 100 },
        ],
      }),
    })
    const sandbox = await session.sandbox(live)
    const rows = Buffer.from('name\nä\n').toString('base64')
    sandbox.uploaded
      .set('a.png', png)
      .set('fake.png', Buffer.from('name,email').toString('base64'))
      .set('rows.csv', rows)
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.artifacts.map((artifact) => artifact.content)).toEqual([png, rows])
    expect(outcome.forModel).toContain(
      'files made, given to the user unless said otherwise: /mnt/data/a.png (100 bytes), /mnt/data/fake.png (100 bytes), /mnt/data/rows.csv (100 bytes)',
    )
    expect(outcome.forModel).toContain('The file fake.png is not shown: it is no such picture.')
    expect(outcome.summary).toContain('The file fake.png is not shown')
  })

  it('W11: brings the files that code made, by their paths and true kinds, and tells of those that are missing', async () => {
    const paths = ['clean.csv', 'out/report.xlsx', 'latin.csv', 'nul.txt']
    const { call, session } = bench({
      play: () => ({
        artifacts: [...paths, 'grew.bin']
          .map((path) => ({ path, bytes: 100 }))
          .concat({ path: 'big.bin', bytes: 2 ** 24 + 1 }),
        truncated: ['artifacts'],
        unlistedFiles: 2,
      }),
    })
    const sandbox = await session.sandbox(live)
    const content = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')
    sandbox.uploaded
      .set('clean.csv', content('a\n1\n'))
      .set('out/report.xlsx', content('PK'))
      .set('latin.csv', content(Buffer.from([0xe4, 0x0a])))
      .set('nul.txt', content('a\0b'))
      .set('grew.bin', content(Buffer.alloc(2 ** 24 + 1)))
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.artifacts.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['clean.csv', 'text/csv'],
      ['out/report.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      ['latin.csv', 'application/octet-stream'],
      ['nul.txt', 'application/octet-stream'],
    ])
    expect(outcome.forModel).toContain('The file grew.bin is not given to the user: it grew while it was read.')
    expect(outcome.forModel).toContain('The file big.bin is not given to the user: it has 16,777,217 bytes')
    expect(outcome.forModel).toContain('More files were made than are listed.')
    expect(outcome.forModel).toContain('2 entries below /mnt/data are not given to the user')
  })

  it('D14: brings every one of twelve figures, numbered, and names them to the model', async () => {
    const { call } = bench({ play: () => ({ results: Array.from({ length: 12 }, () => ({ isMain: false, png })) }) })
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    const names = Array.from({ length: 12 }, (_, index) => `chart_${index + 1}.png`)
    expect(outcome.artifacts.map(({ name }) => name)).toEqual(names)
    for (const name of names) expect(outcome.forModel).toContain(`figure: shown to the user as ${name}`)
    expect(outcome.summary).toContain('12 figures')
  })

  it('D14: brings a saved picture beside a shown one, but not the shown one again', async () => {
    const { call, session } = bench({
      play: () => ({
        results: [{ isMain: false, png, files: ['shown.png'] }],
        artifacts: [
          { path: 'closed.png', bytes: 100 },
          { path: 'shown.png', bytes: 100 },
        ],
      }),
    })
    const sandbox = await session.sandbox(live)
    sandbox.uploaded.set('closed.png', png).set('shown.png', png)
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.artifacts.map(({ name }) => name)).toEqual(['chart_1.png', 'chart_2.png'])
  })

  it('D14: tells model and person of pictures that are too large, too many, or gone', async () => {
    const many = Array.from({ length: 52 }, (_, index) => ({ path: `p${index}.png`, bytes: 100 }))
    const large = { path: 'noise.png', bytes: 17 * 1024 * 1024 }
    const { call, session } = bench({ play: () => ({ artifacts: [large, ...many] }) })
    const sandbox = await session.sandbox(live)
    for (const { path } of many) sandbox.uploaded.set(path, png)
    const outcome = resultOf(await call('run_python', { code: 'x' }))
    expect(outcome.artifacts).toHaveLength(50)
    expect(outcome.forModel).toContain(
      'The picture noise.png is not shown: it has 17,825,792 bytes and a picture may have 16,777,216.',
    )
    expect(outcome.forModel).toContain('The picture p51.png is not shown: a run may bring 50 saved pictures.')
    expect(outcome.summary).toMatch(/The picture noise\.png is not shown: .* \(and 2 more\)$/)
    const lost = bench({ play: () => ({ sessionAlive: false, artifacts: [{ path: 'a.png', bytes: 100 }] }) })
    expect(resultOf(await lost.call('run_python', { code: 'x' })).forModel).toContain(
      'The picture a.png is not shown: it is gone with the sandbox.',
    )
  })

  it('claims no sandbox for code the validator refused', async () => {
    const { call, sandboxes } = bench()
    expect((await call('run_python', { code: 'FORBIDDEN' })).kind).toBe('refused')
    expect(sandboxes).toHaveLength(0)
  })
})

describe('run_python while its call is being written', () => {
  const file = (text: string) => ({
    path: 'a.txt',
    bytes: text.length,
    kind: 'attached' as const,
    description: '',
    open: async function* () {
      yield Buffer.from(text)
    },
  })
  const python = ({ tools }: Bench) => tools.find(({ name }) => name === 'run_python')

  it('claims the sandbox and puts the files there, once, and the call finds it', async () => {
    verifies('analyst.claimed-ahead')
    const made = bench()
    await made.session.addFile(file('words'), live)
    for (const _ of [1, 2]) python(made)?.ahead?.(live)
    await expect.poll(() => made.sandboxes.map(({ uploaded }) => [...uploaded])).toEqual([[['a.txt', 'words']]])
    expect(made.sandboxes[0]?.ran).toEqual([])
    await made.call('run_python', { code: '1' })
    expect(made.sandboxes.map(({ ran }) => ran)).toEqual([['1']])
  })

  it('has the fault of the claim that it waits for, and tries again where that was over before it came', async () => {
    const claims: PromiseWithResolvers<void>[] = []
    const onClaim = (): Promise<void> => {
      const claim = Promise.withResolvers<void>()
      claims.push(claim)
      return claim.promise
    }
    const made = bench({ onClaim })
    const busy = new ServiceError('sandbox-busy', 'No sandbox became free.')
    python(made)?.ahead?.(live)
    const call = made.call('run_python', { code: '1' })
    await expect.poll(() => claims.length).toBe(1)
    claims[0]?.reject(busy)
    await expect(call).rejects.toBe(busy)
    python(made)?.ahead?.(live)
    await expect.poll(() => claims.length).toBe(2)
    claims[1]?.reject(busy)
    await nextTurn()
    const again = made.call('run_python', { code: '2' })
    await expect.poll(() => claims.length).toBe(3)
    claims[2]?.resolve()
    expect((await again).kind).toBe('result')
  })

  it('claims nothing where no time of sandboxes is left', async () => {
    const made = bench({ time: new SandboxTime(0, () => undefined) })
    python(made)?.ahead?.(live)
    await nextTurn()
    expect(made.sandboxes).toEqual([])
  })
})

describe('programs of a run whose caller has little time of sandboxes left', () => {
  it('are refused where none is left, before anybody is asked and anything is claimed', async () => {
    verifies('quotas.sandbox-time')
    const used: number[] = []
    const time = new SandboxTime(20, (milliseconds) => used.push(milliseconds))
    const asked: string[] = []
    const permit: Permit = async ({ text }) => {
      asked.push(text)
      return null
    }
    const { call, sandboxes, isolates } = bench({ time, permit })
    for (const code of ['1', '2']) expect((await call('run_python', { code })).kind).toBe('result')
    expect(used).toEqual([12, 24])
    for (const tool of ['run_python', 'run_javascript'] as const) {
      expect(await call(tool, { code: '3' })).toMatchObject({
        kind: 'refused',
        findings: [{ rule: 'quota/sandbox-time', message: expect.stringContaining('sandbox_ms') }],
      })
    }
    expect([asked, sandboxes.map(({ ran }) => ran), isolates]).toEqual([['1', '2'], [['1', '2']], []])
  })
})

describe('run_javascript', () => {
  it('runs each job in an isolate of its own and destroys it', async () => {
    const { call, isolates } = bench({ play: () => ({ results: [{ isMain: true, json: { a: 1 } }] }) })
    const outcome = resultOf(await call('run_javascript', { code: '({a: 1})' }))
    await call('run_javascript', { code: '2' })
    expect(outcome.forModel).toBe('The code finished after 12 ms.\nvalue:\n{"a":1}')
    expect(outcome.ranIn).toBe('isolate')
    expect(isolates.map((isolate) => [isolate.ran, isolate.disposed])).toEqual([
      [['({a: 1})'], 1],
      [['2'], 1],
    ])
  })
})
