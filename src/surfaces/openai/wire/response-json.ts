import type { JsonValue } from '../../../core/json.ts'

export interface ContainerCitation {
  readonly type: 'container_file_citation'
  readonly container_id: string
  readonly file_id: string
  readonly filename: string
  /** Of the link in the text, in UTF-16 units. */
  readonly start_index: number
  readonly end_index: number
}

interface OutputText {
  readonly type: 'output_text'
  readonly text: string
  readonly annotations: readonly ContainerCitation[]
  readonly logprobs: readonly never[]
}

export interface MessageItem {
  readonly id: string
  readonly type: 'message'
  readonly status: 'in_progress' | 'completed' | 'incomplete'
  readonly role: 'assistant'
  readonly content: readonly OutputText[]
}

/** A program of Python, run in the sandbox. */
export interface CodeInterpreterItem {
  readonly id: string
  readonly type: 'code_interpreter_call'
  readonly status: 'in_progress' | 'completed' | 'failed'
  readonly code: string
  readonly container_id: string
  readonly outputs: readonly { readonly type: 'logs'; readonly logs: string }[] | null
}

/** Any other tool of the service, as `/mcp` serves it. */
export interface ToolCallItem {
  readonly id: string
  readonly type: 'mcp_call'
  readonly status: 'in_progress' | 'completed' | 'failed'
  readonly server_label: 'sallyport'
  readonly name: string
  /** JSON. */
  readonly arguments: string
  readonly output: string | null
  readonly error: string | null
}

/** What the model means to do: the one item of OpenAI's for what a model tells of its way to an answer. */
export interface PlanItem {
  readonly id: string
  readonly type: 'reasoning'
  readonly status: 'in_progress' | 'completed'
  /** A list, one line for each step. */
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[]
}

export type OutputItem = MessageItem | CodeInterpreterItem | ToolCallItem | PlanItem

export const outputText = (text: string, annotations: readonly ContainerCitation[] = []): OutputText => ({
  type: 'output_text',
  text,
  annotations,
  logprobs: [],
})

export type ResponseStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled'

/** What a response was asked with, as it is kept and told again. */
export interface ResponseHead {
  /** `resp_…` */
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
  readonly instructions: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly background: boolean
  readonly store: boolean
  readonly previous: string | null
  /** The conversation that was named; null for none. */
  readonly conversation: string | null
  /** What its caller has bounded it to; null for nothing. */
  readonly maxOutputTokens: number | null
  readonly maxToolCalls: number | null
  readonly toolChoice: 'none' | 'auto'
}

export interface ResponseState {
  readonly status: ResponseStatus
  readonly output: readonly OutputItem[]
  readonly error?: { readonly code: string; readonly message: string } | null
  readonly incompleteReason?: 'max_output_tokens' | 'content_filter' | null
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | null
  /** Beside OpenAI's members; their clients pass over what they do not know. */
  readonly sallyport?: JsonValue
}

/** A response of OpenAI's. What the service does not have is null, also where it was asked for. */
export function responseJson(head: ResponseHead, state: ResponseState) {
  const { usage = null } = state
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    status: state.status,
    background: head.background,
    error: state.error ?? null,
    incomplete_details: state.incompleteReason == null ? null : { reason: state.incompleteReason },
    instructions: head.instructions,
    max_output_tokens: head.maxOutputTokens,
    max_tool_calls: head.maxToolCalls,
    model: head.model,
    output: state.output,
    parallel_tool_calls: true,
    previous_response_id: head.previous,
    conversation: head.conversation === null ? null : { id: head.conversation },
    reasoning: { effort: null, summary: null },
    store: head.store,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: head.toolChoice,
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage:
      usage === null
        ? null
        : {
            input_tokens: usage.inputTokens,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: usage.outputTokens,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.inputTokens + usage.outputTokens,
          },
    metadata: head.metadata,
    ...(state.sallyport === undefined ? {} : { sallyport: state.sallyport }),
  }
}

export type ResponseJson = ReturnType<typeof responseJson>
