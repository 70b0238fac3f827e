import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/core/json.ts'
import { isExempt, scannedRoutes } from '../../src/service/waf/exempt-positions.ts'
import { wafExclusions } from '../../src/service/waf/exclusions.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { benignTexts } from '../support/waf/benign-texts.ts'
import { bodiesOf } from '../support/waf/bodies.ts'
import { forEachOf, replay } from '../support/waf/replay.ts'
import { payloadsOf, ruleAttacks } from '../support/waf/rule-attacks.ts'
import { ScannedUpstream } from '../support/waf/scanned-upstream.ts'
import { wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { verifies } from '../support/verifies.ts'

const program = wafProgram()
if ('missing' in program)
  process.stderr.write(`SKIPPED: the firewall of deploy/waf cannot be had: ${program.missing}\n`)

const exemptOf = (positions: Readonly<Record<string, keyof typeof isExempt>>): readonly string[] =>
  Object.entries(positions).flatMap(([position, kind]) => (isExempt[kind] ? [position] : []))

/** Texts in a row, so that many are at a position at once; 64 positions in one body are below its limit. */
function chunksOf(texts: readonly string[]): readonly string[] {
  const chunks: string[] = []
  for (const text of texts) {
    const last = chunks.at(-1)
    if (last === undefined || last.length + text.length > 100_000) chunks.push(text)
    else chunks[chunks.length - 1] = `${last}\n${text}`
  }
  return chunks
}

describe.skipIf('missing' in program)('the firewall with our exclusions', () => {
  let upstream: ScannedUpstream
  let ours: WafServer
  let stock: WafServer
  /** Of the rule set's own tests. */
  let payloads: readonly string[]
  /** One of them that the stock rules refuse as a value of JSON. */
  let refused: string

  beforeAll(async () => {
    if ('missing' in program) return
    const exclusions = join(temporaryFolder('sallyport-waf-'), 'exclusions.conf')
    writeFileSync(exclusions, wafExclusions.coraza())
    upstream = await ScannedUpstream.start()
    ours = await WafServer.start(program.path, upstream.url, { exclusions })
    stock = await WafServer.start(program.path, upstream.url, { exclusions: null })
    payloads = payloadsOf(ruleAttacks(program.ruleTests))
    for (const payload of payloads) {
      if ((await post(stock, '/v1/chat/completions', { model: payload })) !== 403) continue
      refused = payload
      break
    }
  })
  afterAll(async () => {
    await ours[Symbol.asyncDispose]()
    await stock[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  const post = async ({ url }: WafServer, path: string, body: JsonValue | string): Promise<number> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = { 'content-type': 'application/json', host: 'sallyport.example' }
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: text })
    await answer.arrayBuffer()
    return answer.status
  }

  it('lets every benign text of the corpora through at every position of every route', async () => {
    verifies('waf.benign')
    const texts = benignTexts()
    const chunks = chunksOf(texts)
    const sent = chunks.flatMap((chunk) =>
      scannedRoutes.flatMap(({ path, positions }) =>
        bodiesOf(exemptOf(positions), () => chunk).map((body) => ({ path, body })),
      ),
    )
    const before = upstream.passed
    const blocked = new Set<string>()
    await forEachOf(sent, async ({ path, body }) => {
      const status = await post(ours, path, body)
      if (status !== 200) blocked.add(`${path} ${status} ${JSON.stringify(ours.lines.at(-1)?.rules)}`)
    })
    expect([...blocked]).toEqual([])
    expect(upstream.passed - before).toBe(sent.length)
    if (chunks[0] !== undefined) expect(await post(stock, '/v1/chat/completions', { model: chunks[0] })).toBe(403)
  })

  it('refuses of the requests of the rule set’s own tests exactly those that the stock rules refuse', async () => {
    verifies('waf.attacks')
    if ('missing' in program) return
    const attacks = ruleAttacks(program.ruleTests)
    const differing: string[] = []
    let caught = 0
    await forEachOf(attacks, async (attack) => {
      const [by, byStock] = [await replay(ours.url, attack), await replay(stock.url, attack)]
      if (byStock === 403) caught += 1
      if ((by === 403) !== (byStock === 403)) differing.push(`${attack.file}: ${byStock} → ${by}`)
    })
    expect(differing).toEqual([])
    expect(caught).toBeGreaterThan(attacks.length / 4)
  })

  it('refuses their payloads outside positions exactly as the stock rules do: in queries, headers and members', async () => {
    verifies('waf.attacks')
    const places: readonly ((payload: string) => Promise<readonly [number, number]>)[] = [
      async (payload) => bothGet(`/v1/chat/completions?key=${encodeURIComponent(payload)}`),
      async (payload) => bothPost({ model: payload, messages: [{ role: 'user', content: 'Hello' }] }),
      async (payload) => bothPost({ model: 'm', messages: [{ role: payload, content: 'Hello' }] }),
      async (payload) => bothPost({ model: 'm', metadata: { content: payload } }),
      async (payload) => bothPost({ model: 'm', messages: [{ role: 'user', extra: { content: payload } }] }),
    ]
    const differing: string[] = []
    let [sent, caught] = [0, 0]
    await forEachOf(payloads, async (payload) => {
      sent += 1
      const index = sent % places.length
      const [by, byStock] = (await places[index]?.(payload)) ?? [0, 1]
      if (byStock === 403) caught += 1
      if (by !== byStock) differing.push(`place ${index}: ${byStock} → ${by}`)
    })
    expect(differing).toEqual([])
    expect(caught).toBeGreaterThan(payloads.length / 4)
  })

  const bothPost = async (body: JsonValue): Promise<readonly [number, number]> =>
    [await post(ours, '/v1/chat/completions', body), await post(stock, '/v1/chat/completions', body)] as const

  const bothGet = async (path: string): Promise<readonly [number, number]> => {
    const [one, other] = [await fetch(`${ours.url}${path}`), await fetch(`${stock.url}${path}`)]
    await Promise.all([one.arrayBuffer(), other.arrayBuffer()])
    return [one.status, other.status]
  }

  it.each([
    ['a member that no API has', { content: 'X' }],
    ['a member of that name at another place', { messages: [{ role: 'user', extra: { content: 'X' } }] }],
    ['a member below a position', { messages: [{ content: { content: 'X' } }] }],
    ['a part below a part', { messages: [{ content: [{ text: { text: 'X' } }] }] }],
    ['an object in place of a list', { messages: { content: 'X' } }],
    ['a position of another API', { input: 'X' }],
    ['the whole as a list', [{ messages: [{ content: 'X' }] }]],
    ['another spelling', { messages: [{ Content: 'X' }] }],
    ['another spelling of a list', { Messages: [{ content: 'X' }] }],
    ['a letter that lower case makes one of ours', { messageſ: [{ content: 'X' }] }],
    ['white space around a name', { ' messages': [{ 'content ': 'X' }] }],
    ['a dot in a name', { 'messages.0.content': 'X' }],
    ['a dot in the name of a member', { messages: [{ 'content.0.text': 'X' }] }],
    ['a number as a name', { messages: { 0: { content: 'X' } } }],
    ['a name with the root of all', { json: { messages: [{ content: 'X' }] } }],
    ['a name', { X: 1 }],
    ['a name beside a position', { messages: [{ content: 'Hello', X: 'Hello' }] }],
  ])('scans %s', async (_place, body) => {
    verifies('waf.positions')
    const filled = JSON.stringify(body).replaceAll('"X"', JSON.stringify(refused))
    expect(await post(ours, '/v1/chat/completions', filled)).toBe(403)
    expect(await post(ours, '/v1/chat/completions', filled.replaceAll(JSON.stringify(refused), '"hello"'))).toBe(200)
  })

  it.each([
    ['another route', '/v1/other'],
    ['a path with something behind it', '/v1/chat/completions/x'],
    ['another spelling of the path', '/V1/chat/completions'],
    ['a path with a slash more', '/v1/chat/completions/'],
    ['a query with names like those of positions', '/v1/chat/completions?json.messages.1.content=1'],
  ])('scans the positions of a body at %s', async (_place, path) => {
    verifies('waf.positions')
    const body = { messages: [{ role: 'user', content: refused }] }
    expect(await post(ours, '/v1/chat/completions', body)).toBe(200)
    expect(await post(ours, path, body)).toBe(403)
  })

  it('scans what stands at the name of each position below another member, and in other letters, of every route', async () => {
    verifies('waf.positions')
    const moved = scannedRoutes.flatMap(({ path, positions }) =>
      exemptOf(positions).flatMap((position) =>
        [`extra.${position}`, position.replace(/\w/, (letter) => letter.toUpperCase())].map((place) => ({
          path,
          place,
        })),
      ),
    )
    const unscanned: string[] = []
    await forEachOf(moved, async ({ path, place }) => {
      const [body = {}] = bodiesOf([place], () => refused)
      if ((await post(ours, path, body)) !== 403) unscanned.push(`${path} ${place}`)
    })
    expect(unscanned).toEqual([])
    expect(moved.length).toBeGreaterThan(400)
  })

  it('scans a query and a form whose names are those of positions', async () => {
    verifies('waf.positions')
    const name = 'json.messages.0.content'
    const query = `?${name}=${encodeURIComponent(refused)}`
    const plain = { messages: [{ role: 'user', content: 'Hello' }] }
    expect(await post(ours, `/v1/chat/completions${query}`, plain)).toBe(403)
    const form = new URLSearchParams({ [name]: refused })
    const answer = await fetch(`${ours.url}/v1/chat/completions`, { method: 'POST', body: form })
    expect(answer.status).toBe(403)
    const parts = new FormData()
    parts.set(name, refused)
    expect((await fetch(`${ours.url}/v1/chat/completions`, { method: 'POST', body: parts })).status).toBe(403)
  })
})
