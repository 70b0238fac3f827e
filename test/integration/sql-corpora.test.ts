import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../../src/validators/sql/postgresql/gate.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { corpus } from '../support/corpora/corpora.ts'
import {
  hardenedPolicy,
  hardenedSchema,
  postgresqlRefuses,
  readHardened,
  readRegression,
  readSpiderSchemas,
  withSingleQuotes,
} from '../support/sql/sql-corpora.ts'
import { describeVerdict, openGate, type GateUnderTest } from '../support/sql/sql-gate.ts'
import { tpcSchemas } from '../support/sql/tpc-schemas.ts'

const folder = corpus('sql')

interface Case {
  readonly sql: string
  readonly expect: string
}

function lines<T>(name: string): T[] {
  const text = readFileSync(join(folder ?? '', name), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

async function wrong(gate: GateUnderTest, cases: readonly Case[]): Promise<string[]> {
  const found: string[] = []
  for (const { sql, expect } of cases) {
    const verdict = await gate.judge(sql)
    if ((verdict === 'allow') !== (expect === 'allow')) found.push(`${expect}: ${sql} → ${describeVerdict(verdict)}`)
  }
  return found
}

describe.skipIf(folder === null)('hostile corpora', () => {
  it('every statement of the attack corpus gets the verdict it should', async () => {
    const schema = readFileSync(join(folder ?? '', 'attacks-schema.sql'), 'utf8')
    const ddl = schema.split('\n').filter((line) => /^CREATE (TABLE|SEQUENCE|FUNCTION)/.test(line))
    await using gate = await openGate(ddl.join('\n'), { relations: { orders: '*' } })
    expect(await wrong(gate, lines<Case>('attacks.jsonl'))).toEqual([])
  })

  it('every statement of the hardened corpus gets the verdict it should', async () => {
    await using gate = await openGate(hardenedSchema, hardenedPolicy)
    expect(await wrong(gate, readHardened(join(folder ?? '', 'hardened')))).toEqual([])
  })
})

describe.skipIf(folder === null)('benign corpora, with everything allowed', () => {
  let everything: GateUnderTest
  const schemas = new Map([
    ...(folder === null ? [] : readSpiderSchemas(join(folder, 'spider-tables.json'))),
    ...Object.entries(tpcSchemas),
  ])

  beforeAll(async () => {
    const ddl = [...schemas].map(([name, { ddl }]) => `CREATE SCHEMA "${name}"; SET search_path = "${name}"; ${ddl}`)
    everything = await openGate(`${ddl.join('\n')} SET search_path = public;`, { relations: {} })
  })

  afterAll(() => everything[Symbol.asyncDispose]())

  function gateOver(name: string): SqlGate {
    const { catalog, shadow, process } = everything
    const relations = Object.fromEntries((schemas.get(name)?.tables ?? []).map((table) => [table, '*']))
    const policy = bindPolicy(sqlPolicyOptions.parse({ search_path: [name], relations }), catalog)
    return createPostgresqlGate({ source: name, catalog, shadow, process, policy })
  }

  /** Statements the gate refuses though PostgreSQL's parser and analyzer do not, and how many the latter refuse. */
  async function falseRefusals(name: string, statements: readonly string[]) {
    await using gate = gateOver(name)
    const refused: string[] = []
    let byPostgresql = 0
    for (const sql of statements) {
      const verdict = await gate.validate(sql, AbortSignal.timeout(120_000))
      if (verdict.kind === 'accepted') continue
      if (verdict.findings.every((finding) => postgresqlRefuses.has(finding.rule))) byPostgresql += 1
      else refused.push(`${sql} → ${describeVerdict(verdict.findings)}`)
    }
    return { refused, byPostgresql }
  }

  it.each(['tpch', 'tpcds'])('no query of %s is refused', async (name) => {
    const files = readdirSync(join(folder ?? '', name))
    const statements = files.map((file) => readFileSync(join(folder ?? '', name, file), 'utf8'))
    expect(await falseRefusals(name, statements)).toEqual({ refused: [], byPostgresql: 0 })
  })

  /** A fresh gate's verdict on a statement that another gate has seen with other literals, beside that gate's own. */
  async function exchanged(name: string, sql: string, literals: (literal: string) => string) {
    const [warm, cold] = [gateOver(name), gateOver(name)]
    const signal = AbortSignal.timeout(120_000)
    await warm.validate(sql, signal)
    const other = sql.replaceAll(/'[^']*'|(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g, literals)
    return { other, answered: await warm.validate(other, signal), judged: await cold.validate(other, signal) }
  }

  it('a statement gets the answer that it would get without an earlier one like it', async () => {
    const spider = lines<{ readonly db: string; readonly sql: string }>('spider-dev.jsonl').filter(({ sql }) =>
      /['"\d]/.test(sql),
    )
    const tpch = readdirSync(join(folder ?? '', 'tpch')).map((file) => ({
      db: 'tpch',
      sql: readFileSync(join(folder ?? '', 'tpch', file), 'utf8'),
    }))
    const differ: string[] = []
    let same = 0
    for (const { db, sql } of [...spider, ...tpch]) {
      const literal = (written: string) => (written.startsWith("'") ? `'${written.length}'` : `1${written}`.slice(0, 9))
      const { other, answered, judged } = await exchanged(db, withSingleQuotes(sql), literal)
      // A literal that does not fit its column's type is for the database to refuse where the shape is known.
      if (judged.kind === 'refused') {
        const isForPostgresql = judged.findings.every((finding) => postgresqlRefuses.has(finding.rule))
        if (answered.kind === 'accepted' && !isForPostgresql) differ.push(other)
      } else if (JSON.stringify(answered) === JSON.stringify(judged)) same += 1
      else differ.push(`${other}: ${JSON.stringify(answered)}`)
    }
    expect(differ).toEqual([])
    expect(same).toBeGreaterThan(150)
  })

  it('no query of Spider that PostgreSQL understands is refused', async () => {
    const rows = lines<{ readonly db: string; readonly sql: string }>('spider-dev.jsonl')
    const refused: string[] = []
    let byPostgresql = 0
    for (const db of new Set(rows.map((row) => row.db))) {
      const statements = rows.filter((row) => row.db === db).map((row) => withSingleQuotes(row.sql))
      const result = await falseRefusals(db, statements)
      refused.push(...result.refused)
      byPostgresql += result.byPostgresql
    }
    expect(refused).toEqual([])
    // Spider is written for SQLite: columns outside GROUP BY and comparisons of text with numbers are PostgreSQL's noes.
    expect(byPostgresql / rows.length).toBeLessThan(0.15)
  })
})

describe.skipIf(folder === null)("PostgreSQL's regression scripts and statements models wrote", () => {
  it('end in a verdict each, with the process of the gate alive and no statement that is not analyzed', async () => {
    await using gate = await openGate('CREATE TABLE tenk1 (unique1 int, ten int, four int, thousand int)', {
      relations: { tenk1: '*' },
    })
    const bird = lines<{ readonly sql: string }>('bird-postgres-predictions.jsonl').slice(0, 250)
    const regression = readRegression(join(folder ?? '', 'postgres-regress')).filter((_, index) => index % 16 === 0)
    const counts = new Map<string, number>()
    for (const { sql } of [...regression, ...bird]) {
      const verdict = await gate.judge(sql)
      const rule = verdict === 'allow' ? 'allow' : (verdict[0]?.rule ?? 'none')
      counts.set(rule, (counts.get(rule) ?? 0) + 1)
    }
    process.stderr.write(`verdicts: ${JSON.stringify(Object.fromEntries(counts))}\n`)
    expect(counts.get('allow')).toBeGreaterThan(100)
    expect(counts.get('sql/gate-hung') ?? 0).toBe(0)
    expect(counts.get('sql/gate-crashed') ?? 0).toBe(0)
    expect(counts.get('sql/not-resolved') ?? 0).toBe(0)
  })
})
