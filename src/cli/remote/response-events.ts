import { z } from 'zod'
import type { AgentEnding, AgentEvent, ToolSource } from '../../core/events.ts'
import { errorCodes, errorTable } from '../../core/error-table.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ToolName } from '../../core/grant.ts'
import { stateOfEnding } from '../../core/conversations.ts'
import { groundingOf, groundingSchema } from '../../surfaces/wire/grounding.ts'
import { stepsOfLines } from '../../core/plan.ts'

const item = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string().optional(),
  status: z.string().optional(),
  output: z.string().nullish(),
  error: z.string().nullish(),
  summary: z.array(z.looseObject({ text: z.string().optional() })).optional(),
  outputs: z.array(z.looseObject({ logs: z.string().optional() })).nullish(),
})

/** What is read of an event of OpenAI Responses; one of a type that is not known says nothing here. */
const eventSchema = z.looseObject({
  type: z.string(),
  item_id: z.string().optional(),
  delta: z.string().optional(),
  code: z.string().nullish(),
  arguments: z.string().optional(),
  message: z.string().optional(),
  item: item.optional(),
  approval: z.looseObject({ id: z.string().regex(/^[\w-]{1,100}$/) }).optional(),
  annotation: z
    .looseObject({
      container_id: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    })
    .optional(),
  response: z
    .looseObject({
      id: z.string(),
      error: z.looseObject({ message: z.string() }).nullish(),
      usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }).loose().nullish(),
      sallyport: z
        .looseObject({
          ending: z.string(),
          steps: z.int(),
          code: z.enum(errorCodes).optional(),
          approval: z.object({ id: z.string(), expires_at: z.iso.datetime() }).optional(),
          grounding: groundingSchema.optional(),
        })
        .optional(),
    })
    .optional(),
})

type WireEvent = z.output<typeof eventSchema>

export interface CitedFile {
  readonly container: string
  readonly id: string
  readonly name: string
}

const sqlArguments = z.looseObject({ statement: z.string().optional(), code: z.string().optional() })

/** Reads the stream of a response back into the events of a run, as far as they are told. */
export class ResponseReader {
  readonly #now: () => number
  readonly #begun = new Map<string, { readonly tool: string; readonly at: number }>()
  readonly #names = new Map<string, string>()
  readonly #start: number
  /** Files that the answer links to. */
  readonly files: CitedFile[] = []
  /** Ids of approvals that calls have begun to wait for. */
  readonly awaited: string[] = []
  /** The run that it is; null before it began. */
  run: string | null = null

  /** `now`: milliseconds since any fixed point. */
  constructor(now: () => number) {
    this.#now = now
    this.#start = now()
  }

  /** Throws `service-unavailable` for what is no event of a response, and what the service has against one that it does not begin. */
  take(data: string): readonly AgentEvent[] {
    const event = readEvent(data)
    const { type, item_id: id = '' } = event
    if (type === 'error' && this.run === null) throw refusalOf(event)
    if (type === 'response.created') this.run = event.response?.id.replace(/^resp_/, 'run_') ?? null
    else if (type === 'response.output_text.delta') return [{ type: 'text-delta', step: 1, text: event.delta ?? '' }]
    else if (type === 'response.output_item.added') this.#names.set(event.item?.id ?? '', event.item?.name ?? '')
    else if (type === 'response.code_interpreter_call_code.done') {
      return [this.#call(id, 'run_python', { language: 'python', text: event.code ?? '' })]
    } else if (type === 'response.mcp_call_arguments.done') {
      return [this.#call(id, this.#names.get(id) ?? 'tool', sourceOf(event.arguments ?? ''))]
    } else if (type === 'response.output_item.done') return this.#done(event)
    else if (type === 'response.output_text.annotation.added') this.#cite(event)
    else if (type === 'sallyport.approval_requested' && event.approval) this.awaited.push(event.approval.id)
    else if (/^response\.(?:completed|incomplete|failed|cancelled)$/.test(type)) return [this.#end(event)]
    return []
  }

  #call(callId: string, tool: string, source: ToolSource | null): AgentEvent {
    this.#begun.set(callId, { tool, at: this.#now() })
    return { type: 'tool-call', callId, tool, source: source?.text === '' ? null : source }
  }

  #done({ item: ended }: WireEvent): readonly AgentEvent[] {
    if (ended?.type === 'reasoning') {
      const steps = (ended.summary ?? []).flatMap(({ text = '' }) => stepsOfLines(text))
      return steps.length === 0 ? [] : [{ type: 'plan', steps }]
    }
    const begun = ended === undefined ? undefined : this.#begun.get(ended.id)
    if (ended === undefined || begun === undefined) return []
    const { tool, at } = begun
    const said = ended.error ?? ended.output ?? (ended.outputs ?? []).map(({ logs = '' }) => logs).join('\n')
    if (ended.status === 'failed') return [{ type: 'tool-failure', callId: ended.id, tool, message: said }]
    const [summary = ''] = said.trim().split('\n')
    const result = { callId: ended.id, tool: tool as ToolName, milliseconds: this.#now() - at, cell: null, table: null }
    return [{ type: 'tool-result', ...result, ranIn: 'the service', summary: summary === '' ? 'done' : summary }]
  }

  #cite({ annotation }: WireEvent): void {
    const { container_id: container, file_id: id, filename: name } = annotation ?? {}
    if (container === undefined || id === undefined || name === undefined) return
    this.files.push({ container, id, name })
  }

  #end({ response }: WireEvent): AgentEvent {
    const { ending = 'failed', steps = 0, code, approval, grounding } = response?.sallyport ?? {}
    const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = response?.usage ?? {}
    return {
      type: 'end',
      ending: Object.hasOwn(stateOfEnding, ending) ? (ending as AgentEnding) : 'failed',
      // The words of the answer say already why it is not whole.
      message: null,
      ...(code === undefined ? {} : { code }),
      ...(approval === undefined ? {} : { approval: { id: approval.id, expires: new Date(approval.expires_at) } }),
      ...(grounding === undefined ? {} : { grounding: groundingOf(grounding) }),
      usage: { inputTokens, outputTokens },
      steps,
      milliseconds: this.#now() - this.#start,
    }
  }
}

/** The event has the code that OpenAI's clients know. */
function refusalOf({ code, message = 'The service does not begin the answer.' }: WireEvent): ServiceError {
  const known = errorCodes.find((name) => name === code || errorTable[name].openaiCode === code)
  // The message holds the advice already.
  return new ServiceError(known ?? 'service-unavailable', message, { advice: '' })
}

function sourceOf(text: string): ToolSource | null {
  try {
    const { statement, code } = sqlArguments.parse(JSON.parse(text))
    if (statement !== undefined) return { language: 'sql', text: statement }
    return code === undefined ? null : { language: 'javascript', text: code }
  } catch {
    return null
  }
}

function readEvent(data: string): WireEvent {
  try {
    return eventSchema.parse(JSON.parse(data))
  } catch (cause) {
    throw new ServiceError('service-unavailable', 'What answered at this address does not stream as Sallyport does', {
      cause,
    })
  }
}

/** Longest line of a stream, in characters: a whole response is one. */
const longestLine = 64 * 1024 * 1024

/** The data of each server-sent event; comments are passed over. Throws `service-unavailable` where a line does not end. */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true })
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length > longestLine) {
      throw new ServiceError('service-unavailable', 'The service sends a line that does not end')
    }
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line.trimEnd())?.[1]
      if (data !== undefined && data !== '[DONE]') yield data
    }
  }
}
