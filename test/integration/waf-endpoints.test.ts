import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyport, serve } from '../support/cli/sallyport-process.ts'
import { documentFile } from '../support/endpoints/document.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ScannedUpstream } from '../support/waf/scanned-upstream.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { verifies } from '../support/verifies.ts'

const program = wafProgram()
if ('missing' in program)
  process.stderr.write(`SKIPPED: the firewall of deploy/waf cannot be had: ${program.missing}\n`)

const json = 'application/json'
const base64 = { type: 'string', contentEncoding: 'base64' }
const injection = "1' OR '1'='1' UNION SELECT password FROM users-- "

const operation = (operationId: string, content: object, more: object = {}): object => ({
  operationId,
  requestBody: { required: true, content },
  responses: { 200: { description: 'Done.', content: { [json]: { schema: { type: 'object' } } } } },
  ...more,
})

const scan = {
  type: 'object',
  required: ['imageData'],
  additionalProperties: false,
  properties: {
    imageData: base64,
    more: { type: 'array', items: base64 },
    note: { type: 'string' },
    imagedata: { type: 'string' },
  },
}

const document = {
  openapi: '3.1.0',
  info: { title: 'A scanner', version: '1' },
  paths: {
    '/scan': { post: operation('scan', { [json]: { schema: scan } }) },
    '/raw': { post: operation('raw', { 'application/octet-stream': {} }) },
    '/items/{id}': {
      put: operation(
        'replace',
        { [json]: { schema: scan } },
        { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] },
      ),
    },
  },
}

const picture = randomBytes(600_000).toString('base64')

describe.skipIf('missing' in program)('a guarded endpoint behind the firewall', () => {
  let upstream: ScannedUpstream
  let waf: WafServer
  let settings: Record<string, string>
  let exclusions: string

  beforeAll(async () => {
    if ('missing' in program) return
    const folder = temporaryFolder('sallyport-waf-endpoints-')
    exclusions = join(folder, 'exclusions.conf')
    const endpoint = { document: documentFile(document), base_url: 'http://127.0.0.1:1', body_limit_kb: 4_096 }
    settings = { SALLYPORT_CONFIG: join(folder, 'sallyport.yaml') }
    writeFileSync(settings['SALLYPORT_CONFIG'] ?? '', JSON.stringify({ endpoints: { scanner: endpoint } }))
    const words = ['waf', 'exclusions', '--endpoints', '--config', settings['SALLYPORT_CONFIG'] ?? '']
    const printed = await sallyport(words)
    if (printed.code !== 0) throw new Error(printed.stderr)
    writeFileSync(exclusions, printed.stdout)
    upstream = await ScannedUpstream.start()
    waf = await WafServer.start(program.path, upstream.url, { exclusions })
  })
  afterAll(async () => {
    await waf[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  interface Asked {
    readonly method?: string
    readonly type?: string
    readonly key?: string
  }

  async function ask(
    path: string,
    body: object | string,
    { method = 'POST', type = json, key }: Asked = {},
    url = waf.url,
  ) {
    const headers = {
      'content-type': type,
      host: 'sallyport.example',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    }
    const answer = await fetch(`${url}/endpoints/scanner${path}`, {
      method,
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: answer.status, text: await answer.text() }
  }
  const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status

  it('gets pictures of its document that are larger than what is scanned', async () => {
    verifies('waf.endpoints')
    expect(await statusOf('/scan', { imageData: picture })).toBe(200)
    expect(await statusOf('/scan', { imageData: `data:image/png;base64,${picture}`, more: [picture, ''] })).toBe(200)
    expect(await statusOf('/items/7', { imageData: picture }, { method: 'PUT' })).toBe(200)
    expect(await statusOf('/raw', picture, { type: 'application/octet-stream' })).toBe(200)
  })

  it.each([
    ['a text at the place of a picture', '/scan', { imageData: injection }, 400],
    ['a text behind a picture', '/scan', { imageData: `${picture}\n${injection}` }, 400],
    ['a text among pictures', '/scan', { imageData: 'AAAA', more: ['AAAA', injection] }, 400],
    ['a text beside a picture', '/scan', { imageData: picture, note: injection }, 403],
    ['a picture at another place', '/scan', { imageData: 'AAAA', note: picture }, 413],
    ['a picture by the same name in other letters', '/scan', { imagedata: picture }, 413],
    ['a text by that name', '/scan', { imagedata: injection }, 403],
    ['a text below a picture', '/scan', { imageData: { imageData: injection } }, 403],
    ['a picture at another address', '/scan/', { imageData: picture }, 413],
    ['a picture at an address that continues', '/items/7/8', { imageData: picture }, 413],
  ])('does not get %s', async (_what, path, body, status) => {
    verifies('waf.endpoints')
    const before = upstream.passed
    expect([await statusOf(path, body), upstream.passed]).toEqual([status, before])
  })

  it('gets methods and types of its document where it has them, and nowhere else', async () => {
    verifies('waf.endpoints')
    const bytes = { type: 'application/octet-stream' }
    expect(await statusOf('/scan', 'AAAA', bytes)).toBe(403)
    expect(await statusOf('/raw', 'AAAA', { type: 'image/png' })).toBe(403)
    expect(await statusOf('/raw', 'AAAA', { ...bytes, method: 'PUT' })).toBe(403)
    expect(await statusOf('/scan', { imageData: 'AAAA' }, { method: 'PUT' })).toBe(403)
    expect(await statusOf(`/raw?q=${encodeURIComponent(injection)}`, picture, bytes)).toBe(403)
  })

  it('is not known to the firewall that was told of no endpoints, which scans its bodies', async () => {
    if ('missing' in program) return
    await using plain = await WafServer.start(program.path, upstream.url, {
      exclusions: join(wafFolder, 'exclusions.conf'),
    })
    expect(await statusOf('/scan', { imageData: picture }, {}, plain.url)).toBe(413)
    expect(await statusOf('/raw', 'AAAA', { type: 'application/octet-stream' }, plain.url)).toBe(403)
  })

  it('answers through Sallyport itself, which checks what the firewall did not look at', async () => {
    verifies('waf.endpoints')
    if ('missing' in program) return
    const received: string[] = []
    const behind = createServer((request, response) => {
      void request.toArray().then((pieces) => {
        received.push(Buffer.concat(pieces as Buffer[]).toString())
        response.writeHead(200, { 'content-type': json }).end('{}')
      })
    }).listen(0, '127.0.0.1')
    await once(behind, 'listening')
    try {
      const endpoint = {
        document: documentFile(document),
        base_url: `http://127.0.0.1:${(behind.address() as AddressInfo).port}`,
        body_limit_kb: 4_096,
      }
      const file = join(temporaryFolder('sallyport-waf-served-'), 'sallyport.yaml')
      const groups = { default: { models: [], endpoints: ['scanner'] } }
      writeFileSync(file, JSON.stringify({ endpoints: { scanner: endpoint }, gateway: { groups } }))
      await using service = await serve({ SALLYPORT_CONFIG: file })
      await using front = await WafServer.start(program.path, service.url, { exclusions })
      const { key } = service
      const body = { imageData: picture }
      expect(await ask('/scan', body, { key }, front.url)).toEqual({ status: 200, text: '{}' })
      expect(received).toEqual([JSON.stringify(body)])
      // Base64 of another spelling is let through by the firewall, and refused behind it.
      const odd = await ask('/scan', { imageData: 'AAA' }, { key }, front.url)
      expect([odd.status, odd.text]).toEqual([400, expect.stringContaining('base64') as string])
      expect(received).toHaveLength(1)
    } finally {
      behind.close()
    }
  })

  it('has no rules for firewalls that know no positions', async () => {
    const words = [
      'waf',
      'exclusions',
      '--format',
      'aws',
      '--endpoints',
      '--config',
      settings['SALLYPORT_CONFIG'] ?? '',
    ]
    const ended = await sallyport(words)
    expect([ended.code === 0, ended.stderr]).toEqual([false, expect.stringContaining('--format coraza') as string])
  })
})
