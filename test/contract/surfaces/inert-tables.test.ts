import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const code = 'open("made.csv", "w").write("=1+1,-5,@x")'
const [written, inert] = ['=1+1,-5,@x', "'=1+1,-5,'@x"]

let service: SurfaceService
let asWritten: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
  asWritten = await SurfaceService.start({ files: { defuse_formulas: false } })
}, 120_000)
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await asWritten[Symbol.asyncDispose]()
})

type Way = (of: SurfaceService, key: string) => Promise<string>

interface Executed {
  readonly files: readonly { readonly content?: string; readonly url?: string }[]
}

const executed = async (of: SurfaceService, key: string, deliver: string): Promise<Executed['files'][number]> => {
  const answer = await of.post('/v1/execute', key, { code, files: true, deliver })
  const [file] = ((await answer.json()) as Executed).files
  return file ?? {}
}

/** Chat Completions answers with a link to each file of a run. */
const linkIn = (text: string): string => /\]\((http[^)\s]+)\)/.exec(text)?.[1] ?? 'there is no link'

const protocol = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }

async function mcp(of: SurfaceService, key: string, method: string, params: object): Promise<string> {
  const headers = { ...protocol, 'mcp-protocol-version': '2025-11-25', authorization: `Bearer ${key}` }
  return (await of.post('/mcp', null, { jsonrpc: '2.0', id: 1, method, params }, { headers })).text()
}

/** How a table that a program made leaves, for somebody who may open it. */
const ways: Readonly<Record<string, Way>> = {
  'by a link of /v1/execute': async (of, key) =>
    (await fetch((await executed(of, key, 'links')).url ?? 'there is no link')).text(),
  'in base64': async (of, key) => Buffer.from((await executed(of, key, 'base64')).content ?? '', 'base64').toString(),
  'by a link in an answer': async (of, key) => {
    of.script([{ kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] }])
    const messages = [{ role: 'user', content: 'Make it.' }]
    const answer = await of.post('/v1/chat/completions', key, { model: 'analyst', messages })
    return (await fetch(linkIn(JSON.stringify(await answer.json())))).text()
  },
  'as a resource of MCP': async (of, key) => {
    const called = await mcp(of, key, 'tools/call', { name: 'run_python', arguments: { code } })
    const uri = /sallyport:\/\/results\/[\w-]+/.exec(called)?.[0]
    const read = await mcp(of, key, 'resources/read', { uri })
    return JSON.parse(`"${/"text":"((?:[^"\\]|\\.)*)"/.exec(read)?.[1] ?? 'there is no text'}"`) as string
  },
}

describe.each(Object.entries(ways))('a table of a program, %s', (_name, take) => {
  it('has no cells that a spreadsheet takes for formulas, unless the configuration says so', async () => {
    verifies('files.inert')
    expect(await take(service, await service.key())).toBe(inert)
    expect(await take(asWritten, await asWritten.key())).toBe(written)
  }, 60_000)
})

describe('a table that is read back', () => {
  it('from a sandbox of E2B is what was written: its client has to find its own bytes', async () => {
    const key = await service.key()
    const opened = await service.post('/v2/sandboxes', key, { templateID: 'code-interpreter-v1', timeout: 60 })
    const { sandboxID: id, envdAccessToken: token } = (await opened.json()) as Readonly<Record<string, string>>
    const headers = {
      'content-type': 'application/json',
      'e2b-sandbox-id': String(id),
      'x-access-token': String(token),
    }
    await (await service.post('/execute', null, { code }, { headers })).text()
    const read = await service.ask('GET', '/files?path=/mnt/data/made.csv', null, { headers })
    expect(await read.text()).toBe(written)
  })
})
