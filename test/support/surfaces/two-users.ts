import type { RouteContract } from '../../../src/surfaces/openapi/contract.ts'

/** Stands in everything that is Ann's. */
export const mark = 'heliotrope'

/** What Ann has, by ids. */
export interface Owned {
  readonly conversation: string
  readonly run: string
  readonly item: string
  readonly response: string
  readonly file: string
  readonly fileLink: string
  readonly session: string
  readonly container: string
  readonly containerFile: string
  readonly share: string
  readonly link: string
  readonly secret: string
  readonly approval: string
  readonly answer: string
  readonly decision: string
  readonly appeal: string
}

type Ask = (of: Owned) => readonly [method: string, path: string, body?: object]

const ownItems = { items: [{ role: 'user', content: 'mine' }] }
const question = { model: 'analyst', messages: [{ role: 'user', content: 'And now?' }] }
const input = { model: 'analyst', input: 'And now?' }
const withFile = (file: string) => [{ type: 'code_interpreter', container: { type: 'auto', file_ids: [file] } }]

/** What is Ann's, each in every way in which it could be reached by its id: she is given it, everybody else hears that it is not there. */
export const probes: readonly (readonly [what: string, ask: Ask])[] = [
  ['a conversation', ({ conversation }) => ['GET', `/v1/conversations/${conversation}`]],
  ['its items', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/items`]],
  ['its export as a notebook', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/export?format=ipynb`]],
  ['its export as Markdown', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/export?format=md`]],
  ['its export as a page', ({ conversation }) => ['GET', `/v1/conversations/${conversation}/export?format=html`]],
  ['its title', ({ conversation }) => ['POST', `/v1/conversations/${conversation}`, { title: 'mine' }]],
  ['another item of it', ({ conversation }) => ['POST', `/v1/conversations/${conversation}/items`, ownItems]],
  ['the conversation, to share it', ({ conversation }) => ['POST', '/v1/shares', { conversation, audience: 'group' }]],
  ['a run, to share it', ({ run }) => ['POST', '/v1/shares', { run, audience: 'group' }]],
  ['why a run did what it did', ({ run }) => ['GET', `/v1/runs/${run}/explanation`]],
  ['tables of a run', ({ run }) => ['GET', `/v1/runs/${run}/tables`]],
  ['rows of a table of a run', ({ run }) => ['GET', `/v1/runs/${run}/tables/1`]],
  ['a table of a run as CSV', ({ run }) => ['GET', `/v1/runs/${run}/tables/1/content?format=csv`]],
  ['a table of a run as Parquet', ({ run }) => ['GET', `/v1/runs/${run}/tables/1/content?format=parquet`]],
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
  ['an appeal', ({ appeal }) => ['GET', `/v1/appeals/${appeal}`]],
]

/** What ends something of Ann's; it has to be there for her afterwards. */
export const endings: readonly (readonly [what: string, ask: Ask, still: Ask])[] = [
  [
    'an item of a conversation',
    ({ conversation, item }) => ['DELETE', `/v1/conversations/${conversation}/items/${item}`],
    ({ conversation }) => ['GET', `/v1/conversations/${conversation}`],
  ],
  [
    'a run of a response',
    ({ response }) => ['POST', `/v1/responses/${response}/cancel`, {}],
    ({ response }) => ['GET', `/v1/responses/${response}`],
  ],
  [
    'a response',
    ({ response }) => ['DELETE', `/v1/responses/${response}`],
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
export const uses: readonly (readonly [what: string, ask: Ask])[] = [
  ['asks in a conversation', ({ conversation }) => ['POST', '/v1/chat/completions', { ...question, conversation }]],
  [
    'answers behind a response',
    ({ response }) => ['POST', '/v1/responses', { ...input, previous_response_id: response }],
  ],
  ['answers in a conversation', ({ conversation }) => ['POST', '/v1/responses', { ...input, conversation }]],
  ['asks about a file', ({ file }) => ['POST', '/v1/responses', { ...input, tools: withFile(file) }]],
  ['runs in a session', ({ session }) => ['POST', '/v1/execute', { language: 'python', code: 'print("x")', session }]],
  ['makes a container of a file', ({ file }) => ['POST', '/v1/containers', { name: 'mine', file_ids: [file] }]],
  [
    'gives a container a file',
    ({ container, file }) => ['POST', `/v1/containers/${container}/files`, { file_id: file }],
  ],
  ['runs it again', ({ conversation, session }) => ['POST', `/v1/conversations/${conversation}/replay`, { session }]],
  ['complains of an answer', ({ answer }) => ['POST', '/v1/feedback', { about: answer, verdict: 'down' }]],
]

/** What names a decision, which is looked for as long as it may be on its way. */
export const complaints: readonly (readonly [what: string, ask: Ask])[] = [
  ['complains of a decision', ({ decision }) => ['POST', '/v1/feedback', { about: decision, verdict: 'down' }]],
  ['objects to a decision', ({ decision }) => ['POST', '/v1/appeals', { decision, reason: 'harmless' }]],
]

/** What a link is the permission for, asked with one that is not whole. */
export const withoutTheLink: readonly (readonly [what: string, ask: Ask])[] = [
  ['a link, with another secret', ({ link }) => ['POST', `/v1/shares/${link}/open`, { secret: 'x'.repeat(43) }]],
  [
    'a share of a group, with the secret of a link',
    ({ share, secret }) => ['POST', `/v1/shares/${share}/open`, { secret }],
  ],
  ['a file, by a link that is cut', ({ fileLink }) => ['GET', `/v1/files/links/${fileLink.slice(0, -8)}`]],
  ['a file, by its id as a link', ({ file }) => ['GET', `/v1/files/links/${file}`]],
  [
    'a file as one of an answer',
    ({ file }) => ['GET', `/v1/artifacts/${file}?expires=4102444800&signature=${'0'.repeat(64)}`],
  ],
]

/** What a caller of her group may see, who has the scope to decide; nobody of another group. */
export const ofHerGroup: readonly (readonly [what: string, ask: Ask])[] = [
  ['an approval', ({ approval }) => ['GET', `/v1/approvals/${approval}`]],
  ['the decision of an approval', ({ approval }) => ['POST', `/v1/approvals/${approval}`, { verdict: 'allow' }]],
]

export const lists = [
  '/v1/conversations',
  '/v1/files',
  '/v1/containers',
  '/v1/sessions',
  '/v1/shares',
  '/v1/shares?of=group',
]
export const search: readonly [method: string, path: string] = ['POST', '/v1/conversations/searches']
export const approvalList: readonly [method: string, path: string] = ['GET', '/v1/approvals']

/** Routes by which nothing is reached that one caller has, with the reason. */
const reachNobody: Readonly<Record<string, string>> = {
  'models.list': 'what a group may ask',
  'models.show': 'what a group may ask',
  'embeddings.create': 'keeps nothing',
  'messages.create': 'keeps nothing',
  'messages.count': 'keeps nothing',
  'filters.check': 'keeps nothing',
  'actions.check': 'keeps nothing',
  'sql.run': 'rows of a source as the group may see them',
  'sql.check': 'runs nothing',
  'sources.list': 'what a group may ask',
  'sources.show': 'what a group may ask',
  'sessions.open': 'makes something new, which names nothing',
  'files.create': 'makes something new, which names nothing',
  'conversations.create': 'makes something new, which names nothing',
  'shares.audiences': 'groups, not callers',
  'privacy.receipt': 'test/unit/surfaces/native/privacy-receipts.test.ts',
  'privacy.report': 'test/unit/surfaces/native/privacy-reports.test.ts',
  'privacy.search': 'test/unit/gateway/privacy/vault/searching.test.ts',
  'privacy.forget': 'test/unit/gateway/privacy/vault/searching.test.ts',
  'health.live': 'of the process',
  'health.ready': 'of the process',
  'health.metrics': 'of the process',
  'document.read': 'of the service',
  'document.page': 'of the service',
  'web.ways': 'of the service',
  'web.show': 'whoever asks; test/contract/surfaces/web-sessions.test.ts',
  'web.begin': 'whoever asks; test/contract/surfaces/web-sessions.test.ts',
  'web.end': 'whoever asks; test/contract/surfaces/web-sessions.test.ts',
  'web.start-oidc': 'test/contract/surfaces/web-oidc.test.ts',
  'web.finish-oidc': 'test/contract/surfaces/web-oidc.test.ts',
}

/** The ids of routes that no probe asks and that are not said to reach nobody; and of reasons that no route needs. */
export function unprobed(routes: readonly Pick<RouteContract, 'id' | 'method' | 'path'>[]): string[] {
  // Any id leads to the route that it stands in.
  const anything = new Proxy({} as Owned, { get: () => 'any-id-of-hers' })
  const asks = [...probes, ...uses, ...complaints, ...withoutTheLink, ...ofHerGroup].map(([, ask]) => ask(anything))
  const ends = endings.map(([, ask]) => ask(anything))
  const read = lists.map((path) => ['GET', path] as const)
  const asked = new Set(
    [...asks, ...ends, ...read, search, approvalList].map(([method, path]) => routeOf(method, path)),
  )
  const bare = routes.filter(({ id }) => !asked.has(id) && !Object.hasOwn(reachNobody, id)).map(({ id }) => id)
  const idle = Object.keys(reachNobody).filter((id) => asked.has(id) || !routes.some((route) => route.id === id))
  return [...bare, ...idle]

  /** The route of an address: where two fit, the one with fewer places for an id. */
  function routeOf(method: string, address: string): string {
    const path = address.replace(/\?.*/, '')
    const fitting = routes
      .filter((route) => route.method === method.toLowerCase() && patternOf(route.path).test(path))
      .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)
    const found = fitting[0]
    if (found === undefined) throw new Error(`no route is asked by ${method} ${address}`)
    return found.id
  }
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
