import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SandboxTime } from '../../src/sandbox/sandbox-time.ts'
import { runAgent } from '../../src/agent/run.ts'
import type { AgentEvent } from '../../src/core/events.ts'
import type { Vetted } from '../../src/core/vetted.ts'
import { Session } from '../../src/sessions/session.ts'
import { createTools } from '../../src/tools/registry.ts'
import { createFence } from '../../src/text/untrusted.ts'
import { createFakeModel } from '../support/fake-model.ts'
import { openGuardedDatabase, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { RecordingSandbox, stubValidator } from '../support/sandbox/recording-sandbox.ts'
import { verifies } from '../support/verifies.ts'

// Tables that differ in nothing but what policy withholds: values of a masked column, and whether there are any.
const tables = { with_cards: "'4111 1111 1111 ' || (1000 + n)", other_cards: "'x'", without_cards: 'NULL' } as const
const script = Object.entries(tables).map(
  ([name, card]) => `
  CREATE TABLE ${name} (id int PRIMARY KEY, city text, card text);
  INSERT INTO ${name} SELECT n, 'Wien', ${card} FROM generate_series(1, 30) n;`,
)
const relation = { columns: { card: { mask: 'null' } }, other_columns: 'allow' }
const relations = Object.fromEntries(Object.keys(tables).map((name) => [name, relation]))
const live = new AbortController().signal

describe('values that policy withholds', () => {
  let database: GuardedDatabase
  beforeAll(async () => {
    database = await openGuardedDatabase(script.join(''), { relations })
  })
  afterAll(() => database[Symbol.asyncDispose]())

  /** All that a caller and a model are told by a question over this table, but for times, with its name taken out. */
  async function toldOver(table: string): Promise<string> {
    const statements = new Map<string, string>()
    const session = new Session({ id: 's', tenant: 't', limits: {}, claim: async () => new RecordingSandbox() })
    const passed = await database.under({ relations })
    const tools = createTools({
      permit: async () => null,
      granted: ['run_sql', 'run_python'],
      session,
      mayChange: () => false,
      time: new SandboxTime(Number.POSITIVE_INFINITY, () => undefined),
      source: {
        database: {
          source: 'test',
          kind: 'postgresql',
          catalog: () => Promise.reject(new Error('not asked for here')),
          async query(statement) {
            const outcome = await passed.ask(statements.get(statement.text) ?? '')
            if (outcome.kind !== 'rows') throw new Error(JSON.stringify(outcome))
            return { ...outcome.result, asOf: new Date('2026-11-29T22:00:00Z'), milliseconds: 1 }
          },
        },
        validator: {
          language: 'sql',
          async validate(sql) {
            let vetted: Vetted<'sql'> | null = null
            const outcome = await passed.askOf(sql, async (statement) => {
              vetted = statement
              statements.set(statement.text, sql)
              return { kind: 'failed', code: 'cancelled', said: '' }
            })
            if (vetted !== null) return { kind: 'accepted', value: vetted }
            const message = JSON.stringify(outcome)
            return { kind: 'refused', findings: [{ rule: 'test/refused', line: 1, column: 1, message }] }
          },
        },
        visible: () => true,
        catalogOfGate: () => Promise.reject(new Error('not asked for here')),
      },
      python: { validator: stubValidator('python'), timeoutMilliseconds: 1_000 },
      javascript: {
        validator: stubValidator('javascript'),
        typescript: stubValidator('javascript'),
        timeoutMilliseconds: 1_000,
        claim: async () => new RecordingSandbox(),
      },
      queryLimits: { maximumRows: 10, maximumBytes: 1_000_000, timeoutMilliseconds: 10_000 },
      previewRows: 5,
    })
    const sql = [`SELECT id, card FROM ${table} ORDER BY id`, `SELECT city, count(*) FROM ${table} GROUP BY city`]
    const model = createFakeModel([
      { calls: sql.map((text) => ({ name: 'run_sql', arguments: { sql: text } })) },
      { text: 'Thirty.' },
    ])
    const events: AgentEvent[] = []
    const run = runAgent(
      {
        model,
        tools,
        fence: createFence(() => 'b0undary'),
        dataSource: 'test',
        files: [],
        revealSql: 'always',
        budget: { maximumSteps: 6, maximumTokens: 100_000, wallMilliseconds: 60_000, maximumCorrections: 2 },
        conversation: [{ role: 'user', content: 'How many cards?' }],
        maximumOutputTokens: 1_000,
        maximumResultCharacters: 4_000,
        now: () => 0,
      },
      live,
    )
    for await (const event of run) events.push(event)
    return JSON.stringify([events, model.requests]).replaceAll(table, 'cards')
  }

  it('change no byte of what a caller and a model are told: a remark on them is one on policy', async () => {
    verifies('agent.withheld')
    const [first, ...others] = await Promise.all(Object.keys(tables).map((table) => toldOver(table)))
    expect(first).toContain('Masked by policy, whatever they hold: `cards.card`.')
    expect(first).toContain('Data as of 2026-11-29 22:00:00 UTC.')
    expect(first).not.toContain('4111')
    for (const other of others) expect(other).toBe(first)
  })
})
