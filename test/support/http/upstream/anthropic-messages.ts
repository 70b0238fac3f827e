import type {
  ContentBlock,
  Message,
  MessageCreateParams,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages'
import { laterMembers, piecesOf, plainWords, said } from './provider-api.ts'
import { namedEvent, servedEvents, servedJson, type Served } from './served.ts'

const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds/+=='

/** What a model would do: think where it is asked to, and then call the tools or answer. */
function contentFor({ messages, thinking, tools = [], output_config: output }: MessageCreateParams): ContentBlock[] {
  const asked = JSON.stringify(messages.at(-1)?.content ?? '')
  const thoughts: ContentBlock[] =
    thinking === undefined || thinking.type === 'disabled'
      ? []
      : [
          { type: 'thinking', thinking: said.reasoning, signature },
          { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix/LafPsn4a==' },
        ]
  if (tools.length > 0 && !asked.includes('tool_result')) {
    const calls = tools.map((tool, index): ContentBlock => ({
      type: 'tool_use',
      id: `toolu_${index}`,
      caller: { type: 'direct' },
      name: 'name' in tool ? tool.name : '',
      input: { city: 'Oslo', note: '“é” 🌤', large: 1e21 },
    }))
    return [...thoughts, { type: 'text', text: 'I look it up.', citations: null }, ...calls]
  }
  const pictures = asked.split('"type":"image"').length - 1
  const words = plainWords(asked)
  const plain = pictures === 0 ? words : `I see ${pictures} picture(s). ${words}`
  return [...thoughts, { type: 'text', text: output?.format == null ? plain : said.structured, citations: null }]
}

function messageFor(request: MessageCreateParams, position: number): Message {
  const content = contentFor(request)
  return {
    id: `msg_${position}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    container: null,
    content,
    diagnostics: null,
    stop_reason: content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn',
    stop_details: null,
    stop_sequence: null,
    usage: {
      input_tokens: 27,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 12,
      inference_geo: 'eu',
      output_tokens: 19,
      output_tokens_details: { thinking_tokens: 7 },
      server_tool_use: null,
      service_tier: 'standard',
      speed: 'standard',
    },
  }
}

/** The text of a block, in the pieces in which a stream has it. */
function deltasOf(block: ContentBlock): { readonly empty: ContentBlock; readonly deltas: readonly object[] } {
  if (block.type === 'thinking') {
    const thoughts = piecesOf(block.thinking, 6).map((thinking) => ({ type: 'thinking_delta', thinking }))
    const signed = { type: 'signature_delta', signature: block.signature }
    return { empty: { ...block, thinking: '', signature: '' }, deltas: [...thoughts, signed] }
  }
  if (block.type === 'text') {
    const deltas = piecesOf(block.text, 5).map((text) => ({ type: 'text_delta', text }))
    return { empty: { ...block, text: '' }, deltas }
  }
  if (block.type === 'tool_use') {
    const pieces = ['', ...piecesOf(JSON.stringify(block.input), 6)]
    const deltas = pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    return { empty: { ...block, input: {} }, deltas }
  }
  return { empty: block, deltas: [] }
}

function eventsOf(message: Message): string[] {
  const begun: Message = { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } }
  const blocks = message.content.flatMap((block, index) => {
    const { empty, deltas } = deltasOf(block)
    return [
      namedEvent({ type: 'content_block_start', index, content_block: empty }),
      ...(index === 0 ? [namedEvent({ type: 'ping' })] : []),
      ...deltas.map((delta) => namedEvent({ type: 'content_block_delta', index, delta })),
      namedEvent({ type: 'content_block_stop', index }),
    ]
  })
  const { stop_reason, stop_sequence, stop_details, container, usage } = message
  const end: RawMessageStreamEvent = {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence, stop_details, container },
    usage,
  }
  return [
    namedEvent({ type: 'message_start', message: { ...begun, ...laterMembers } }),
    ...blocks,
    namedEvent({ ...end, ...laterMembers }),
    namedEvent({ type: 'message_stop' }),
  ]
}

/** `POST /messages`. */
export function answerMessages(
  request: MessageCreateParams,
  position: number,
  headers: Readonly<Record<string, string>>,
): Served {
  const message = messageFor(request, position)
  if (request.stream !== true) return servedJson({ ...message, ...laterMembers }, headers)
  const events = eventsOf(message)
  if (!JSON.stringify(request.messages).includes('slowly')) return servedEvents(events, headers)
  return servedEvents(events.slice(0, 5), headers, [{ do: 'stay-silent' }])
}
