import type {
  Response,
  ResponseCreateParams,
  ResponseInputItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses'
import { laterMembers, plainWords, said } from './provider-api.ts'
import { responseEvents } from './openai-response-events.ts'
import { servedEvents, servedJson, type Served } from './served.ts'

type Kept = Omit<Response, 'output_text' | 'access_programs'>
type Headers = Readonly<Record<string, string>>

function inputItems(input: ResponseCreateParams['input']): ResponseInputItem[] {
  if (input === undefined) return []
  if (typeof input !== 'string') return input
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
}

/** What a model would do: think, and then call the tools, refuse or answer. */
function outputFor(request: ResponseCreateParams, position: number): ResponseOutputItem[] {
  const asked = JSON.stringify(request.input ?? '')
  const reasoning: ResponseOutputItem = {
    id: `rs_${position}`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: said.reasoning }],
    ...(request.include?.includes('reasoning.encrypted_content') === true
      ? { encrypted_content: 'gAAAAAB+/=encrypted/content==' }
      : {}),
  }
  const functions = (request.tools ?? []).filter(({ type }) => type === 'function') as { readonly name: string }[]
  if (functions.length > 0 && !asked.includes('function_call_output')) {
    const calls = functions.map(({ name }, index): ResponseOutputItem => ({
      id: `fc_${position}_${index}`,
      type: 'function_call',
      status: 'completed',
      call_id: `call_${position}_${index}`,
      name,
      arguments: '{"city":"Oslo","note":"“é” 🌤"}',
    }))
    return [reasoning, ...calls]
  }
  const pictures = asked.split('"input_image"').length - 1
  const words = plainWords(asked)
  const plain = pictures === 0 ? words : `I see ${pictures} picture(s). ${words}`
  const text = request.text?.format?.type === 'json_schema' ? said.structured : plain
  const content = asked.includes('refuse')
    ? ({ type: 'refusal', refusal: said.refusal } as const)
    : ({ type: 'output_text', text, annotations: [], logprobs: [] } as const)
  return [
    reasoning,
    {
      id: `msg_${position}`,
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [content],
    } as ResponseOutputItem,
  ]
}

function responseFor(request: ResponseCreateParams, position: number): Kept {
  return {
    id: `resp_${position}`,
    object: 'response',
    created_at: 1_790_000_000,
    status: request.background === true ? 'queued' : 'completed',
    background: request.background ?? false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    model: request.model ?? '',
    output: request.background === true ? [] : outputFor(request, position),
    parallel_tool_calls: true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: 'medium', summary: 'auto' },
    service_tier: 'default',
    temperature: 1,
    text: request.text ?? { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: request.tools ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: {
      input_tokens: 31,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
      output_tokens: 22,
      output_tokens_details: { reasoning_tokens: 9 },
      total_tokens: 53,
    },
  }
}

/** Responses that an endpoint keeps, and what can be asked of them. */
export class KeptResponses {
  readonly #kept = new Map<string, { response: Kept; readonly input: readonly ResponseInputItem[] }>()

  create(request: ResponseCreateParams, position: number, headers: Headers): Served {
    const response = responseFor(request, position)
    if (request.store !== false) this.#kept.set(response.id, { response, input: inputItems(request.input) })
    if (request.stream !== true) return servedJson({ ...response, ...laterMembers }, headers)
    const events = responseEvents(response)
    if (!JSON.stringify(request.input ?? '').includes('slowly')) return servedEvents(events, headers)
    const firstWords = events.findIndex((event) => event.startsWith('event: response.output_text.delta\n'))
    // Several words: a service that puts values back holds what may be the beginning of one for as long as nothing follows.
    return servedEvents(events.slice(0, firstWords + 3), headers, [{ do: 'stay-silent' }])
  }

  /** `GET /responses/ID`, streamed from its beginning where that is asked for; null for an unknown id. */
  retrieve(id: string, isStreamed: boolean, headers: Headers): Served | null {
    const kept = this.#kept.get(id)
    if (kept === undefined) return null
    if (isStreamed) return servedEvents(responseEvents(kept.response), headers)
    return servedJson({ ...kept.response, ...laterMembers }, headers)
  }

  cancel(id: string, headers: Headers): Served | null {
    const kept = this.#kept.get(id)
    if (kept === undefined) return null
    kept.response = { ...kept.response, status: 'cancelled' }
    return servedJson(kept.response, headers)
  }

  delete(id: string, headers: Headers): Served | null {
    return this.#kept.delete(id) ? servedJson({ id, object: 'response', deleted: true }, headers) : null
  }

  /** Newest first, as the API lists them unless it is told otherwise. */
  inputItems(id: string, query: URLSearchParams, headers: Headers): Served | null {
    const kept = this.#kept.get(id)
    if (kept === undefined) return null
    const items = kept.input.map((item, index) => Object.assign({ id: `item_${index}` }, item))
    const ordered = query.get('order') === 'asc' ? items : items.toReversed()
    const from = ordered.findIndex((item) => item.id === query.get('after')) + 1
    const data = ordered.slice(from, from + Number(query.get('limit') ?? 20))
    const hasMore = from + data.length < ordered.length
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
    return servedJson({ object: 'list', data, ...ends, has_more: hasMore }, headers)
  }
}
