import { randomBytes } from 'node:crypto'
import { canaries } from './canary-model.ts'

export const newCanary = (): string => `canary${randomBytes(6).toString('hex')}`

/** What one caller saw of a response, in milliseconds from its request. */
export interface CanaryStream {
  readonly canary: string
  /** Until text of the model. */
  readonly firstText: number
  /** Until what the first program printed. */
  readonly firstResult: number
  readonly whole: number
  /** Canaries in it, of whomever. */
  readonly seen: ReadonlySet<string>
  /** What the program printed. */
  readonly printed: string
  readonly status: string
}

interface StreamEvent {
  readonly type: string
  readonly item?: { readonly type?: string; readonly outputs?: readonly { readonly logs?: string }[] | null }
  readonly response?: { readonly status?: string }
}

/** Asks a service's own model over Responses, as a stream, and reads all of it. Rejects where it is not answered with one. */
export async function readCanaryStream(
  { url, key }: { readonly url: string; readonly key: string },
  canary: string,
): Promise<CanaryStream> {
  const started = performance.now()
  const answer = await fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: 'analyst',
      input: `I am the caller of ${canary}: what is the sum?`,
      stream: true,
      store: false,
      include: ['code_interpreter_call.outputs'],
    }),
  })
  if (!answer.ok || answer.body === null) throw new Error(`answered with ${answer.status}: ${await answer.text()}`)
  let [firstText, firstResult, printed, status] = [Number.NaN, Number.NaN, '', 'cut off']
  const seen = new Set<string>()
  for await (const line of linesOf(answer.body)) {
    for (const one of line.match(canaries) ?? []) seen.add(one)
    if (!line.startsWith('data: {')) continue
    const event = JSON.parse(line.slice(6)) as StreamEvent
    const taken = performance.now() - started
    if (event.type === 'response.output_text.delta' && Number.isNaN(firstText)) firstText = taken
    if (event.type === 'response.output_item.done' && event.item?.type === 'code_interpreter_call') {
      if (Number.isNaN(firstResult)) firstResult = taken
      printed += (event.item.outputs ?? []).map(({ logs }) => logs ?? '').join('')
    }
    status = event.response?.status ?? status
  }
  return { canary, firstText, firstResult, whole: performance.now() - started, seen, printed, status }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
