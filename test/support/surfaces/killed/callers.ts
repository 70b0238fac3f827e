import { Acknowledged } from './acknowledged.ts'
import { programOf, type KilledService } from './killed-service.ts'

/** One caller of one surface: asks, and notes what it was told. Rejects where the connection breaks. */
type Caller = (service: KilledService, told: Acknowledged) => Promise<void>

/** Rejects for an answer of another status than 200 or 201, which is noted. */
async function good(answering: Promise<Response>, told: Acknowledged): Promise<Response> {
  const answer = await answering
  if (answer.ok) return answer
  told.wrong.push(`${answer.status} of ${answer.url.replace(/^.*?\d\//, '/')}: ${await answer.text()}`)
  throw new Error('wrong')
}

async function json<Body>(answering: Promise<Response>, told: Acknowledged): Promise<Body> {
  return (await (await good(answering, told)).json()) as Body
}

/** The events of a stream, each when it has come whole. */
export async function* eventsOf(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      if (data !== undefined) yield data
    }
  }
}

const question = { role: 'user', content: 'Go on, please.' } as const
const analyst = { model: 'analyst' } as const

/** When a word of one step is seen, what stood before it is kept. */
const chat: Caller = async (service, told) => {
  const { id } = await json<{ readonly id: string }>(service.ask('POST', '/v1/conversations', {}), told)
  const seen = { id, texts: [] as string[] }
  told.conversations.push(seen)
  const items = { items: [{ type: 'message', role: 'user', content: 'Look at it.' }] }
  await json(service.ask('POST', `/v1/conversations/${id}/items`, items), told)
  seen.texts.push('Look at it.')
  const body = { ...analyst, conversation: id, stream: true, messages: [question] }
  let text = ''
  for await (const data of eventsOf(await good(service.ask('POST', '/v1/chat/completions', body), told))) {
    if (data === '[DONE]') {
      seen.texts.push('Done.')
      return
    }
    const chunk = JSON.parse(data) as { readonly choices: readonly { readonly delta: { readonly content?: string } }[] }
    text += chunk.choices[0]?.delta.content ?? ''
    const spoken = [...text.matchAll(/Step \d\./g)].map(([words]) => words)
    for (const words of spoken.slice(0, -1)) if (!seen.texts.includes(words)) seen.texts.push(words)
  }
}

interface ResponseEvent {
  readonly type: string
  readonly sequence_number: number
  readonly response?: { readonly id: string }
  readonly item?: { readonly id: string }
}

const streamed: Caller = async (service, told) => {
  const answer = await good(service.ask('POST', '/v1/responses', { ...analyst, input: 'Go.', stream: true }), told)
  let seen: Acknowledged['responses'][number] | null = null
  for await (const data of eventsOf(answer)) {
    const event = JSON.parse(data) as ResponseEvent
    if (seen === null && event.response !== undefined) {
      seen = { id: event.response.id, items: [], last: null, isComplete: false }
      told.responses.push(seen)
    }
    if (seen === null) continue
    seen.last = event.sequence_number
    if (event.type === 'response.output_item.done') seen.items.push(event.item?.id ?? '')
    if (event.type === 'response.completed') seen.isComplete = true
  }
}

const whole: Caller = async (service, told) => {
  const body = { ...analyst, input: 'Go.' }
  const done = await json<{ readonly id: string; readonly output: readonly { readonly id: string }[] }>(
    service.ask('POST', '/v1/responses', body),
    told,
  )
  told.responses.push({ id: done.id, items: done.output.map(({ id }) => id), last: null, isComplete: true })
}

const background: Caller = async (service, told) => {
  const body = { ...analyst, input: 'Go.', background: true }
  const { id } = await json<{ readonly id: string }>(service.ask('POST', '/v1/responses', body), told)
  const seen = { id, items: [] as string[], last: null, isComplete: false }
  told.responses.push(seen)
  while (!seen.isComplete) {
    const now = await json<{
      readonly status: string
      readonly output: readonly { readonly id: string; readonly status: string }[]
    }>(service.ask('GET', `/v1/responses/${id}`), told)
    const done = now.output.filter(({ status }) => status === 'completed').map((item) => item.id)
    seen.items.splice(0, seen.items.length, ...done)
    seen.isComplete = now.status === 'completed'
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** In a session of its own. */
const execute: Caller = async (service, told) => {
  const { id } = await json<{ readonly id: string }>(service.ask('POST', '/v1/sessions', {}), told)
  told.sessions.push(id)
  for (let step = 1; step <= 4; step += 1) {
    const body = { code: programOf(step), session: id, stream: step % 2 === 0 }
    const answer = await good(service.ask('POST', '/v1/execute', body), told)
    const text = await answer.text()
    const isOver = text.includes(`${step}\\n`)
    if (isOver) told.ended.push({ requestId: answer.headers.get('x-request-id') ?? '', event: 'execution-result' })
    else told.wrong.push(`a program said ${text}`)
  }
  await good(service.ask('DELETE', `/v1/sessions/${id}`), told)
  told.sessions.pop()
}

const mcp: Caller = async (service, told) => {
  const headers = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' }
  const call = { name: 'run_python', arguments: { code: programOf(1) } }
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }
  const answer = await good(service.ask('POST', '/mcp', body, headers), told)
  const text = await answer.text()
  if (text.includes('"outcome":"ok"'))
    told.ended.push({ requestId: answer.headers.get('x-request-id') ?? '', event: 'mcp-call' })
  else told.wrong.push(`a call over MCP said ${text}`)
}

const e2b: Caller = async (service, told) => {
  const opened = await json<{ readonly sandboxID: string; readonly envdAccessToken: string }>(
    service.ask('POST', '/v2/sandboxes', { templateID: 'code-interpreter-v1', timeout: 300 }),
    told,
  )
  const [id, token] = [opened.sandboxID, opened.envdAccessToken]
  told.sandboxes.push({ id, token })
  const headers = { 'e2b-sandbox-id': id, 'x-access-token': token }
  for (let step = 1; step <= 4; step += 1) {
    const answer = await good(service.ask('POST', '/execute', { code: programOf(step) }, headers), told)
    const text = await answer.text()
    if (!text.includes('number_of_executions')) throw new Error('cut')
    told.ended.push({ requestId: answer.headers.get('x-request-id') ?? '', event: 'execution-result' })
  }
  await good(service.ask('DELETE', `/sandboxes/${id}`), told)
  told.sandboxes.pop()
}

let uploads = 0

/** What it holds stands in its name: half of one would be known. */
export const contentOf = (name: string): string => `${name};`.repeat(Number(/\d+/.exec(name)?.[0] ?? 0))

const files: Caller = async (service, told) => {
  uploads += 1
  const name = `${((uploads * 7_919) % 60_000) + 1}-${uploads}.txt`
  const form = new FormData()
  form.append('file', new Blob([contentOf(name)]), name)
  form.append('purpose', 'user_data')
  const kept = await json<{ readonly id: string }>(service.ask('POST', '/v1/files', form), told)
  told.files.set(kept.id, contentOf(name))
}

/** One that is given files and in which a response runs, and which is not deleted. */
const container: Caller = async (service, told) => {
  const made = await json<{ readonly id: string }>(service.ask('POST', '/v1/containers', { name: 'work' }), told)
  const given: string[] = []
  told.containers.set(made.id, given)
  for (let step = 1; step <= 4; step += 1) {
    const form = new FormData()
    form.append('file', new Blob([`given ${step}`]), `${step}.txt`)
    const path = `/v1/containers/${made.id}/files`
    given.push((await json<{ readonly id: string }>(service.ask('POST', path, form), told)).id)
  }
  const tools = [{ type: 'code_interpreter', container: made.id }]
  const body = { ...analyst, input: 'Go.', tools }
  const done = await json<{ readonly id: string }>(service.ask('POST', '/v1/responses', body), told)
  told.responses.push({ id: done.id, items: [], last: null, isComplete: true })
  await good(service.ask('DELETE', `/v1/containers/${made.id}`), told)
  told.containers.delete(made.id)
}

const callers: readonly Caller[] = [chat, streamed, whole, background, execute, mcp, e2b, files, container]

/** All surfaces are asked at a time, again and again, until the service does not answer. */
export function callEverything(
  service: KilledService,
  until: 'step' | 'end',
): {
  readonly told: Acknowledged
  /** Resolves when each kind of thing was acknowledged, and a step of a run, or a whole one. */
  readonly begun: Promise<void>
  /** Resolves when the last of them has noticed. */
  readonly over: Promise<unknown>
} {
  const told = new Acknowledged()
  const callOn = async (caller: Caller): Promise<never> => {
    for (;;) await caller(service, told)
  }
  const over = Promise.all(callers.map((caller) => callOn(caller).catch(() => undefined)))
  const begin = async (): Promise<void> => {
    const { steps, completed, texts, files: kept, ended } = told.counts
    const runs = until === 'step' ? steps : completed
    const isBegun = runs > 0 && texts > 1 && kept > 0 && ended > 0
    if (isBegun || told.wrong.length > 0) return
    service.alive.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await begin()
  }
  return { told, begun: begin(), over }
}
