import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SurfaceService } from './surface-service.ts'

// A whole service whose storage stands on a small disk that somebody else fills while it is at work: what its callers see, as JSON. `small` is a folder on
// that disk; the audit trail is on another.

const [small = ''] = process.argv.slice(2)
const filler = join(small, 'filler')

function fill(): void {
  const { bavail, bsize } = statfsSync(small)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
}

interface Seen {
  readonly status: number
  readonly code: string | null
}

interface Told {
  readonly id: string
  readonly status?: string
  readonly error?: { readonly code?: string } | null
  readonly output?: readonly { readonly type: string; readonly status: string; readonly code?: string }[]
  readonly data?: readonly { readonly content?: readonly { readonly text?: string }[] }[]
}

const service = await SurfaceService.start(
  {},
  {
    variables: {
      SALLYPORT_STORAGE_PATH: join(small, 'sallyport.db'),
      SALLYPORT_STATE_DIRECTORY: join(small, 'state'),
    },
  },
)
const key = await service.key()
const told = async (answering: Promise<Response>): Promise<Told> => (await (await answering).json()) as Told
const seen = async (answering: Promise<Response>): Promise<Seen> => {
  const answer = await answering
  const text = await answer.text()
  const { code = null } = text.startsWith('{') ? (JSON.parse(text) as { readonly code?: string }) : {}
  return { status: answer.status, code }
}

const upload = (content: string) => {
  const body = new FormData()
  body.append('purpose', 'user_data')
  body.append('file', new Blob([content]), 'a.txt')
  return service.ask('POST', '/v1/files', key, { body })
}
const content = async (id: string) => (await service.ask('GET', `/v1/files/${id}/content`, key)).text()
const texts = async (id: string) => {
  const { data = [] } = await told(service.ask('GET', `/v1/conversations/${id}/items?order=asc`, key))
  return data.flatMap((item) => item.content?.map(({ text = '' }) => text) ?? [])
}
const messages = [{ role: 'user', content: 'Go on.' }]
const chat = (conversation: string, stream: boolean) =>
  service.post('/v1/chat/completions', key, { model: 'analyst', conversation, stream, messages })
const respond = (more: object) => service.post('/v1/responses', key, { model: 'analyst', input: 'Go on.', ...more })
const call = (code: string) => [{ name: 'run_python', arguments: JSON.stringify({ code }) }]
/** A step that is kept, then one in whose middle the disk is full, then the last words. */
const fillsUp = () =>
  service.script([
    { kind: 'turn', text: 'First step. ', calls: call('print("one")') },
    () => {
      fill()
      return { kind: 'turn', text: 'Second step. ', calls: call('print("two")') }
    },
    { kind: 'turn', text: 'Never said.' },
  ])

const first = await told(upload('the first'))
const talk = await told(service.post('/v1/conversations', key, { items: [{ ...messages[0], type: 'message' }] }))
const before = await told(respond({}))

/** Asks in a run in whose middle the disk is full; it is so until there is `room`. */
async function playFull<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  fillsUp()
  return await ask()
}
const room = (): void => rmSync(filler)

/** The last event of a stream. */
const lastOf = async (answering: Promise<Response>) => {
  const lines = (await (await answering).text()).match(/^data: .*$/gm) ?? []
  return JSON.parse((lines.at(-1) ?? 'data: null').slice('data: '.length)) as { error?: unknown; response?: Told }
}
const outlineOf = ({ status, error, output = [] }: Told) => ({
  status,
  code: error?.code ?? null,
  output: output.map((item) => [item.type, item.status, ...(item.code === undefined ? [] : [item.code])].join(' ')),
})

const broken = await playFull(() => lastOf(chat(talk.id, true)))
const whileFull = {
  upload: await seen(upload('the second')),
  conversation: await seen(service.post('/v1/conversations', key, {})),
  chat: await seen(chat(talk.id, false)),
  response: await seen(respond({})),
  execute: await seen(service.post('/v1/execute', key, { code: 'print("x")' })),
  first: await content(first.id),
  texts: await texts(talk.id),
  before: (await told(service.ask('GET', `/v1/responses/${before.id}`, key))).status,
}
room()
service.script([{ kind: 'turn', text: 'Last step.' }])
const after = {
  goesOn: await seen(chat(talk.id, false)),
  texts: await texts(talk.id),
  first: await content(first.id),
  upload: await seen(upload('the third')),
}
const streamed = await playFull(() => lastOf(respond({ stream: true })))
room()
const whole = await playFull(() => seen(respond({})))
room()
const { id } = await playFull(() => told(respond({ background: true })))
let background: Told
do {
  await new Promise((resolve) => setTimeout(resolve, 20))
  background = await told(service.ask('GET', `/v1/responses/${id}`, key))
} while (background.status === 'in_progress')
room()
const kept = {
  streamed: outlineOf(await told(service.ask('GET', `/v1/responses/${streamed.response?.id}`, key))),
  background: outlineOf(await told(service.ask('GET', `/v1/responses/${id}`, key))),
}
const faults = service.audit().flatMap(({ fact }) => (fact.event === 'fault' ? [fact['code']] : []))
await service.close()
process.stdout.write(
  JSON.stringify({
    broken,
    whileFull,
    after,
    streamed: outlineOf(streamed.response ?? { id: '' }),
    whole,
    background: background.status,
    kept,
    faults,
  }),
)
process.exit(0)
