import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { type PostgresCluster, startCluster } from '../support/databases/postgres-cluster.ts'
import { cleanEnvironment, sallyport, serve } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: SQL on PostgreSQL, ${problem}\n`)

const schema = `
  CREATE TABLE orders (id integer PRIMARY KEY, customer text, amount numeric(10,2));
  INSERT INTO orders SELECT i, 'customer ' || i, i * 1.5 FROM generate_series(1, 500) i;
  CREATE TABLE secrets (id integer, token text);
  ANALYZE;`

describe.skipIf(problem !== null)('a PostgreSQL standby, as people use it', () => {
  let cluster: PostgresCluster
  const folder = temporaryFolder('sallyport-e2e-postgres-')

  beforeAll(async () => {
    cluster = await startCluster(undefined, { hasStandby: true })
    await cluster.execute(schema)
    await cluster.execute("CREATE ROLE careless LOGIN PASSWORD 'harmless'; GRANT pg_read_all_data TO careless")
    await cluster.execute('GRANT CONNECT ON DATABASE postgres TO careless')
    await cluster.caughtUp()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  function settings(role: string, options: { readonly database?: string; readonly relation?: string } = {}) {
    const file = join(folder, `${role}-${Math.random()}.yaml`)
    const { database = '', relation = 'orders' } = options
    writeFileSync(
      file,
      `sources:\n  warehouse:\n    database: { kind: postgresql, url: { env: WAREHOUSE_URL }${database} }\n` +
        `    policies: { default: { relations: { ${relation}: [id, amount] } } }\n`,
    )
    const url = cluster.url('standby', role, 'harmless')
    return cleanEnvironment({ SALLYPORT_CONFIG: file, WAREHOUSE_URL: url })
  }

  it('gets its role from the script, and is then asked, served and proven through it', async () => {
    const environment = settings('reader')
    // The role does not exist yet: the policies alone say what it needs.
    const made = await sallyport(['sql', 'grant-script'], { environment })
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('GRANT SELECT ("id", "amount") ON "public"."orders" TO "reader";')
    expect(made.stderr).toContain('The server was not asked')
    await cluster.execute(made.stdout)
    await cluster.execute("ALTER ROLE reader PASSWORD 'harmless'")
    await cluster.caughtUp()

    const checked = await sallyport(['config', 'check', '--sources'], { environment })
    expect(checked).toMatchObject({ code: 0 })
    expect(checked.stdout).toContain('warehouse: postgresql, role reader, a standby, policies of default fit')

    const answered = await sallyport(['sql', 'SELECT sum(amount) FROM orders', '--output', 'csv'], { environment })
    expect(answered).toMatchObject({ code: 0, stdout: 'sum\n187875\n' })
    expect(answered.stderr).toMatch(/; as of \d{4}-.*Z, .* behind its primary by estimate/)

    await using service = await serve(environment)
    const response = await fetch(`${service.url}/v1/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}` },
      body: JSON.stringify({ statement: 'SELECT amount FROM orders WHERE id = 2' }),
    })
    expect(await response.json()).toMatchObject({
      source: 'warehouse',
      columns: [{ name: 'amount' }],
      rows: [[3]],
      lag_ms: expect.any(Number) as number,
      lag_estimated: true,
    })
  })

  it('is not served through a role that can do more than read, and the error lists what', async () => {
    verifies('security.read-only-role')
    const { code, stdout, stderr } = await sallyport(['serve', '--port', '0'], { environment: settings('careless') })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/sources\.warehouse: the role "careless" .*can read public\.secrets/)
    expect(stderr).toContain('sallyport sql grant-script')
    expect(stderr).not.toContain('harmless')
  })

  it('is served through it where the configuration accepts that, which is logged', async () => {
    verifies('sources.accept-excess')
    await using service = await serve(settings('careless', { database: ', accept_excess: true' }))
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    const checked = await sallyport(['config', 'check', '--sources'], {
      environment: settings('careless', { database: ', accept_excess: true' }),
    })
    expect(checked.stdout).toContain('accepted although the role')
    expect(service.log()).toContain('accept_excess lets it be used')
  })

  it('is not served under a policy that names what is not there', async () => {
    const environment = settings('careless', { database: ', accept_excess: true', relation: 'ordres' })
    const { code, stderr } = await sallyport(['serve', '--port', '0'], { environment })
    expect(code).toBe(2)
    expect(stderr).toContain('sources.warehouse.policies.default')
    expect(stderr).toContain('"ordres" does not exist')
  })

  it('is not served while it does not answer, without a word of the password', async () => {
    const environment = {
      ...settings('careless'),
      WAREHOUSE_URL: 'postgresql://careless:harmless@127.0.0.1:1/postgres',
    }
    const { code, stderr } = await sallyport(['serve', '--port', '0'], { environment })
    expect(code).toBe(1)
    expect(stderr).toContain('ECONNREFUSED')
    expect(stderr).not.toContain('harmless')
  })
})
