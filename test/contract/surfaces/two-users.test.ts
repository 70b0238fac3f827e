import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const tools = ['describe_data', 'run_sql', 'run_python', 'run_shell']
const team = { models: ['*'], tools, reveal_sql: 'always' }
/** Stands in everything that is Ann's. */
const mark = 'heliotrope'

interface Owned {
  readonly conversation: string
  readonly run: string
  readonly item: string
  readonly response: string
  readonly file: string
  readonly session: string
  readonly container: string
  readonly containerFile: string
  readonly share: string
  readonly link: string
  readonly secret: string
  readonly approval: string
  readonly answer: string
}

interface Seen {
  readonly status: number
  readonly text: string
}

let service: SurfaceService
let ann: string
let owned: Owned
/** Another key of Ann's group, and one of another group: neither is Ann. */
let others: Readonly<Record<string, string>>

async function asked(key: string | null, method: string, path: string, body?: object): Promise<Seen> {
  const answer =
    body === undefined ? await service.ask(method, path, key) : await service.post(path, key, body, { method })
  return { status: answer.status, text: await answer.text() }
}

async function made(path: string, body: object): Promise<{ readonly id: string; readonly [name: string]: unknown }> {
  const { status, text } = await asked(ann, 'POST', path, body)
  if (status >= 300) throw new Error(`${path}: ${text}`)
  return JSON.parse(text) as { readonly id: string }
}

async function uploaded(path: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([`${mark}\n`]), `${mark}.txt`)
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const answer = await service.ask('POST', path, ann, { body: form })
  const text = await answer.text()
  if (answer.status >= 300) throw new Error(`${path}: ${text}`)
  return (JSON.parse(text) as { readonly id: string }).id
}

async function everythingOfAnn(): Promise<Owned> {
  service.script([{ kind: 'turn', text: `The ${mark} sells well.` }])
  const question = { model: 'analyst', messages: [{ role: 'user', content: `How is the ${mark}?` }], store: true }
  const answered = await service.post('/v1/chat/completions', ann, question)
  const conversation = answered.headers.get('x-sallyport-conversation') ?? ''
  const answer = answered.headers.get('x-sallyport-answer') ?? ''
  await answered.text()
  const { text } = await asked(ann, 'GET', `/v1/conversations/${conversation}/items`)
  const [item] = (JSON.parse(text) as { readonly data: readonly { readonly id: string; readonly run: string }[] }).data
  const { id: response } = await made('/v1/responses', { model: 'analyst', input: `Again the ${mark}` })
  const { id: container } = await made('/v1/containers', { name: mark })
  const { id: share } = await made('/v1/shares', { conversation, audience: 'group', group: 'ann-only' })
  const link = await made('/v1/shares', { conversation, audience: 'link' })
  const waiting = await asked(ann, 'POST', '/v1/execute', { language: 'shell', code: `echo ${mark}` })
  const { approval } = JSON.parse(waiting.text) as { readonly approval: { readonly id: string } }
  return {
    conversation,
    run: item?.run ?? '',
    item: item?.id ?? '',
    response,
    file: await uploaded('/v1/files', { purpose: 'user_data' }),
    session: (await made('/v1/sessions', {})).id,
    container,
    containerFile: await uploaded(`/v1/containers/${container}/files`),
    share,
    link: link.id,
    secret: String(link['secret']),
    approval: approval.id,
    answer,
  }
}

beforeAll(async () => {
  service = await SurfaceService.start({
    sources: {},
    files: { maximum_count: 10 },
    shares: { anonymous_group: 'public' },
    gateway: { groups: { team, other: team, 'ann-only': team, public: { models: ['*'] } } },
  })
  ann = await service.key('team', ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'approve'])
  owned = await everythingOfAnn()
  const all = ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'approve'] as const
  others = { 'of her group': await service.key('team', all), 'of another group': await service.key('other', all) }
}, 120_000)
afterAll(() => service[Symbol.asyncDispose]())

type Ask = (of: Owned) => readonly [method: string, path: string, body?: object]

/** What is Ann's, each in every way in which it could be reached by its id: she is given it, everybody else hears that it is not there. */
const probes: readonly (readonly [what: string, ask: Ask])[] = [
  ['a conversation', ({ conversation }) => ['GET', `/v1/conversations/${conversation}`]],
  ['its items', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/items`]],
  ['its export as a notebook', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/export?format=ipynb`]],
  ['its export as Markdown', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/export?format=md`]],
  ['its title', ({ conversation }) => ['POST', `/v1/conversations/${conversation}`, { title: 'mine' }]],
  ['another item of it', ({ conversation }) => ['POST', `/v1/conversations/${conversation}/items`, ownItems]],
  ['an item of it', ({ conversation, item }) => ['DELETE', `/v1/conversations/${conversation}/items/${item}`]],
  ['the conversation, to share it', ({ conversation }) => ['POST', '/v1/shares', { conversation, audience: 'group' }]],
  ['a run, to share it', ({ run }) => ['POST', '/v1/shares', { run, audience: 'group' }]],
  ['why a run did what it did', ({ run }) => ['GET', `/v1/runs/${run}/explanation`]],
  ['tables of a run', ({ run }) => ['GET', `/v1/runs/${run}/tables`]],
  ['charts of a run', ({ run }) => ['GET', `/v1/runs/${run}/charts`]],
  ['tables of a response', ({ response }) => ['GET', `/v1/runs/${response}/tables`]],
  ['first rows of a file', ({ file }) => ['GET', `/v1/files/${file}/preview`]],
  ['a response', ({ response }) => ['GET', `/v1/responses/${response}`]],
  ['what a response was asked', ({ response }) => ['GET', `/v1/responses/${response}/input_items`]],
  ['a file', ({ file }) => ['GET', `/v1/files/${file}`]],
  ['what a file holds', ({ file }) => ['GET', `/v1/files/${file}/content`]],
  ['a link to a file', ({ file }) => ['POST', `/v1/files/${file}/link`, {}]],
  ['a container', ({ container }) => ['GET', `/v1/containers/${container}`]],
  ['files of a container', ({ container }) => ['GET', `/v1/containers/${container}/files`]],
  [
    'a file of a container',
    ({ container, containerFile }) => ['GET', `/v1/containers/${container}/files/${containerFile}`],
  ],
  [
    'what a file of a container holds',
    ({ container, containerFile }) => ['GET', `/v1/containers/${container}/files/${containerFile}/content`],
  ],
  ['a share', ({ share }) => ['GET', `/v1/shares/${share}`]],
  ['a link, as a share', ({ link }) => ['GET', `/v1/shares/${link}`]],
]

const ownItems = { items: [{ role: 'user', content: 'mine' }] }

/** What ends something of Ann's; it has to be there for her afterwards. */
const endings: readonly (readonly [what: string, ask: Ask, still: Ask])[] = [
  [
    'a response',
    ({ response }) => ['DELETE', `/v1/responses/${response}`],
    ({ response }) => ['GET', `/v1/responses/${response}`],
  ],
  [
    'a run of a response',
    ({ response }) => ['POST', `/v1/responses/${response}/cancel`, {}],
    ({ response }) => ['GET', `/v1/responses/${response}`],
  ],
  ['a file', ({ file }) => ['DELETE', `/v1/files/${file}`], ({ file }) => ['GET', `/v1/files/${file}`]],
  [
    'a file of a container',
    ({ container, containerFile }) => ['DELETE', `/v1/containers/${container}/files/${containerFile}`],
    ({ container, containerFile }) => ['GET', `/v1/containers/${container}/files/${containerFile}`],
  ],
  [
    'a container',
    ({ container }) => ['DELETE', `/v1/containers/${container}`],
    ({ container }) => ['GET', `/v1/containers/${container}`],
  ],
  ['a share', ({ share }) => ['DELETE', `/v1/shares/${share}`], ({ share }) => ['GET', `/v1/shares/${share}`]],
  ['a link', ({ link }) => ['DELETE', `/v1/shares/${link}`], ({ link }) => ['GET', `/v1/shares/${link}`]],
  ['a session', ({ session }) => ['DELETE', `/v1/sessions/${session}`], () => ['GET', '/v1/sessions']],
  [
    'a conversation',
    ({ conversation }) => ['DELETE', `/v1/conversations/${conversation}`],
    ({ conversation }) => ['GET', `/v1/conversations/${conversation}`],
  ],
]

/** Something new that names what is Ann's. */
const uses: readonly (readonly [what: string, ask: Ask])[] = [
  ['asks in a conversation', ({ conversation }) => ['POST', '/v1/chat/completions', { ...question, conversation }]],
  [
    'answers behind a response',
    ({ response }) => ['POST', '/v1/responses', { ...input, previous_response_id: response }],
  ],
  ['answers in a conversation', ({ conversation }) => ['POST', '/v1/responses', { ...input, conversation }]],
  ['runs in a session', ({ session }) => ['POST', '/v1/execute', { language: 'python', code: 'print("x")', session }]],
  ['runs it again', ({ conversation }) => ['POST', `/v1/conversations/${conversation}/replay`, { to: 'new' }]],
  ['complains of an answer', ({ answer }) => ['POST', '/v1/feedback', { about: answer, verdict: 'down' }]],
]
const question = { model: 'analyst', messages: [{ role: 'user', content: 'And now?' }] }
const input = { model: 'analyst', input: 'And now?' }

const lists = ['/v1/conversations', '/v1/files', '/v1/containers', '/v1/sessions', '/v1/shares', '/v1/shares?of=group']

/** 404, or what an address without such a thing is answered with. */
const isNotThere = ({ status, text }: Seen): boolean =>
  (status === 404 || status === 400) && !text.includes(mark) && !text.includes('"internal"')

describe.each(['of her group', 'of another group'])('a second caller %s', (who) => {
  it.each(probes)('does not reach %s', async (_what, ask) => {
    verifies('shares.two-users')
    const [method, path, body] = ask(owned)
    const seen = await asked(others[who] ?? '', method, path, body)
    expect(seen).toSatisfy(isNotThere)
  })

  it.each(endings)('does not end %s', async (_what, ask, still) => {
    verifies('shares.two-users')
    const [method, path, body] = ask(owned)
    expect(await asked(others[who] ?? '', method, path, body)).toSatisfy(isNotThere)
    const there = await asked(ann, ...still(owned))
    expect(there.status).toBe(200)
    expect(there.text).toContain(path.split('/')[3])
  })

  it.each(uses)('neither %s', async (_what, ask) => {
    verifies('shares.two-users')
    service.script([{ kind: 'turn', text: 'Nothing.' }])
    const [method, path, body] = ask(owned)
    const seen = await asked(others[who] ?? '', method, path, body)
    expect(seen).toSatisfy(isNotThere)
    // No model is told of it either.
    expect(JSON.stringify(service.lastAsked())).not.toContain(`${mark} sells`)
  })

  it.each(lists)('finds nothing of hers in %s', async (path) => {
    verifies('shares.two-users')
    const { status, text } = await asked(others[who] ?? '', 'GET', path)
    expect(status).toBe(200)
    expect(text).not.toContain(mark)
    for (const id of Object.values(owned).filter((each) => each.length > 8)) expect(text).not.toContain(id)
  })
})

it.each(['of her group', 'of another group'])('a caller %s finds nothing of hers by searching', async (who) => {
  verifies('shares.two-users')
  const search = { text: mark }
  const found = await asked(others[who] ?? '', 'POST', '/v1/conversations/searches', search)
  expect([found.status, JSON.parse(found.text)]).toMatchObject([200, { data: [] }])
  expect((await asked(ann, 'POST', '/v1/conversations/searches', search)).text).toContain(owned.conversation)
})

it('a caller of another group sees no approval of hers, and decides none', async () => {
  verifies('shares.two-users')
  const key = others['of another group'] ?? ''
  const { approval } = owned
  expect((await asked(key, 'GET', '/v1/approvals')).text).not.toContain(approval)
  expect((await asked(key, 'GET', `/v1/approvals/${approval}`)).status).toBe(404)
  expect((await asked(key, 'POST', `/v1/approvals/${approval}`, { verdict: 'allow' })).status).toBe(404)
  expect((await asked(ann, 'GET', `/v1/approvals/${approval}`)).text).toContain('"pending"')
})

it('nobody reaches anything of hers without a key, but by the link that she made', async () => {
  verifies('shares.two-users')
  for (const [what, ask] of [...probes, ...uses]) {
    const [method, path, body] = ask(owned)
    expect([what, (await asked(null, method, path, body)).status]).toEqual([what, 401])
  }
  const { link, share, secret } = owned
  expect((await asked(null, 'POST', `/v1/shares/${link}/open`, { secret })).text).toContain(mark)
  expect((await asked(null, 'POST', `/v1/shares/${share}/open`, { secret })).status).toBe(404)
})

it('she herself has all of it', async () => {
  const seen = await Promise.all(
    probes.filter(([, ask]) => ask(owned)[0] === 'GET').map(([, ask]) => asked(ann, ...ask(owned))),
  )
  expect(seen.map(({ status }) => status)).toEqual(seen.map(() => 200))
})
