import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** Processes that a service has started and that are there still. */
function childrenOf({ process: { pid } }: Served): readonly string[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return readFileSync(file, 'utf8')
    .split(' ')
    .filter((child) => child !== '')
}

async function readiness({ url }: Served): Promise<{ readonly status: string; readonly detail: string }> {
  return (await fetch(`${url}/readyz`)).json() as never
}

async function whenReady(service: Served): Promise<void> {
  await expect.poll(async () => (await readiness(service)).status, { timeout: 120_000 }).toBe('ready')
}

async function serveGroup(
  upstream: UpstreamServer,
  models: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const file = join(temporaryFolder('sallyport-models-'), 'sallyport.yaml')
  const upstreams = { first: { kind: 'openai', base_url: upstream.baseUrl, models: ['gpt-5'] } }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ upstreams, gateway: { groups: { default: { models, tools: ['run_sql'] } } } }))
  return serve({ SALLYPORT_CONFIG: file, ...environment })
}

const post = ({ url, key }: Served, path: string, body: object) =>
  fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Has Node write down each module that it loads. */
function moduleTrace() {
  const folder = temporaryFolder('sallyport-modules-')
  const [hook, trace] = [join(folder, 'hook.mjs'), join(folder, 'trace')]
  const program = [
    "import { appendFileSync } from 'node:fs'",
    "import { registerHooks } from 'node:module'",
    `const note = ({ url }) => appendFileSync(${JSON.stringify(trace)}, url + '\\n')`,
    'registerHooks({ load: (url, context, next) => { note({ url }); return next(url, context) } })',
  ]
  writeFileSync(hook, program.join('\n'))
  return {
    environment: { NODE_OPTIONS: `--import=${hook}` },
    /** Which of these packages, folders and files of the sources something was loaded of. */
    loadedOf: (names: readonly string[]) => {
      const modules = readFileSync(trace, 'utf8')
      return names.filter((name) => modules.includes(`/node_modules/${name}/`) || modules.includes(`/src/${name}`))
    },
  }
}

/** What only analyst, statements and programs need: databases, parsers of programs and of SQL. */
const ofAnalysis = [
  'mysql2',
  'pg',
  'acorn',
  'web-tree-sitter',
  'agent/',
  'compose/analysis.ts',
  'databases/mysql/',
  'sessions/session-store.ts',
  'validators/code-validators.ts',
]

const messages = [{ role: 'user', content: 'Hello.' }]

describe('a service whose groups may ask models of upstreams only', () => {
  it('starts no process beside itself, says so, and serves them; what a caller may ask else starts when it is asked', async () => {
    verifies('models.nothing-of-analyst')
    await using upstream = await UpstreamServer.start({ kind: 'openai', key: null })
    await using service = await serveGroup(upstream, ['gpt-5'])
    expect(service.banner).toContain('analyst is off')
    await whenReady(service)
    expect((await readiness(service)).detail).toMatch(/no group of gateway\.groups may ask analyst$/)
    expect((await post(service, '/v1/chat/completions', { model: 'gpt-5', messages })).status).toBe(200)
    const own = await post(service, '/v1/chat/completions', { model: 'analyst', messages })
    expect([own.status, await own.text()]).toEqual([404, expect.stringContaining('analyst')])
    const session = await post(service, '/v1/sessions', {})
    expect([session.status, await session.text()]).toEqual([403, expect.stringContaining('may neither ask')])
    expect(childrenOf(service)).toEqual([])
    const sql = await post(service, '/v1/sql', { statement: 'SELECT count(*) AS n FROM orders' })
    expect([sql.status, await sql.text()]).toEqual([200, expect.stringContaining('"n"')])
    expect(childrenOf(service).length).toBeGreaterThan(0)
  })

  it('loads nothing that works on data until somebody asks for it', async () => {
    verifies('models.nothing-of-analyst')
    const trace = moduleTrace()
    await using upstream = await UpstreamServer.start({ kind: 'openai', key: null })
    await using service = await serveGroup(upstream, ['gpt-5'], trace.environment)
    await whenReady(service)
    expect((await post(service, '/v1/chat/completions', { model: 'gpt-5', messages })).status).toBe(200)
    expect((await post(service, '/v1/sessions', {})).status).toBe(403)
    expect(trace.loadedOf([...ofAnalysis, 'undici', 'surfaces/'])).toEqual(['undici', 'surfaces/'])
    await (await post(service, '/v1/sql', { statement: 'SELECT 1 AS n' })).text()
    expect(trace.loadedOf(ofAnalysis)).toEqual(ofAnalysis)
  })

  it('is told apart from one with a group that may ask analyst, which starts all of it', async () => {
    verifies('models.nothing-of-analyst')
    await using upstream = await UpstreamServer.start({ kind: 'openai', key: null })
    await using service = await serveGroup(upstream, ['analyst', 'gpt-5'])
    await whenReady(service)
    expect((await readiness(service)).detail).toBe('sandboxes can be had')
    expect(childrenOf(service).length).toBeGreaterThan(0)
  })
})
