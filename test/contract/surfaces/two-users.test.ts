import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serviceContract } from '../../../src/surfaces/wire/service/contract.ts'
import { ofApp } from '../../support/http/web-listeners.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import {
  approvalList,
  complaints,
  endings,
  lists,
  mark,
  ofHerGroup,
  probes,
  search,
  unprobed,
  uses,
  withoutTheLink,
  type Owned,
} from '../../support/surfaces/two-users.ts'
import { verifies } from '../../support/verifies.ts'

const tools = ['describe_data', 'run_sql', 'run_python', 'run_shell']
const team = { models: ['*'], tools, reveal_sql: 'always', filter_profile: 'telling' }
const scopes = ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'approve'] as const

interface Seen {
  readonly status: number
  readonly text: string
}

let service: SurfaceService
let ann: string
let owned: Owned
let uploads = 0
/** How callers who are not Ann are known: by keys, of her group and of another one, and by the session of a browser. */
let others: Readonly<Record<string, Record<string, string>>>

async function askedBy(headers: Record<string, string>, method: string, path: string, body?: object): Promise<Seen> {
  const sent = body === undefined ? {} : { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(`${service.url}${path}`, { method, headers: { ...headers, ...sent }, ...init })
  return { status: answer.status, text: await answer.text() }
}

const asked = (key: string, ...what: readonly [method: string, path: string, body?: object]): Promise<Seen> =>
  askedBy({ authorization: `Bearer ${key}` }, ...what)

/** Signs a browser in by a key, and gives what the app sends from then on. */
async function inBrowser(key: string): Promise<Record<string, string>> {
  const answer = await fetch(`${service.url}/v1/web/session`, {
    method: 'POST',
    headers: { ...ofApp, 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  if (!answer.ok) throw new Error(`nobody is signed in: ${await answer.text()}`)
  return { ...ofApp, cookie: cookie.split(';')[0] ?? '' }
}

async function made(path: string, body: object): Promise<{ readonly id: string; readonly [name: string]: unknown }> {
  const { status, text } = await asked(ann, 'POST', path, body)
  if (status >= 300) throw new Error(`${path}: ${text}`)
  return JSON.parse(text) as { readonly id: string }
}

async function uploaded(path: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const form = new FormData()
  uploads += 1
  form.append('file', new Blob([`${mark}\n`]), `${mark}-${uploads}.txt`)
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const answer = await service.ask('POST', path, ann, { body: form })
  const text = await answer.text()
  if (answer.status >= 300) throw new Error(`${path}: ${text}`)
  return (JSON.parse(text) as { readonly id: string }).id
}

/** The decision by which a filter has withheld an answer of hers. */
async function withheld(): Promise<string> {
  service.script([{ kind: 'turn', text: 'You are a stupid idiot.' }])
  const { status, text } = await asked(ann, 'POST', '/v1/responses', { model: 'analyst', input: 'Who is it?' })
  const decision = /dec-[0-9a-f-]{36}/.exec(text)?.[0]
  if (decision === undefined) throw new Error(`nothing was withheld: ${status} ${text}`)
  return decision
}

async function everythingOfAnn(): Promise<Owned> {
  const sql = `SELECT '${mark}' AS word, count(*) AS sold FROM orders`
  service.script([
    { kind: 'turn', calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql }) }] },
    { kind: 'turn', text: `The ${mark} sells well.` },
  ])
  const question = { model: 'analyst', messages: [{ role: 'user', content: `How is the ${mark}?` }], store: true }
  const answered = await service.post('/v1/chat/completions', ann, question)
  const conversation = answered.headers.get('x-sallyport-conversation') ?? ''
  const answer = answered.headers.get('x-sallyport-answer') ?? ''
  await answered.text()
  const { text } = await asked(ann, 'GET', `/v1/conversations/${conversation}/items`)
  const [item] = (JSON.parse(text) as { readonly data: readonly { readonly id: string; readonly run: string }[] }).data
  const { id: response } = await made('/v1/responses', { model: 'analyst', input: `Again the ${mark}` })
  const decision = await withheld()
  const { id: appeal } = await made('/v1/appeals', { decision, reason: 'harmless', comment: mark })
  const { id: container } = await made('/v1/containers', { name: mark })
  const { id: share } = await made('/v1/shares', { conversation, audience: 'group', group: 'ann-only' })
  const link = await made('/v1/shares', { conversation, audience: 'link' })
  const waiting = await asked(ann, 'POST', '/v1/execute', { language: 'shell', code: `echo ${mark}` })
  const { approval } = JSON.parse(waiting.text) as { readonly approval: { readonly id: string } }
  const file = await uploaded('/v1/files', { purpose: 'user_data' })
  const { url } = await made(`/v1/files/${file}/link`, {})
  return {
    conversation,
    run: item?.run ?? '',
    item: item?.id ?? '',
    response,
    file,
    fileLink: String(url).split('/').at(-1) ?? '',
    session: (await made('/v1/sessions', {})).id,
    container,
    containerFile: await uploaded(`/v1/containers/${container}/files`),
    share,
    link: link.id,
    secret: String(link['secret']),
    approval: approval.id,
    answer,
    decision,
    appeal,
  }
}

beforeAll(async () => {
  service = await SurfaceService.start({
    files: { maximum_count: 10 },
    // What it withholds is a decision that can be objected to.
    filters: { profiles: { telling: { version: 2, outbound: { toxicity: { action: 'block', threshold: 0.5 } } } } },
    shares: { anonymous_group: 'public' },
    gateway: { groups: { team, other: team, 'ann-only': team, public: { models: ['*'] } } },
  })
  ann = await service.key('team', scopes)
  owned = await everythingOfAnn()
  others = {
    'of her group': { authorization: `Bearer ${await service.key('team', scopes)}` },
    'of another group': { authorization: `Bearer ${await service.key('other', scopes)}` },
    'of her group in a browser': await inBrowser(await service.key('team', scopes)),
    'of another group in a browser': await inBrowser(await service.key('other', scopes)),
  }
}, 120_000)
afterAll(() => service[Symbol.asyncDispose]())

/** 404, or what an address without such a thing is answered with. */
const isNotThere = ({ status, text }: Seen): boolean =>
  (status === 404 || status === 400) && !text.includes(mark) && !text.includes('"internal"')

const everybodyElse = [
  'of her group',
  'of another group',
  'of her group in a browser',
  'of another group in a browser',
] as const

describe.each(everybodyElse)('a second caller %s', (who) => {
  it.each(probes)('does not reach %s', async (_what, ask) => {
    verifies('shares.two-users')
    expect(await askedBy(others[who] ?? {}, ...ask(owned))).toSatisfy(isNotThere)
  })

  it.each(endings)('does not end %s', async (_what, ask, still) => {
    verifies('shares.two-users')
    const [method, path, body] = ask(owned)
    expect(await askedBy(others[who] ?? {}, method, path, body)).toSatisfy(isNotThere)
    const there = await asked(ann, ...still(owned))
    expect(there.status).toBe(200)
    expect(there.text).toContain(path.split('/')[3])
  })

  it.each(uses)('neither %s', async (_what, ask) => {
    verifies('shares.two-users')
    service.script([{ kind: 'turn', text: 'Nothing.' }])
    expect(await askedBy(others[who] ?? {}, ...ask(owned))).toSatisfy(isNotThere)
    // No model is told of it either.
    expect(JSON.stringify(service.lastAsked())).not.toContain(`${mark} sells`)
  })

  it.each(withoutTheLink)('is not given %s', async (_what, ask) => {
    verifies('shares.two-users')
    expect(await askedBy(others[who] ?? {}, ...ask(owned))).toSatisfy(isNotThere)
  })

  it.each(lists)('finds nothing of hers in %s', async (path) => {
    verifies('shares.two-users')
    const { status, text } = await askedBy(others[who] ?? {}, 'GET', path)
    expect(status).toBe(200)
    expect(text).not.toContain(mark)
    for (const id of Object.values(owned).filter((each) => each.length > 8)) expect(text).not.toContain(id)
  })

  it('finds nothing of hers by searching', async () => {
    verifies('shares.two-users')
    const found = await askedBy(others[who] ?? {}, ...search, { text: mark })
    expect([found.status, JSON.parse(found.text)]).toMatchObject([200, { data: [] }])
    expect((await asked(ann, ...search, { text: mark })).text).toContain(owned.conversation)
  })

  it('goes on behind nothing of hers in a list', async () => {
    verifies('shares.two-users')
    const { conversation, file, container } = owned
    for (const path of [
      `/v1/conversations?after=${conversation}`,
      `/v1/files?after=${file}`,
      `/v1/containers?after=${container}`,
    ]) {
      const { status, text } = await askedBy(others[who] ?? {}, 'GET', path)
      expect([path, status, JSON.parse(text)]).toMatchObject([path, 200, { data: [], has_more: false }])
    }
  })

  it('is not answered in place of her where it repeats the name of her request', async () => {
    verifies('shares.two-users')
    const run = (by: Record<string, string>, code: string) =>
      askedBy({ ...by, 'idempotency-key': 'one' }, 'POST', '/v1/execute', { language: 'python', code })
    expect(await run({ authorization: `Bearer ${ann}` }, `print("${mark}")`)).toMatchObject({ status: 200 })
    const own = await run(others[who] ?? {}, `print("${who}")`)
    expect(own.status).toBe(200)
    expect(own.text).not.toContain(mark)
  })
})

it.each(everybodyElse.filter((who) => who.includes('another')))(
  'a caller %s sees no approval of hers, and decides none',
  async (who) => {
    verifies('shares.two-users')
    const by = others[who] ?? {}
    expect((await askedBy(by, ...approvalList)).text).not.toContain(owned.approval)
    for (const [what, ask] of ofHerGroup) expect([what, (await askedBy(by, ...ask(owned))).status]).toEqual([what, 404])
    expect((await asked(ann, 'GET', `/v1/approvals/${owned.approval}`)).text).toContain('"pending"')
  },
)

it('nobody else complains of a decision about a call of hers', async () => {
  verifies('shares.two-users')
  const asks = everybodyElse.flatMap((who) => complaints.map(([what, ask]) => ({ who, what, ask })))
  // Each waits for a decision that may be on its way.
  const seen = await Promise.all(asks.map(async ({ ask, who }) => askedBy(others[who] ?? {}, ...ask(owned))))
  expect(seen.map(({ status }) => status)).toEqual(asks.map(() => 404))
})

it('nobody reaches anything of hers without a key, but by the link that she made', async () => {
  verifies('shares.two-users')
  for (const [what, ask] of [...probes, ...uses, ...complaints, ...ofHerGroup]) {
    expect([what, (await askedBy({}, ...ask(owned))).status]).toEqual([what, 401])
  }
  for (const [what, ask] of withoutTheLink) {
    expect([what, await askedBy({}, ...ask(owned))]).toSatisfy(([, seen]: [string, Seen]) => isNotThere(seen))
  }
  const { link, secret, fileLink } = owned
  expect((await askedBy({}, 'POST', `/v1/shares/${link}/open`, { secret })).text).toContain(mark)
  expect((await askedBy({}, 'GET', `/v1/files/links/${fileLink}`)).text).toContain(mark)
})

it('she herself has all of it, uses it, and ends it', async () => {
  verifies('shares.two-users')
  service.script([])
  const all = [...probes, ...uses, ...complaints, ...endings]
  for (const [what, ask] of all) {
    const { status, text } = await asked(ann, ...ask(owned))
    expect([what, status, status < 300 ? '' : text]).toEqual([what, status, ''])
  }
})

it('every route is asked for what is somebody else’s, or is said to reach nobody', () => {
  verifies('shares.two-users')
  expect(unprobed(serviceContract.routes)).toEqual([])
  const added = { id: 'notes.show', method: 'get' as const, path: '/v1/notes/{id}' }
  expect(unprobed([...serviceContract.routes, added])).toEqual(['notes.show'])
})
