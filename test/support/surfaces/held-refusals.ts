import { connect } from 'node:net'
import { leaving, seenOf, type RefusingSurface } from './refusal-rows.ts'
import { keptFiles, type SurfaceService } from './surface-service.ts'

const nothingRuns = 'Nothing runs that could be ended.'
const noTool = 'No tool is asked.'
const noAction = 'Rules about actions are for tools.'

function form(text: string, name = 'a.txt'): RequestInit {
  const body = new FormData()
  body.append('file', new Blob([text]), name)
  body.append('purpose', 'user_data')
  return { body }
}

export const upload = (service: SurfaceService, key: string | null, text = 'words') =>
  service.ask('POST', '/v1/files', key, form(text))

export async function idOf(answering: Promise<Response>): Promise<string> {
  const { id } = (await (await answering).json()) as { readonly id: string }
  return id
}

/** Sends the beginning of an upload, and goes when the signal says so. */
export function uploadHalf(
  service: SurfaceService,
  key: string,
  { path = '/v1/files', signal }: { readonly path?: string; readonly signal: AbortSignal },
): Promise<Response> {
  const { hostname, port } = new URL(service.url)
  return new Promise((_answered, left) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\ncontent-length: 1000000\r\n` +
          'content-type: multipart/form-data; boundary=b\r\n\r\n' +
          '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nwords',
      )
    })
    socket.on('error', () => {})
    socket.on('close', () => left(new Error('left')))
    signal.addEventListener('abort', () => socket.destroy())
  })
}

export const fileRefusals: RefusingSurface = {
  name: '/v1/files',
  cases: {
    'no key': {
      ask: (service) => seenOf(upload(service, null)),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => seenOf(upload(service, await service.key('nothing'))),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': noTool,
    'quota empty': {
      ask: async (service) => {
        const key = await service.key()
        for (let file = 0; file < keptFiles; file += 1) await (await upload(service, key, `${file}`)).text()
        return seenOf(upload(service, key))
      },
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked':
      'A file of the caller’s own comes back as it was; one that a run made was screened before it was kept.',
    'column masked': 'A file has no columns of a source.',
    "another's object": {
      ask: async (service) => {
        const id = await idOf(upload(service, await service.key()))
        return seenOf(service.ask('GET', `/v1/files/${id}/content`, await service.key()))
      },
      status: 404,
      code: 'not-found',
      hides: /words/,
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const key = await service.key()
        return leaving(service, 'stored-file', (signal) => uploadHalf(service, key, { signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'fault', code: 'cancelled' },
    },
    'waiting for approval': noAction,
  },
}

const conversations = '/v1/conversations'
const talk = (service: SurfaceService, key: string | null) => service.post(conversations, key, {})

/** A conversation in which the model looked at a column that is masked. */
export async function talkAboutMail(service: SurfaceService, key: string): Promise<string> {
  const id = await idOf(talk(service, key))
  const call = { name: 'run_sql', arguments: JSON.stringify({ sql: 'SELECT email FROM customers LIMIT 2' }) }
  service.script([
    { kind: 'turn', calls: [call] },
    { kind: 'turn', text: 'Here they are.' },
  ])
  const messages = [{ role: 'user', content: 'Who are they?' }]
  await (await service.post('/v1/chat/completions', key, { model: 'analyst', conversation: id, messages })).text()
  return id
}

export const conversationRefusals: RefusingSurface = {
  name: conversations,
  cases: {
    'no key': {
      ask: (service) => seenOf(talk(service, null)),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => seenOf(talk(service, await service.key('nothing'))),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': noTool,
    'quota empty': 'What is said in a conversation counts where it is asked; the conversation itself is not counted.',
    'output blocked':
      'What a run said was screened before it was kept; what the caller put there comes back as it was.',
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return seenOf(service.ask('GET', `${conversations}/${await talkAboutMail(service, key)}/items`, key))
      },
      status: 200,
      code: null,
      says: /Here they are/,
      hides: /@[a-z]+\./,
      audit: { event: 'tool-result', tool: 'run_sql' },
    },
    "another's object": {
      ask: async (service) => {
        const id = await idOf(talk(service, await service.key()))
        return seenOf(service.ask('DELETE', `${conversations}/${id}`, await service.key()))
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: nothingRuns,
    'waiting for approval': noAction,
  },
}

const take = (service: SurfaceService, key: string | null, id: string) =>
  seenOf(service.ask('GET', `${conversations}/${id}/export?format=md`, key))

export const exportRefusals: RefusingSurface = {
  name: `${conversations}/{id}/export`,
  cases: {
    'no key': {
      ask: (service) => take(service, null, 'conv_1'),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': 'Whoever had a use for a conversation may take it away, whatever the group may ask by now.',
    'tool not granted': noTool,
    'quota empty': 'It is not counted: nothing is asked and nothing is run.',
    'output blocked': 'What a run said was screened before it was kept.',
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return take(service, key, await talkAboutMail(service, key))
      },
      status: 200,
      code: null,
      says: /Here they are/,
      hides: /@[a-z]+\./,
      audit: { event: 'conversation', action: 'export' },
    },
    "another's object": {
      ask: async (service) => take(service, await service.key(), await idOf(talk(service, await service.key()))),
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: nothingRuns,
    'waiting for approval': noAction,
  },
}

const again = async (service: SurfaceService, key: string | null, id: string, known: string | null = null) => {
  const session = known ?? (await idOf(service.post('/v1/sessions', key, {})))
  return seenOf(service.post(`${conversations}/${id}/replay`, key, { session }))
}

const asInTheConversation = 'What is refused in this way has not run in the conversation, and is not run again.'

export const replayRefusals: RefusingSurface = {
  name: `${conversations}/{id}/replay`,
  cases: {
    'no key': {
      ask: (service) => again(service, null, 'conv_1', 'session_1'),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => again(service, await service.key('nothing'), `conv_${'0'.repeat(32)}`, 'session_1'),
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    'tool not granted': asInTheConversation,
    'quota empty': 'Nothing has run for whoever may ask nothing; what is asked counts as of POST /v1/responses.',
    'output blocked': asInTheConversation,
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return again(service, key, await talkAboutMail(service, key))
      },
      status: 200,
      code: null,
      says: /Ran again all 1/,
      hides: /@[a-z]+\./,
      audit: { event: 'conversation', action: 'replay' },
    },
    "another's object": {
      ask: async (service) => {
        const id = await talkAboutMail(service, await service.key())
        return again(service, await service.key(), id)
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: 'It is a response and ends with its caller as one; what ended so when it first ran is not run again.',
    'waiting for approval': {
      ask: async (service) => {
        const key = await service.key()
        const call = { name: 'run_sql', arguments: JSON.stringify({ sql: 'SELECT phone FROM customers LIMIT 1' }) }
        const id = await idOf(talk(service, key))
        const ask = async () => {
          service.script([
            { kind: 'turn', calls: [call] },
            { kind: 'turn', text: 'Here.' },
          ])
          const body = { model: 'analyst', input: 'Whom do I call?', conversation: id }
          return await (await service.post('/v1/responses', key, body)).text()
        }
        const [approval = ''] = /apr-[\w-]+/.exec(await ask()) ?? []
        const approver = await service.key('open', ['approve'])
        await (await service.post(`/v1/approvals/${approval}`, approver, { verdict: 'allow' })).text()
        await ask()
        return again(service, key, id)
      },
      status: 403,
      code: 'approval-required',
      says: /apr-/,
      audit: { event: 'approval-asked', tool: 'run_sql' },
    },
  },
}

const explain = (service: SurfaceService, key: string | null, run: string) =>
  seenOf(service.ask('GET', `/v1/runs/${run}/explanation`, key))

/** The last run of a conversation. */
export async function runIn(service: SurfaceService, key: string, id: string): Promise<string> {
  const items = await service.ask('GET', `${conversations}/${id}/items?limit=1`, key)
  return ((await items.json()) as { readonly data: readonly { readonly run: string }[] }).data[0]?.run ?? ''
}

export const explanationRefusals: RefusingSurface = {
  name: '/v1/runs/{id}/explanation',
  cases: {
    'no key': {
      ask: (service) => explain(service, null, 'run_1'),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': 'Whoever had a use for a run may ask why it went as it did, whatever the group may ask by now.',
    'tool not granted': noTool,
    'quota empty': 'It is not counted: nothing is asked and nothing is run.',
    'output blocked': 'It holds no words of a run but those of gates, which were screened before they were kept.',
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return explain(service, key, await runIn(service, key, await talkAboutMail(service, key)))
      },
      status: 200,
      code: null,
      says: /"run\.explanation"/,
      hides: /@[a-z]+\./,
      audit: { event: 'tool-result', tool: 'run_sql' },
    },
    "another's object": {
      ask: async (service) => {
        const key = await service.key()
        const run = await runIn(service, key, await talkAboutMail(service, key))
        return explain(service, await service.key(), run)
      },
      status: 404,
      code: 'not-found',
      audit: null,
    },
    cancelled: nothingRuns,
    'waiting for approval': noAction,
  },
}
