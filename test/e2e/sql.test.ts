import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OpenedOnce } from '../support/cli/opened-once.ts'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { cleanEnvironment, sallyport, serve, type Served } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function configured(text: string): string {
  const file = join(temporaryFolder('sallyport-e2e-sql-'), 'config.yaml')
  writeFileSync(file, text)
  return file
}

const guarded = `
gateway:
  groups:
    operator: { reveal_sql: always }
    default: { reveal_sql: never }
sources:
  shop:
    database: { kind: sample }
    policies:
      operator:
        relations: { customers: { columns: { email: { mask: partial }, phone: deny }, other_columns: allow }, orders: '*' }
      default:
        relations: { orders: [id, status] }
        row_limit: 3
`

describe('sql at the command line, on the sample shop', () => {
  const opened = new OpenedOnce()
  afterAll(() => opened[Symbol.asyncDispose]())
  const environment = cleanEnvironment({ SALLYPORT_CONFIG: configured(guarded) })
  const command = (...words: readonly string[]) => sallyportHere(words, { environment, open: opened.open })

  it('explains a statement: what it touches, what is masked, what the planner expects', async () => {
    verifies('sql.explain')
    const words = ['sql', 'explain', 'SELECT email, city FROM customers', '--output', 'json']
    const { code, stdout } = await command(...words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'allow',
      relations: ['public.customers'],
      columns: ['public.customers.city', 'public.customers.email'],
      masks: [{ position: 0, relation: 'public.customers', column: 'email', how: 'partial' }],
      estimate: { cost: expect.any(Number) as number, rows: expect.any(Number) as number },
    })
  })

  it('describes what each group may see, and nothing that is denied', async () => {
    verifies('sql.describe')
    const own = await command('sql', 'describe')
    expect(own.stdout).toMatch(/email +text not null {2}\[masked: partial\]/)
    expect(own.stdout).not.toMatch(/^ +phone|order_lines|salaries/m)
    const other = await command('sql', 'describe', '--group', 'default', '--output', 'json')
    const { relations } = JSON.parse(other.stdout) as { relations: { name: string; columns: { name: string }[] }[] }
    expect(relations.map(({ name }) => name)).toEqual(['public.orders'])
    expect(relations[0]?.columns.map(({ name }) => name)).toEqual(['id', 'status'])
  })

  it('shows the text that ran where policy always does, and masks by column', async () => {
    const words = ['sql', 'SELECT email FROM customers ORDER BY id LIMIT 1', '--output', 'json']
    const { code, stdout } = await command(...words)
    expect(code).toBe(0)
    const { rows, canonical } = JSON.parse(stdout) as { rows: string[][]; canonical: string }
    expect(rows[0]?.[0]).toMatch(/^•••.{4}$/)
    expect(canonical).toContain('FROM public.customers')
  })

  it.each([
    ['a write', 'DELETE FROM orders', 'sql/'],
    ['two statements', 'SELECT 1; SELECT 2', 'sql/'],
    ['a table that is not allowed', 'SELECT * FROM staff_salaries', 'sql/relation-not-allowed'],
    ['a denied column', 'SELECT phone FROM customers', 'sql/'],
    ['EXPLAIN by the back door', 'EXPLAIN ANALYZE SELECT 1', 'sql/'],
  ])('refuses to explain %s, with the rule, and exits with 3', async (_claim, statement, rule) => {
    const { code, stdout, stderr } = await command('sql', 'explain', statement)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(`[${rule}`)
  })

  it.each([
    ['there is no such source', ['sql', 'describe', '--source', 'nowhere'], 2, 'There is no data source "nowhere"'],
    ['the sample needs no role', ['sql', 'grant-script', '--source', 'shop'], 2, 'its role comes with it'],
    [
      'there is no server among the sources',
      ['sql', 'grant-script'],
      2,
      'no PostgreSQL or MySQL data source is configured',
    ],
    ['there is no statement', ['sql', 'explain'], 2, 'there is no statement'],
    ['an option is not known', ['sql', 'describe', '--gruop', 'x'], 2, 'Did you mean --group?'],
  ])('says that %s', async (_claim, words, expected, message) => {
    const { code, stdout, stderr } = await command(...words)
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toContain(message)
  })
})

describe('names in policies that do not exist', () => {
  const wrong = `
sources:
  shop:
    database: { kind: sample }
    policies:
      default: { relations: { ordres: '*' } }
      board: { relations: { orders: [id, totl] } }
`

  it.each([
    ['the start of the service', ['serve', '--port', '0']],
    ['config check --sources', ['config', 'check', '--sources']],
  ])('end %s with 2, each named with its place and what it may mean', async (_claim, words) => {
    verifies('sources.unknown-names')
    const { code, stdout, stderr } = await sallyport([...words, '--config', configured(wrong)])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/sources\.shop\.policies\.default: .*"ordres" does not exist; is it "(public\.)?orders"\?/)
    expect(stderr).toMatch(/sources\.shop\.policies\.board: .*column "totl" of "orders" does not exist/)
  })
})

describe('SQL over HTTP', () => {
  let service: Served
  let audit: string
  beforeAll(async () => {
    const environment = cleanEnvironment()
    audit = environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? ''
    service = await serve({ ...environment, SALLYPORT_CONFIG: configured(guarded) })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  const post = (path: string, body: unknown, key = service.key) =>
    fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    })

  it('answers rows under the policy of the key’s group, not the operator’s', async () => {
    verifies('sql-http.own-policy')
    const response = await post('/v1/sql', { statement: 'SELECT id, status FROM orders ORDER BY id' })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as Record<string, unknown>
    expect(answer).toMatchObject({ source: 'shop', truncated: 'rows', lag_ms: null })
    expect(answer['columns']).toMatchObject([{ name: 'id' }, { name: 'status' }])
    expect(answer['rows']).toHaveLength(3)
    expect(answer).not.toHaveProperty('canonical')
    const customers = await post('/v1/sql', { statement: 'SELECT city FROM customers' })
    expect(customers.status).toBe(400)
    expect(await customers.json()).toMatchObject({
      findings: [{ rule: 'sql/relation-not-allowed', line: 1, column: 18 }],
    })
  })

  it('gives fewer rows where the caller asks for fewer, and says exactly whether there were more', async () => {
    verifies('sql-http.max-rows')
    const ask = async (statement: string) =>
      (await (await post('/v1/sql', { statement, max_rows: 2 })).json()) as { rows: unknown[]; truncated: unknown }
    expect(await ask('SELECT id FROM orders ORDER BY id')).toMatchObject({ truncated: 'rows', rows: [[1], [2]] })
    expect(await ask('SELECT id FROM orders WHERE id IN (1, 2) ORDER BY id')).toMatchObject({ truncated: null })
  })

  it('checks without running, and hides the text where policy never shows it', async () => {
    verifies('sql-http.hidden-text')
    const response = await post('/v1/sql/check', { statement: 'SELECT id FROM orders' })
    expect(await response.json()).toMatchObject({ verdict: 'allow', canonical: null, relations: ['public.orders'] })
    const refused = await post('/v1/sql/check', { statement: 'SELECT pg_sleep(10)', source: 'shop' })
    expect(refused.status).toBe(200)
    expect(await refused.json()).toMatchObject({ verdict: 'refuse' })
  })

  it.each([
    ['no key', { statement: 'SELECT 1' }, 'sp-wrong', 401],
    ['a source that is not there', { statement: 'SELECT 1', source: 'payroll' }, undefined, 404],
    ['a member nobody knows', { statement: 'SELECT 1', rows: 5 }, undefined, 400],
    ['a statement that is no text', { statement: { sql: 'SELECT 1' } }, undefined, 400],
    ['a NUL byte', { statement: 'SELECT 1 \u0000' }, undefined, 400],
    ['a statement that is too long', { statement: `SELECT '${'x'.repeat(66_000)}'` }, undefined, 400],
    ['deep nesting', { statement: `SELECT ${'('.repeat(201)}1${')'.repeat(201)}` }, undefined, 400],
    ['a bomb', { statement: "SELECT repeat(repeat('x', 400), 400)" }, undefined, 400],
  ])('answers %s with a problem and goes on', async (_claim, body, key, status) => {
    const response = await post('/v1/sql', body, key ?? service.key)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect((await post('/v1/sql/check', { statement: 'SELECT 1' })).status).toBe(200)
  })

  it('keeps on the trail who sent what, by digest', async () => {
    await post('/v1/sql', { statement: "SELECT id FROM orders WHERE status = 'needle-in-statement'" })
    const trail = readFileSync(audit, 'utf8')
    expect(trail).toContain('"event":"statement"')
    expect(trail).toContain('"event":"statement-refused"')
    expect(trail).not.toContain('needle-in-statement')
  })
})
