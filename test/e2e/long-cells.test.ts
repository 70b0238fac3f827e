import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Sandbox } from '@e2b/code-interpreter'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Sallyport } from '../../src/client/sallyport.ts'
import { createKey, serve, type Served } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { KernelClient } from '../support/jupyter/kernel-client.ts'
import { librechatAgents } from '../support/librechat/librechat-client.ts'
import { mcpClients, openMcpClient } from '../support/mcp/mcp-clients.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** How long a cell says nothing, seconds; 45 in the lane "patience". */
const seconds = Number(process.env['SALLYPORT_CELL_SECONDS'] ?? 2)
const code = `import time\ntime.sleep(${seconds})\nprint("over")`
const basePath = '/tools/sallyport'
const beat = 300
/** Less than a cell takes. */
const little = { per: 'key', unit: 'sandbox_ms', most: 900, every: 'day' }
/** Cells that wait at a time, each in a sandbox of its own. */
const atOnce = 4
const agents = librechatAgents()

let model: ScriptedOpenAiServer
let service: Served
let base: string
beforeAll(async () => {
  model = await ScriptedOpenAiServer.start(({ body }) =>
    body.messages.at(-1)?.role === 'tool'
      ? { kind: 'turn', text: 'It is done.' }
      : { kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] },
  )
  const file = join(temporaryFolder('sallyport-long-'), 'sallyport.yaml')
  const group = { tools: ['run_python', 'run_javascript', 'run_shell'], concurrent_requests: 20 }
  const configuration = {
    model: { base_url: model.baseUrl, name: 'scripted-1' },
    gateway: { groups: { default: group, hurried: { ...group, limits: [little] } } },
    sandbox: { driver: 'runsc', pool: { minimum_ready: 0, maximum_ready: 1, maximum: 6, maximum_per_tenant: 6 } },
    http: { base_path: basePath, heartbeat_ms: beat, mcp: { progress_ms: beat } },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  service = await serve({ SALLYPORT_CONFIG: file })
  base = new URL(basePath, service.url).href
})
afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

/** What somebody sees of a cell that takes long. */
interface Seen {
  readonly said: string
  /** Signs of life before its end; null where its protocol has none. */
  readonly signs: number | null
}

/** A stream as it is on the wire, since clients do not show its comments. */
async function streamOf(path: string, body: object): Promise<{ readonly text: string; readonly signs: number }> {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' }
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  return { text, signs: text.match(/^: hb$/gm)?.length ?? 0 }
}

const question = { role: 'user' as const, content: 'Do it.' }
const client = () => new OpenAI({ baseURL: `${base}/v1`, apiKey: service.key, maxRetries: 0 })

const surfaces: Readonly<Record<string, () => Promise<Seen>>> = {
  'execute, streamed': async () => {
    const { text, signs } = await streamOf('/v1/execute', { code, stream: true })
    return { said: text.includes('over\\n') ? 'over' : text, signs }
  },
  'execute, by our client': async () => {
    const own = new Sallyport({ baseUrl: base, apiKey: service.key })
    return { said: (await own.programs.execute({ code })).stdout.trim(), signs: null }
  },
  'Responses, streamed': async () => {
    const { text, signs } = await streamOf('/v1/responses', { model: 'analyst', input: 'Do it.', stream: true })
    return { said: text.includes('"type":"response.completed"') ? 'over' : text, signs }
  },
  'Responses, by the client of OpenAI in a container': async () => {
    const openai = client()
    const { id } = await openai.containers.create({ name: 'long' })
    const tools = [{ type: 'code_interpreter' as const, container: id }]
    const stream = openai.responses.stream({ model: 'analyst', input: 'Do it.', tools })
    const { output } = await stream.finalResponse()
    const [ran] = output.flatMap((item) => (item.type === 'code_interpreter_call' ? (item.outputs ?? []) : []))
    return { said: ran?.type === 'logs' ? ran.logs.trim() : JSON.stringify(output), signs: null }
  },
  'Chat Completions, streamed': async () => {
    const { text, signs } = await streamOf('/v1/chat/completions', {
      model: 'analyst',
      stream: true,
      messages: [question],
    })
    return { said: text.includes('It is done.') && text.includes('data: [DONE]') ? 'over' : text, signs }
  },
  'Chat Completions, by the client of OpenAI': async () => {
    const answer = await client().chat.completions.create({ model: 'analyst', messages: [question] })
    const text = answer.choices[0]?.message.content ?? ''
    return { said: text.includes('It is done.') ? 'over' : text, signs: null }
  },
  'E2B, by its client': async () => {
    const place = { apiUrl: base, sandboxUrl: base, apiKey: service.key }
    const sandbox = await Sandbox.create({ ...place, timeoutMs: 600_000 })
    try {
      const run = await sandbox.runCode(code)
      return { said: run.logs.stdout.join('').trim(), signs: null }
    } finally {
      await sandbox.kill()
    }
  },
  Jupyter: async () => {
    const token = `?token=${service.key}`
    const made = await fetch(`${base}/jupyter/api/kernels${token}`, { method: 'POST' })
    const { id } = (await made.json()) as { readonly id: string }
    await using kernel = await KernelClient.connect(`${base}/jupyter/api/kernels/${id}/channels${token}`)
    let signs = 0
    kernel.socket.on('ping', () => (signs += 1))
    const said = (await kernel.run(code)).stdout.trim()
    await fetch(`${base}/jupyter/api/kernels/${id}${token}`, { method: 'DELETE' })
    return { said, signs }
  },
  ...Object.fromEntries(
    mcpClients.slice(0, 2).map((name) => [
      `MCP, by the ${name}`,
      async () => {
        await using mcp = await openMcpClient(name, { url: base, key: service.key })
        let signs = 0
        const result = await mcp.call('run_python', { code }, { onProgress: () => (signs += 1) })
        return { said: String(result.structuredContent?.['stdout']).trim(), signs }
      },
    ]),
  ),
  ...(typeof agents === 'string'
    ? {}
    : {
        'LibreChat, by its agents': async () => {
          const { createCodeExecutionTool } = await agents.load()
          const tool = createCodeExecutionTool({ baseUrl: `${base}/v1`, authHeaders: { 'X-API-Key': service.key } })
          const args = { lang: 'py', code }
          const said = JSON.stringify(
            await tool.invoke({ type: 'tool_call', id: 'call_1', name: 'execute_code', args }),
          )
          return { said: said.includes('over') ? 'over' : said, signs: null }
        },
      }),
}

describe('a cell that says nothing for long, below a base path', () => {
  it('comes to its end on every surface, and says meanwhile that it goes on where its protocol can', async () => {
    verifies('clients.long-cells')
    const names = Object.keys(surfaces)
    const seen: (readonly [string, unknown])[] = []
    const waiting = [...names]
    const lookOn = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        seen.push([name, await surfaces[name]?.().catch((thrown: unknown) => ({ said: String(thrown) }))])
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lookOn))
    const some = expect.toSatisfy((signs: number | null) => signs === null || signs > 0)
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(names.map((name) => [name, { said: 'over', signs: some }])),
    )
  }, 600_000)

  it('is stopped in the middle of a question where no more is left of the time of sandboxes, and none begins after it', async () => {
    verifies('quotas.sandbox-time')
    const apiKey = await createKey(service, 'hurried')
    const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey, maxRetries: 0 })
    const ask = async () => openai.responses.create({ model: 'analyst', input: 'Do it.' })
    expect(await ask()).toMatchObject({ status: 'completed' })
    const read = JSON.stringify(model.requests.at(-1)?.body.messages.at(-1))
    expect(read).toMatch(/stopped at its limit of 900 ms.*sandbox_ms/)
    await expect(ask()).rejects.toThrow('milliseconds of sandboxes')
  })
})
