import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import nodeSqlParser from 'node-sql-parser'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../../src/validators/sql/postgresql/gate.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { readSpiderSchemas, withSingleQuotes } from '../support/sql/sql-corpora.ts'
import { openGate } from '../support/sql/sql-gate.ts'
import { tpcSchemas } from '../support/sql/tpc-schemas.ts'
import { figure, report, timed } from './figures.ts'

interface Statement {
  readonly schema: string
  readonly sql: string
}

const never = new AbortController().signal
const megabyte = 1024 * 1024

/** Spider's and TPC's statements, each once. */
function readStatements(folder: string): Statement[] {
  const rows = readFileSync(join(folder, 'spider-dev.jsonl'), 'utf8').trim().split('\n')
  const spider = rows.map((row) => {
    const { db, sql } = JSON.parse(row) as { db: string; sql: string }
    return { schema: db, sql: withSingleQuotes(sql) }
  })
  const tpc = Object.keys(tpcSchemas).flatMap((schema) =>
    readdirSync(join(folder, schema)).map((file) => ({
      schema,
      sql: readFileSync(join(folder, schema, file), 'utf8'),
    })),
  )
  return [...new Map([...spider, ...tpc].map((statement) => [statement.sql, statement])).values()]
}

/** The gate over every statement as new, again as known, 200 at once; against another parser and the planner. */
export async function benchSql(): Promise<void> {
  const folder = corpus('sql')
  if (folder === null) return
  const schemas = new Map([...readSpiderSchemas(join(folder, 'spider-tables.json')), ...Object.entries(tpcSchemas)])
  const scripts = [...schemas].map(([name, { ddl }]) => `CREATE SCHEMA "${name}"; SET search_path = "${name}"; ${ddl}`)
  const ddl = `${scripts.join('\n')} SET search_path = public;`
  const statements = readStatements(folder)
  await using opened = await openGate(ddl, { relations: {} })
  const gates = new Map(
    [...schemas].map(([name, { tables }]): [string, SqlGate] => {
      const relations = Object.fromEntries(tables.map((table) => [table, '*']))
      const policy = bindPolicy(sqlPolicyOptions.parse({ search_path: [name], relations }), opened.catalog)
      const { catalog, shadow, process } = opened
      return [name, createPostgresqlGate({ source: name, catalog, shadow, process, policy })]
    }),
  )
  const validate = ({ schema, sql }: Statement): Promise<unknown> =>
    gates.get(schema)?.validate(sql, never) ?? Promise.reject(new Error(`no gate for ${schema}`))
  for (const schema of schemas.keys()) await validate({ schema, sql: 'SELECT 1' })

  const explain = await explainTimes(ddl, statements)
  const gate = await timed(statements.length, (index) => validate(statements[index] as Statement))
  const cached = await timed(statements.length, (index) => validate(statements[index] as Statement))
  // Each with another literal in a comparison: its canonical text is known but for the literal.
  const shaped = await timed(500, (index) =>
    validate({ schema: 'tpch', sql: `SELECT o_orderkey FROM orders WHERE o_totalprice > ${index} LIMIT 10` }),
  )
  // Each has another LIMIT: the statement is parsed again, while its shape was resolved before.
  const parsed = await timed(500, (index) =>
    validate({ schema: 'tpch', sql: `SELECT o_orderkey FROM orders WHERE o_totalprice > 5 LIMIT ${index}` }),
  )
  const parser = new nodeSqlParser.Parser()
  const astify = await timed(statements.length, async (index) => {
    try {
      parser.astify(statements[index]?.sql ?? '', { database: 'postgresql' })
    } catch {
      // What it cannot parse took its time too.
    }
  })
  const together = await timed(5, (round) =>
    Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        validate({
          schema: 'tpch',
          sql: `SELECT c_name AS n${round}_${index} FROM customer WHERE c_custkey = ${index}`,
        }),
      ),
    ),
  )
  report('sql', {
    gate: figure(gate, { reference: { name: 'explain', samples: explain } }),
    gate_cached: figure(cached, { reference: { name: 'astify', samples: astify } }),
    gate_shape_cached: figure(shaped, { reference: { name: 'astify', samples: astify } }),
    gate_shape_parsed: figure(parsed, { reference: { name: 'astify', samples: astify } }),
    astify: figure(astify),
    explain: figure(explain),
    gate_200_concurrent: figure(together),
    gate_memory: figure([opened.process.residentBytes], { unit: 'bytes' }),
  })
  console.error(`gate process: ${Math.round(opened.process.residentBytes / megabyte)} MB resident`)
}

/** EXPLAIN of what the planner takes, in an embedded server in this process. */
async function explainTimes(ddl: string, statements: readonly Statement[]): Promise<number[]> {
  await using server = await PGlite.create()
  await server.exec(ddl)
  const times: number[] = []
  for (const { schema, sql } of statements) {
    await server.exec(`SET search_path = "${schema}"`)
    const began = performance.now()
    try {
      await server.query(`EXPLAIN ${sql.replace(/;\s*$/, '')}`)
      times.push(performance.now() - began)
    } catch {
      // SQLite's dialect: not a statement of this server.
    }
  }
  return times
}
