import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { pythonClients } from '../support/http/model-calls/python-calls.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

const clients = pythonClients()

let service: Served
beforeAll(async () => {
  service = await serve()
})
afterAll(() => service[Symbol.asyncDispose]())

/** The example, at the address of the service. */
const example = (name: string): string =>
  readFileSync(join(root, 'docs/examples/clients', name), 'utf8').replaceAll('http://127.0.0.1:8080', service.url)

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env['PATH'],
  SALLYPORT_KEY: service.key,
  ...more,
})

/** Runs an example where its packages are found. */
async function runTypeScript(name: string): Promise<string> {
  const file = join(root, `test/support/clients/shown-${process.pid}-${name}`)
  writeFileSync(file, example(name))
  try {
    return (await run(process.execPath, ['--disable-warning=ExperimentalWarning', file], { env: environment() })).stdout
  } finally {
    rmSync(file)
  }
}

// test/e2e/package.test.ts runs the one in TypeScript, by the name that the package gives the client.
describe('the examples of docs/clients.md, before a running service', () => {
  it('Python, by the client in clients/python', async () => {
    verifies('clients.python-example')
    const env = environment({ PYTHONPATH: join(root, 'clients/python'), PYTHONIOENCODING: 'utf-8' })
    const { stdout } = await run('python3', ['-B', '-W', 'error', '-c', example('python.py')], { env })
    const [first, made, rows, refused, ...answer] = stdout.split('\n')
    expect([first, made]).toEqual(['42', 'a,b'])
    expect(rows).toMatch(/^\[\['?\d+'?\]\]$/)
    expect(refused).toMatch(/^refused .{10}/)
    expect(answer.join('\n')).toContain('Kitchen')
  })

  it('curl', async () => {
    verifies('clients.curl-example')
    const cwd = temporaryFolder('curl-')
    const { stdout } = await run('bash', ['-euc', example('curl.sh')], { env: environment(), cwd })
    expect(stdout).toContain('"stdout":"42\\n"')
    expect(stdout).toContain('data: {"type":"output","stream":"stdout","text":"42\\n"}')
    expect(stdout).toMatch(/"rows":\[\["?\d+"?\]\]/)
    expect(stdout).toContain('data: [DONE]')
    expect(JSON.parse(stdout.slice(stdout.lastIndexOf('{"id":"file_')))).toMatchObject({ filename: 'sales.csv' })
  })

  it.skipIf(typeof clients === 'string')(
    `OpenAI's client in Python, over both APIs${typeof clients === 'string' ? `; it is not here: ${clients}` : ''}`,
    async () => {
      verifies('clients.openai-python-example')
      const python = typeof clients === 'string' ? '' : clients.python
      const words = ['-I', '-B', '-c', example('openai-python.py')]
      const { stdout } = await run(python, words, { env: environment({ PYTHONIOENCODING: 'utf-8' }) })
      expect(stdout.match(/\*\*Kitchen\*\* brings the most margin/g)).toHaveLength(2)
      expect(stdout).toMatch(/^\['message', 'mcp_call', .*'code_interpreter_call', .*'message'\]$/m)
    },
  )

  it('the Vercel AI SDK, over both APIs', async () => {
    verifies('clients.vercel-example')
    const said = await runTypeScript('vercel-ai-sdk.ts')
    expect(said.match(/Kitchen/g)?.length).toBeGreaterThan(1)
  })

  it('LangChain', async () => {
    verifies('clients.langchain-example')
    expect(await runTypeScript('langchain.ts')).toContain('Kitchen')
  })

  it('files and conversations, by the client of OpenAI', async () => {
    verifies('clients.files-example')
    const said = await runTypeScript('files-and-conversations.ts')
    expect(said.trim().split('\n').at(-1)).toBe('2')
  })
})
