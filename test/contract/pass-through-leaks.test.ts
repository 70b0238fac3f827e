import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { found } from '../support/http/leak-search.ts'
import { WatchedService } from '../support/http/watched-service.ts'
import { canaries, upstreamCookie } from '../support/http/upstream/canaries.ts'
import { upstreamFaults, type UpstreamFault } from '../support/http/upstream/upstream-faults.ts'

/** What callers write in bodies: of no concern to whoever operates the service. */
const written = {
  prompt: 'prompt canary: my number is 078-05-1120',
  system: 'system canary “é”',
  arguments: 'tool-arguments-canary',
  result: 'tool-result-canary',
  toolName: 'tool_name_canary',
  description: 'description-of-a-tool-canary',
  fileName: 'file-name-canary.pdf',
  file: Buffer.from('file-content-canary').toString('base64'),
  metadata: 'metadata-canary',
  user: 'user-canary@example.com',
  later: 'later-member-canary',
}

/** What callers send beside bodies, none of which is for an upstream. */
const sent = {
  cookie: 'session=cookie-of-caller-canary',
  'proxy-authorization': 'Basic proxy-authorization-canary',
  'x-forwarded-for': '203.0.113.77',
  'x-trace-note': 'unlisted-header-canary',
  referer: 'https://referer-canary.example/',
  'user-agent': 'user-agent-canary/1.0',
  'x-stainless-lang': 'stainless-canary',
}

/** In the place of names, where a service may be tempted to repeat them. */
const named = {
  model: 'model-name-canary',
  id: 'resp_idcanary',
  path: 'path-canary',
  query: 'query-canary',
  key: 'sp-wrong-key-canary-0123456789',
  broken: 'broken-json-canary',
}

const prefix = '/base-path-canary'

const user = { role: 'user', content: written.prompt }
const later = { x_later: { [written.later]: [written.later] }, metadata: { note: written.metadata } }
const parameters = { type: 'object', properties: { city: { type: 'string', description: written.description } } }
const chatFunction = { name: written.toolName, description: written.description, parameters }
const chatCall = { id: 'call_1', type: 'function', function: { name: written.toolName, arguments: written.arguments } }
const dataUrl = `data:application/pdf;base64,${written.file}`

const bodies = {
  '/v1/chat/completions': {
    model: 'gpt-5',
    user: written.user,
    ...later,
    messages: [
      { role: 'developer', content: written.system },
      { role: 'user', content: [{ type: 'file', file: { filename: written.fileName, file_data: dataUrl } }] },
      { role: 'assistant', content: null, tool_calls: [chatCall] },
      { role: 'tool', tool_call_id: 'call_1', content: written.result },
      user,
    ],
    tools: [{ type: 'function', function: chatFunction }],
  },
  '/v1/responses': {
    model: 'gpt-5',
    user: written.user,
    ...later,
    instructions: written.system,
    input: [
      user,
      { role: 'user', content: [{ type: 'input_file', filename: written.fileName, file_data: dataUrl }] },
      { type: 'function_call', call_id: 'c', name: written.toolName, arguments: written.arguments },
      { type: 'function_call_output', call_id: 'c', output: written.result },
    ],
    tools: [{ type: 'function', ...chatFunction }],
  },
  '/v1/messages': {
    model: 'claude-sonnet-5',
    max_tokens: 100,
    ...later,
    metadata: { user_id: written.user, note: written.metadata },
    system: written.system,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: written.prompt },
          {
            type: 'document',
            title: written.fileName,
            source: { type: 'base64', media_type: 'application/pdf', data: written.file },
          },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't', name: written.toolName, input: { city: written.arguments } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: written.result }] },
    ],
    tools: [{ name: written.toolName, description: written.description, input_schema: parameters }],
  },
} as const

type Path = keyof typeof bodies
const paths = Object.keys(bodies) as Path[]

interface Asked {
  readonly method?: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

let at: WatchedService
/** Everything that callers could read. */
const answers: string[] = []
/** Everything that reached an upstream, but for its bodies. */
const arrived: string[] = []

/** The answer as its caller sees it, kept for the search. */
async function ask({ method = 'POST', path, body, headers = {} }: Asked): Promise<number> {
  const response = await fetch(at.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      authorization: `Bearer ${at.key}`,
      ...sent,
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  // A broken connection is an answer, too.
  const text = await response.text().catch((error: Error) => error.message)
  answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`)
  return response.status
}

beforeAll(async () => {
  at = await WatchedService.start({ prefix })
})

afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

/** Asks plain and streamed, while the upstream behaves as it is told; how many calls reached it. */
async function askBoth(path: Path, fault: UpstreamFault | null): Promise<number> {
  const upstream = at.upstreamOf(path)
  const before = arrived.length
  for (const stream of [false, true]) {
    upstream.startOver()
    upstream.fault = fault
    upstream.megabytes = 20
    await ask({ path, body: { ...bodies[path], stream }, headers: { 'idempotency-key': 'idempotency-canary' } })
    arrived.push(...upstream.requests.map(({ path: to, rawHeaders }) => `${to} ${rawHeaders.join('\n')}`))
  }
  return arrived.length - before
}

describe.each(paths)('calls of %s', (path) => {
  it.each([null, ...(Object.keys(upstreamFaults) as UpstreamFault[])])(
    'are made where the upstream has: %s',
    async (fault) => {
      // Some are asked for anew.
      expect(await askBoth(path, fault)).toBeGreaterThanOrEqual(2)
    },
  )

  it('are refused for what a caller should not have sent', async () => {
    const body = bodies[path]
    at.upstreamOf(path).startOver()
    const refused: readonly Asked[] = [
      { path, body: { ...body, model: named.model } },
      { path, body: { ...body, stream: named.broken } },
      { path, body: `{"model":"gpt-5","messages":"${named.broken}", ${named.broken}` },
      { path, body: `["${named.broken}"]` },
      { path, body: `{"${named.broken}":1,"${named.broken}":2}` },
      { path, body: { ...body, tools: [{ type: `hosted_${named.broken}` }] } },
      { path, body: { ...body, previous_response_id: named.id, container: named.id, conversation: named.id } },
      { path, body, headers: { authorization: `Bearer ${named.key}` } },
      { path, body, headers: { authorization: `Basic ${named.key}`, 'x-api-key': named.key } },
      { path, body, headers: { 'content-type': `text/${named.broken}` } },
      { path: `${path}/${named.path}?note=${named.query}`, body },
      { path: `/${named.path}?note=${named.query}`, body },
      { path, method: 'PUT', body },
    ]
    const statuses = []
    for (const each of refused) statuses.push(await ask(each))
    expect(statuses.filter((status) => status < 400)).toEqual([])
    expect(at.upstreamOf(path).requests).toEqual([])
  })
})

it('other calls are made, good and bad', async () => {
  at.openai.startOver()
  at.anthropic.startOver()
  const statuses = [
    await ask({ path: '/v1/embeddings', body: { model: 'text-embedding-3-small', input: written.prompt } }),
    await ask({ path: '/v1/messages/count_tokens', body: bodies['/v1/messages'] }),
    await ask({ path: '/v1/responses', body: { ...bodies['/v1/responses'], store: true } }),
  ]
  const id = /"id":"(resp_[^"]+)"/.exec(answers.at(-1) ?? '')?.[1] ?? ''
  for (const [method, path] of [
    ['GET', `${id}?note=${named.query}`],
    ['GET', `${id}/input_items`],
    ['POST', `${id}/cancel`],
    ['DELETE', id],
    ['GET', named.id],
    ['DELETE', named.id],
  ] as const) {
    statuses.push(await ask({ method, path: `/v1/responses/${path}` }))
  }
  statuses.push(await ask({ method: 'GET', path: '/v1/models' }))
  statuses.push(await ask({ method: 'GET', path: `/v1/models/${named.model}` }))
  // A query that the endpoint does not have is refused.
  expect(statuses).toEqual([200, 200, 200, 400, 200, 200, 200, 404, 404, 200, 404])
})

describe('what is found afterwards', { retry: 0 }, () => {
  const ofUpstream = {
    ...canaries,
    prefix,
    cookie: upstreamCookie,
    organization: 'org-upstream',
    software: 'cloudflare',
    ray: '8f00000000000000-OSL',
  }
  const places: Record<string, string> = {}

  beforeAll(async () => {
    Object.assign(places, await at.end())
  })

  it('is looked for where it would be: the trail, the storage and the log of these calls are not empty', () => {
    const names = Object.keys(places).map((place) => place.split('/').at(-1))
    expect(names).toEqual(expect.arrayContaining(['audit.jsonl', 'sallyport.db', 'log', 'metrics']))
    expect(places['log']).toContain('passed on')
    expect(Object.entries(places).find(([place]) => place.endsWith('audit.jsonl'))?.[1]).toContain('"event":"call"')
    expect(answers.length).toBeGreaterThan(150)
    expect(arrived.length).toBeGreaterThan(130)
  })

  it('is nothing that a caller wrote, and none of its keys, in the log, the trail, the metrics or on the disk', () => {
    const secrets = { ...written, ...sent, ...named, key: at.key, idempotency: 'idempotency-canary' }
    expect(found(places, secrets)).toEqual([])
  })

  it('is no key of an upstream anywhere', () => {
    expect(found({ ...places, answers: answers.join('\n') }, { key: canaries.key })).toEqual([])
  })

  it('is nothing of an upstream in the metrics, the trail or on the disk', () => {
    const { log: _, ...others } = places
    const secrets = { ...ofUpstream, openai: at.openai.host, anthropic: at.anthropic.host }
    expect(found(others, secrets)).toEqual([])
  })

  it('is no place, header or word to operators of an upstream in any answer', () => {
    // What is wrong with a request is said in the provider's own words, which is what `advice` stands for there.
    const own = /^(?:400|404|413) /
    const secrets = { ...ofUpstream, openai: at.openai.host, anthropic: at.anthropic.host, address: '127.0.0.1' }
    const { advice: _, ...places } = secrets
    const [toCaller, rest] = [answers.filter((text) => own.test(text)), answers.filter((text) => !own.test(text))]
    expect(found({ answers: rest.join('\n') }, secrets)).toEqual([])
    expect(found({ answers: toCaller.join('\n') }, places)).toEqual([])
  })

  it('is the host of the upstream and the reason in the log', () => {
    for (const { host } of [at.openai, at.anthropic]) expect(places['log']).toContain(host)
    expect(places['log']).toContain('does not accept the key (HTTP 401)')
    expect(places['log']).toContain(canaries.advice)
  })

  it('is nothing at the upstream that the lists of headers do not let through', () => {
    expect(found({ arrived: arrived.join('\n') }, { ...sent, key: at.key })).toEqual([])
    // It is there as the caller's own: another caller's same key is another one to the provider.
    expect(arrived.join('\n')).toMatch(/idempotency-key\W+[0-9a-f]{64}/i)
    expect(arrived.join('\n')).not.toContain('idempotency-canary')
  })
})
