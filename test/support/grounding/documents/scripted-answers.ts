import type { Response } from 'openai/resources/responses/responses'
import { responseEvents } from '../../http/upstream/openai-response-events.ts'
import { namelessEvent, servedEvents, servedJson, type Served } from '../../http/upstream/served.ts'
import type { RecordedRequest } from '../../http/upstream/recorded-request.ts'

const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 }
const head = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'gpt-5' } as const

/** What an upstream says to Chat Completions and Responses, whole or in pieces of some letters, as the request asks. */
export function saying(...texts: readonly string[]): (request: RecordedRequest) => Served {
  return ({ path, body }) => {
    const { stream = false } = JSON.parse(body.toString('utf8')) as { readonly stream?: boolean }
    if (path.startsWith('/v1/responses')) return said(responseOf(texts[0] ?? ''), stream)
    if (stream) return servedEvents([...chatPieces(texts), 'data: [DONE]\n\n'], {})
    const choices = texts.map((content, index) => {
      const message = { role: 'assistant', content, refusal: null }
      return { index, message, logprobs: null, finish_reason: 'stop' }
    })
    return servedJson({ ...head, object: 'chat.completion', choices, usage }, {})
  }
}

function chatPieces(texts: readonly string[]): readonly string[] {
  const piece = (index: number, delta: object, finish_reason: string | null) =>
    namelessEvent({ ...head, object: 'chat.completion.chunk', choices: [{ index, delta, finish_reason }] })
  const words = texts.flatMap((text, index) => [
    piece(index, { role: 'assistant', content: '' }, null),
    ...(text.match(/[\s\S]{1,7}/g) ?? []).map((content) => piece(index, { content }, null)),
  ])
  const ends = texts.map((_, index) => piece(index, {}, 'stop'))
  return [...words, ...ends, namelessEvent({ ...head, object: 'chat.completion.chunk', choices: [], usage })]
}

function responseOf(text: string): Omit<Response, 'output_text' | 'access_programs'> {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }]
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    model: 'gpt-5',
    output: [{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content }],
    usage: { input_tokens: 20, output_tokens: 10, total_tokens: 30 },
  } as unknown as Omit<Response, 'output_text' | 'access_programs'>
}

const said = (response: ReturnType<typeof responseOf>, stream: boolean): Served =>
  stream ? servedEvents(responseEvents(response), {}) : servedJson(response, {})
