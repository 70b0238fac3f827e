import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sallyport } from '../../../../src/service/sallyport.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { SourceDescription, StatementAnswer, StatementExplanation } from '../../../../src/core/statement.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sql-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const sql = (words: readonly string[], sallyport: Sallyport, input?: string) =>
  runCommand(['sql', ...words], { sallyport, workingDirectory: folder, ...(input === undefined ? {} : { input }) })

const facts = {
  relations: ['public.orders'],
  columns: ['public.orders.id', 'public.orders.total'],
  functions: ['pg_catalog.sum(numeric)'],
  canonical: 'SELECT id FROM public.orders LIMIT 11',
  masks: [{ position: 0, relation: 'public.orders', column: 'id', how: 'hash' }],
  rowLimit: 10,
}

function explanation(changes: object = {}): StatementExplanation {
  return { kind: 'accepted', value: { ...facts, estimate: { cost: 194.21, rows: 10_001 }, ...changes } }
}

describe('sql explain', () => {
  it('shows what the gate resolved and what the planner expects', async () => {
    const fake = createFakeSallyport({ explanation: explanation() })
    const { exitCode, stdout } = await sql(['explain', 'SELECT id FROM orders'], fake.sallyport)
    expect(exitCode).toBe(0)
    expect(stdout).toBe(
      [
        'allowed',
        'SELECT id FROM public.orders LIMIT 11',
        'relations: public.orders',
        'columns: public.orders.id, public.orders.total',
        'functions: pg_catalog.sum(numeric)',
        'masked: public.orders.id (column 1): hash',
        'row limit: 10',
        'planner: about 10,001 rows at a cost of 194.21',
        '',
      ].join('\n'),
    )
    expect(fake.statements).toEqual(['SELECT id FROM orders'])
  })

  it('gives the same as JSON', async () => {
    const fake = createFakeSallyport({ explanation: explanation() })
    const { stdout } = await sql(['explain', 'SELECT 1', '--output', 'json'], fake.sallyport)
    expect(JSON.parse(stdout)).toEqual({
      verdict: 'allow',
      findings: [],
      relations: facts.relations,
      columns: facts.columns,
      functions: facts.functions,
      canonical: facts.canonical,
      masks: facts.masks,
      row_limit: 10,
      estimate: { cost: 194.21, rows: 10_001 },
    })
  })

  it('says so where the source cannot estimate, and shows no text that policy hides', async () => {
    const fake = createFakeSallyport({ explanation: explanation({ estimate: null, canonical: null }) })
    const { stdout } = await sql(['explain', 'SELECT 1'], fake.sallyport)
    expect(stdout).toContain('planner: the source cannot tell')
    expect(stdout).not.toContain('SELECT')
  })

  it('shows the findings of a refusal and exits with 3', async () => {
    const findings = [{ rule: 'sql/x', line: 1, column: 8, message: 'No.\u001b[2J' }] as const
    const fake = createFakeSallyport({ explanation: { kind: 'refused', findings } })
    const { exitCode, stdout, stderr } = await sql(['explain', 'SELECT pg_sleep(9)'], fake.sallyport)
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toContain('line 1, column 8: No.')
    expect(stderr).not.toContain('\u001b')
  })
})

const description: SourceDescription = {
  source: 'shop',
  kind: 'pglite',
  group: 'default',
  rowLimit: 10_000,
  minimumGroupSize: 5,
  functions: ['public.distance(numeric, numeric)'],
  relations: [
    {
      name: 'public.staff',
      kind: 'table',
      comment: 'Who works here\u001b]0;x\u0007\nDROP',
      estimatedRows: 1_200,
      entityKey: 'id',
      columns: [
        { name: 'id', type: 'integer', nullable: false, comment: null, use: 'allow', mask: null },
        { name: 'email', type: 'text', nullable: true, comment: 'Personal data', use: 'mask', mask: 'partial' },
        { name: 'salary', type: 'numeric', nullable: true, comment: null, use: 'aggregate-only', mask: null },
      ],
    },
  ],
}

describe('sql describe', () => {
  it('lists what a group may see and what it may do with each column', async () => {
    const fake = createFakeSallyport({ description })
    const { exitCode, stdout } = await sql(['describe', '--group', 'default', '--source', 'shop'], fake.sallyport)
    expect(exitCode).toBe(0)
    expect(fake.requests).toEqual([{ source: 'shop', group: 'default' }])
    expect(stdout).toContain('shop (pglite), as the group "default" may see it: 1 relations, 10,000 rows an answer.')
    expect(stdout).toContain('table public.staff, about 1,200 rows, members counted by id')
    expect(stdout).toContain('  id      integer not null\n')
    expect(stdout).toContain('  email   text  [masked: partial]  -- Personal data\n')
    expect(stdout).toContain('  salary  numeric  [aggregate only]')
    expect(stdout).toContain('at least 5 members')
    expect(stdout).toContain('public.distance(numeric, numeric)')
  })

  it('keeps what a comment could do to a terminal out of the list', async () => {
    const { stdout } = await sql(['describe'], createFakeSallyport({ description }).sallyport)
    for (const hostile of ['\u001b', '\u0007', '\nDROP']) expect(stdout).not.toContain(hostile)
  })

  it('gives the same as JSON', async () => {
    const { stdout } = await sql(['describe', '--output', 'json'], createFakeSallyport({ description }).sallyport)
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'shop',
      group: 'default',
      row_limit: 10_000,
      relations: [{ name: 'public.staff', entity_key: 'id', columns: [{ use: 'allow' }, { use: 'mask' }, {}] }],
    })
  })
})

describe('sql grant-script', () => {
  it('prints nothing but SQL on standard output; what to know goes to standard error', async () => {
    verifies('sql.grant-script')
    const fake = createFakeSallyport({ grantScript: { script: 'BEGIN;\nCOMMIT;\n', notes: ['Not asked.'] } })
    const { exitCode, stdout, stderr } = await sql(['grant-script', '--role', 'reader'], fake.sallyport)
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'BEGIN;\nCOMMIT;\n', stderr: 'Not asked.\n' })
    expect(fake.requests).toEqual([{ source: null, role: 'reader' }])
  })

  it('is one document with --output json, with what to know', async () => {
    const fake = createFakeSallyport({ grantScript: { script: 'BEGIN;\nCOMMIT;\n', notes: ['Not asked.'] } })
    const { stdout, stderr } = await sql(['grant-script', '--output', 'json'], fake.sallyport)
    expect(JSON.parse(stdout)).toEqual({ script: 'BEGIN;\nCOMMIT;\n', notes: ['Not asked.'] })
    expect(stderr).toBe('')
  })

  it('prints no half of a script when it cannot be made', async () => {
    const fault = new ServiceError('invalid-config', 'sources.a.policies.b: relation "x" does not exist')
    const { exitCode, stdout, stderr } = await sql(['grant-script'], createFakeSallyport({ fault }).sallyport)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('relation "x" does not exist')
  })
})

describe('sql', () => {
  const answer = (result: object, canonical: string | null = null): StatementAnswer => ({
    kind: 'result',
    source: 'warehouse',
    ranIn: 'warehouse (postgresql)',
    canonical,
    result: {
      columns: [{ name: 'n', type: 'integer' }],
      rows: [[1]],
      truncated: null,
      asOf: new Date('2026-01-02T03:04:05Z'),
      lagMilliseconds: null,
      lagEstimated: false,
      milliseconds: 7,
      ...result,
    },
  })

  it.each([
    [{}, '1 row, 7 ms, warehouse (postgresql)\n'],
    [
      { lagMilliseconds: 250 },
      '1 row, 7 ms, warehouse (postgresql); as of 2026-01-02T03:04:05.000Z, 250 ms behind its primary\n',
    ],
    [
      { lagMilliseconds: 250, lagEstimated: true },
      '1 row, 7 ms, warehouse (postgresql); as of 2026-01-02T03:04:05.000Z, 250 ms behind its primary by estimate\n',
    ],
  ])('tells the age of the data where it is known: %j', async (result, said) => {
    const { stderr } = await sql(['SELECT 1'], createFakeSallyport({ sql: answer(result) }).sallyport)
    expect(stderr).toBe(said)
  })

  it('shows the text that ran where policy always does, beside the rows', async () => {
    const fake = createFakeSallyport({ sql: answer({}, 'SELECT 1 LIMIT 11') })
    const { stdout, stderr } = await sql(['SELECT 1', '--output', 'csv'], fake.sallyport)
    expect(stdout).toBe('n\n1\n')
    expect(stderr).toContain('ran: SELECT 1 LIMIT 11\n')
  })
})

describe('sql check --jsonl', () => {
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; verdict: string; findings: { rule: string }[] })

  it('answers every line, also those that are none, and ends with 2', async () => {
    const input = ['{"id":1,"sql":"SELECT 1"}', 'nonsense', '{"id":"b"}', '[]', '{"id":2,"sql":"DROP"}', ''].join('\n')
    const { exitCode, stdout } = await sql(['check', '--jsonl'], createFakeSallyport({}).sallyport, input)
    expect(exitCode).toBe(2)
    const answers = lines(stdout).map(({ id, verdict, findings }) => [id, verdict, findings[0]?.rule])
    expect(answers).toHaveLength(5)
    expect(answers).toEqual(
      expect.arrayContaining([
        [1, 'allow', undefined],
        ['b', 'refuse', 'sql/not-a-request'],
        [2, 'refuse', 'sql/not-select'],
      ]),
    )
  })

  it('refuses a line whose check failed, and goes on with the others', async () => {
    const fake = createFakeSallyport({})
    let checks = 0
    const sallyport: Sallyport = {
      ...fake.sallyport,
      openSqlChecker: async (source, signal) => {
        const checker = await fake.sallyport.openSqlChecker(source, signal)
        return {
          check: async (statement, inner) => {
            checks += 1
            if (checks === 1) throw new ServiceError('database-unavailable', 'the replica is down')
            return checker.check(statement, inner)
          },
          [Symbol.asyncDispose]: () => checker[Symbol.asyncDispose](),
        }
      },
    }
    const input = '{"id":1,"sql":"SELECT 1"}\n{"id":2,"sql":"SELECT 2"}\n'
    const { exitCode, stdout } = await sql(['check', '--jsonl', '--concurrency', '1'], sallyport, input)
    expect(exitCode).toBe(1)
    expect(lines(stdout)).toMatchObject([
      { id: 1, verdict: 'refuse', findings: [{ rule: 'sql/not-checked' }] },
      { id: 2, verdict: 'allow' },
    ])
  })
})

describe('config check --sources', () => {
  const proof = { name: 'warehouse', kind: 'postgresql', role: 'reader', inRecovery: true, excess: [], groups: ['a'] }
  const check = (sallyport: Sallyport, words: readonly string[] = ['--sources']) =>
    runCommand(['config', 'check', ...words], { sallyport, workingDirectory: folder })

  it('says what was proven of each source', async () => {
    verifies('config.check-sources')
    const { exitCode, stdout } = await check(createFakeSallyport({ sources: [proof] }).sallyport)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('warehouse: postgresql, role reader, a standby, policies of a fit\n')
    expect(stdout).toContain('The configuration is valid')
  })

  it('is one document with --output json, with the sources where they were asked', async () => {
    const { sallyport } = createFakeSallyport({ sources: [proof] })
    const { inRecovery, ...facts } = proof
    expect(JSON.parse((await check(sallyport, ['--sources', '--output', 'json'])).stdout)).toEqual({
      valid: true,
      files: [],
      sources: [{ ...facts, in_recovery: inRecovery }],
    })
    expect(JSON.parse((await check(sallyport, ['--output', 'json'])).stdout)).toEqual({ valid: true, files: [] })
  })

  it('says what the role can do beyond reading where that is accepted', async () => {
    const excess = ['can write to public.orders']
    const { stdout } = await check(createFakeSallyport({ sources: [{ ...proof, excess }] }).sallyport)
    expect(stdout).toContain('accepted although the role can write to public.orders')
  })

  it('ends with 2 and names what is wrong, without saying that anything is valid', async () => {
    writeFileSync(join(folder, 'sallyport.yaml'), 'cli:\n  output: json\n')
    const fault = new ServiceError('invalid-config', 'sources.a: the role "x" may SET ROLE y\nsources.b: no such table')
    const { exitCode, stdout, stderr } = await check(createFakeSallyport({ fault }).sallyport)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('may SET ROLE y')
    expect(stderr).toContain('sources.b: no such table')
  })

  it('asks no source without the option', async () => {
    verifies('config.check-sources')
    const fault = new ServiceError('internal', 'it was asked')
    expect((await check(createFakeSallyport({ fault }).sallyport, [])).exitCode).toBe(0)
  })
})

describe('a fault', () => {
  const fault = new ServiceError('model-unavailable', 'Nothing listens at 127.0.0.1:9.')
  const { sallyport, openers } = createFakeSallyport({ fault })
  const run = (...words: string[]) => runCommand(words, { sallyport, openers, workingDirectory: folder })

  it.each([
    ['ask', ['ask', 'x', '--output', 'json']],
    ['sql', ['sql', 'SELECT 1', '--output', 'json']],
    ['sql explain', ['sql', 'explain', 'SELECT 1', '--output', 'json']],
    ['sql describe', ['sql', 'describe', '--output', 'json']],
    ['audit verify', ['audit', 'verify', '--output', 'json']],
    ['keys list', ['keys', 'list', '--output', 'json']],
    ['keys rotate', ['keys', 'rotate', 'k1', '--output', 'json']],
    ['sql grant-script', ['sql', 'grant-script', '--output', 'json']],
    ['config check', ['config', 'check', '--sources', '--output', 'json']],
  ])('of %s is the one document on standard output, with what to do on standard error', async (_name, words) => {
    verifies('cli.fault-as-json')
    const { exitCode, stdout, stderr } = await run(...words)
    expect(exitCode).toBe(7)
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'model-unavailable',
        title: 'The model does not answer',
        message: fault.message,
        advice: fault.advice,
      },
    })
    expect(stderr).toContain(fault.advice)
  })

  it('is the last line of a stream, and no line of a table', async () => {
    const { stdout } = await run('ask', 'x', '--output', 'stream-json')
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'error',
      error: { code: 'model-unavailable' },
    })
    expect((await run('sql', 'SELECT 1', '--output', 'csv')).stdout).toBe('')
  })
})

describe('what is wrong with a file of --data', () => {
  it('is a fault of the file and ends with 2, whichever command met it', async () => {
    writeFileSync(join(folder, 'x.csv'), 'a\n1\n')
    const message = 'The file of the table "x" cannot be read as csv: line 2 has 3 values, the first line 2.'
    const { sallyport } = createFakeSallyport({
      fault: new ServiceError('database-unavailable', message, { parameter: 'x' }),
    })
    for (const words of [
      ['sql', 'SELECT 1'],
      ['sql', 'explain', 'SELECT 1'],
      ['sql', 'describe'],
    ]) {
      const { exitCode, stderr } = await runCommand([...words, '--data', join(folder, 'x.csv')], {
        sallyport,
        workingDirectory: folder,
      })
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining(`The file cannot be used: ${message}`),
      })
    }
    expect((await runCommand(['sql', 'SELECT 1'], { sallyport, workingDirectory: folder })).exitCode).toBe(1)
  })

  it('is said of a name that is none', async () => {
    const { exitCode, stderr } = await runCommand(['sql', 'SELECT 1', '--data', ''], { workingDirectory: folder })
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--data: it names no file') })
  })
})
