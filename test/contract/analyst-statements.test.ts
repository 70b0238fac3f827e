import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Validator } from '../../src/validators/validator.ts'
import { fileOf, FilesSource } from '../support/databases/files-source.ts'
import { openGuardedDatabase, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { examineShop } from '../support/sql/mysql-gate.ts'

/** What an analyst or a model writes on an ordinary day, and what comes of it. */
interface Row {
  readonly dialect: 'postgresql' | 'mysql' | 'duckdb'
  readonly sql: string
  /** The rule that refuses it; absent where it is answered. */
  readonly rule?: string
  /** Words of the reason. */
  readonly says?: string
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const rows = read('./analyst-statements.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)
const never = new AbortController().signal

/** Statements with another verdict, or another reason, than the table says. */
async function strays(
  dialect: Row['dialect'],
  ask: (sql: string) => Promise<{ readonly rule?: string; readonly said: string }>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const row of rows.filter((candidate) => candidate.dialect === dialect)) {
    const { rule, said } = await ask(row.sql)
    if (rule !== row.rule || !said.includes(row.says ?? '')) wrong.push(`${row.sql} → ${rule ?? 'allowed'}: ${said}`)
  }
  return wrong
}

describe('W12: ordinary statements', () => {
  it.each([
    ['postgresql', 200],
    ['mysql', 90],
    ['duckdb', 75],
  ] as const)('are many of %s', (dialect, least) => {
    expect(rows.filter((row) => row.dialect === dialect).length).toBeGreaterThanOrEqual(least)
  })

  it('of MySQL and MariaDB are translated, or refused with the true reason', async () => {
    const wrong = await strays('mysql', async (sql) => {
      const examined = examineShop(sql)
      return examined.kind === 'refused'
        ? { rule: examined.findings[0].rule, said: examined.findings.map(({ message }) => message).join('\n') }
        : { said: '' }
    })
    expect(wrong).toEqual([])
  })
})

describe('W12: ordinary statements of PostgreSQL', () => {
  let shop: GuardedDatabase

  beforeAll(async () => {
    shop = await openGuardedDatabase(read('./analyst-schema.sql'), {
      minimum_group_size: 5,
      functions: ['public.total_of(numeric)', 'public.net(numeric)', 'public.lines_of(integer)'],
      relations: {
        customers: { columns: { email: { mask: 'partial' }, phone: 'deny' }, other_columns: 'allow' },
        staff: { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' },
        ...Object.fromEntries(
          'orders,lines,events,bookings,parts,Größen,Mixed Case,docs,later,earlier'
            .split(',')
            .map((name) => [name, '*']),
        ),
      },
    })
  })
  afterAll(() => shop?.[Symbol.asyncDispose]())

  it('are answered, or refused with the true reason', async () => {
    const wrong = await strays('postgresql', async (sql) => {
      const outcome = await shop.ask(sql)
      if (outcome.kind === 'rows') return { said: '' }
      return { rule: (outcome.kind === 'refused' ? outcome.rules[0] : outcome.code) ?? '', said: outcome.said }
    })
    expect(wrong).toEqual([])
  })

  it('D12: are answered with the time zone of the source', async () => {
    const outcome = await shop.ask('SELECT current_date')
    expect(outcome.kind === 'rows' ? outcome.result.dates : outcome.said).toEqual({ timeZone: 'UTC', dateOrder: null })
  })

  it('mean with a bit string of no length what PostgreSQL means', async () => {
    const outcome = await shop.ask(
      "SELECT bit '101', X'1F', '101'::bit, '101'::bit varying, '101'::bit(2), bit varying '1'",
    )
    expect(outcome.kind === 'rows' ? outcome.result.rows : outcome.said).toEqual([
      ['101', '00011111', '1', '101', '10', '1'],
    ])
  })
})

describe('W12: ordinary statements over files', () => {
  const limits = { maximumRows: 1_000, maximumBytes: 1_000_000, timeoutMilliseconds: 20_000 }
  let source: FilesSource
  let gate: Validator<'sql'>

  beforeAll(async () => {
    const [head, ...lines] = [
      'id,total,city,day',
      '1,10.5,Oslo,2024-01-02',
      '2,20,Paris,2024-02-03',
      '3,5,Oslo,2024-02-04',
    ]
    source = new FilesSource({
      orders: fileOf('orders.csv', [head, ...lines, ''].join('\n')),
      people: fileOf('people.csv', 'id,name,ssn\n1,Ann,111\n2,Bob,222\n'),
    })
    gate = await source.gate({ orders: '*', people: ['id', 'name'] })
  })
  afterAll(() => source?.[Symbol.asyncDispose]())

  it('are answered, or refused with the true reason', async () => {
    const wrong = await strays('duckdb', async (sql) => {
      const verdict = await gate.validate(sql, never)
      if (verdict.kind === 'refused')
        return {
          rule: verdict.findings[0].rule,
          said: verdict.findings.map(({ message }) => message).join('\n'),
        }
      await source.database.query(verdict.value, limits, never)
      return { said: '' }
    })
    expect(wrong).toEqual([])
  })

  it('D12: are answered, and the files described, with the time zone that days are in', async () => {
    const dates = { timeZone: 'UTC', dateOrder: null }
    const verdict = await gate.validate("SELECT date_trunc('day', now())", never)
    if (verdict.kind === 'refused') throw new Error(verdict.findings[0].message)
    expect((await source.database.query(verdict.value, limits, never)).dates).toEqual(dates)
    expect((await source.database.catalog(never)).dates).toEqual(dates)
  })
})
