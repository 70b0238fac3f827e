import type { ModelApi } from '../../core/model-call.ts'
import { positionsOf } from '../../gateway/privacy/positions/api-positions.ts'
import { under, type PositionKind, type Positions } from '../../gateway/privacy/positions/position.ts'

/**
 * Does what stands at a position belong to a conversation, so that it may be any text, or bytes that look like one? Names that
 * programs compare, models, ids and places are no such text and stay scanned.
 */
export const isExempt: Readonly<Record<PositionKind, boolean>> = {
  text: true,
  json: true,
  'tool-text': true,
  schema: true,
  'file-name': true,
  data: true,
  media: true,
  sealed: true,
  'token-ids': true,
  identifier: false,
  place: false,
  kept: false,
}

/** A `POST` of JSON, and where its body holds what. */
export interface ScannedRoute {
  /** As the service names it: `:id` is one segment, whatever it is. */
  readonly path: string
  readonly positions: Positions
}

/** What ends a text of the model may be any text, code too. */
const stops = (name: string): Positions => ({ [name]: 'text', [`${name}[]`]: 'text' })

const codeResult: Positions = {
  stdout: 'text',
  stderr: 'text',
  lines: 'text',
  content: 'text',
  'content[].text': 'text',
}

/** Sources that an answer is held against. */
const documents: Positions = {
  'documents[]': 'text',
  ...under('documents[]', { title: 'text', text: 'text', data: 'text', 'data.**': 'json' }),
}

const webPage: Positions = { title: 'text', url: 'media', encrypted_content: 'sealed' }

/**
 * Members that hold texts and are not in the tables of the PII proxy: it takes whatever it does not know for text, and a
 * firewall must scan that. Histories repeat what tools of the provider did, so these stand in requests.
 * https://platform.openai.com/docs/api-reference, https://docs.anthropic.com/en/api/messages
 */
const unlisted: Readonly<Record<ModelApi, Positions>> = {
  'chat-completions': {
    ...stops('stop'),
    ...documents,
    'tools[].custom.format.grammar.definition': 'text',
    'messages[].annotations[].url_citation.title': 'text',
    'messages[].annotations[].url_citation.url': 'media',
    'messages[].reasoning_details[].text': 'text',
    'messages[].reasoning_details[].summary': 'text',
    'messages[].reasoning_details[].data': 'sealed',
  },
  responses: {
    ...documents,
    'prompt.variables.**': 'json',
    // No picture, but the address of a service.
    'tools[].server_url': 'identifier',
    'tools[].format.definition': 'text',
    ...under('input[]', {
      ...under('content[].annotations[]', { title: 'text', url: 'media', filename: 'file-name', quote: 'text' }),
      ...under('content[].logprobs[]', { token: 'text', 'top_logprobs[].token': 'text' }),
      code: 'text',
      'outputs[].logs': 'text',
      'outputs[].url': 'media',
      'queries[]': 'text',
      ...under('results[]', { text: 'text', filename: 'file-name', 'attributes.**': 'json' }),
      'error.**': 'json',
      error: 'text',
      ...under('action', {
        command: 'text',
        'commands[]': 'text',
        'env.**': 'json',
        working_directory: 'file-name',
        text: 'text',
        query: 'text',
        'queries[]': 'text',
        pattern: 'text',
        url: 'media',
        'sources[].url': 'media',
      }),
      ...under('operation', { path: 'file-name', diff: 'text' }),
      ...under('output[]', { stdout: 'text', stderr: 'text' }),
      'output.image_url': 'media',
      ...under('tools[]', { name: 'identifier', description: 'text', input_schema: 'schema' }),
    }),
  },
  embeddings: {},
  messages: {
    ...stops('stop_sequences'),
    'mcp_servers[].url': 'identifier',
    'tools[].input_examples[]': 'json',
    ...under('system[].citations[]', { cited_text: 'text', document_title: 'text', title: 'text', source: 'text' }),
    ...under('messages[].content[]', {
      input: 'json',
      ...under('citations[]', {
        cited_text: 'text',
        document_title: 'text',
        title: 'text',
        source: 'text',
        url: 'media',
      }),
      ...under('content', codeResult),
      ...under('content[]', { ...webPage, ...under('content', codeResult) }),
    }),
  },
  'token-counts': {},
}

const ofApi = (path: string, api: ModelApi, more: Positions = unlisted[api]): ScannedRoute => {
  return { path, positions: { ...positionsOf[api].request, ...more } }
}

/** The expression of the addresses of a route: its own characters stand for themselves. */
export function addressOf({ path }: ScannedRoute): string {
  return path.replaceAll(/:\w+/g, '[^/?]+')
}

/** Every route that takes a text of people or models in its body. All others stay scanned whole. */
export const scannedRoutes: readonly ScannedRoute[] = [
  ofApi('/v1/chat/completions', 'chat-completions'),
  ofApi('/v1/responses', 'responses'),
  ofApi('/v1/embeddings', 'embeddings'),
  ofApi('/v1/messages', 'messages'),
  ofApi('/v1/messages/count_tokens', 'token-counts', unlisted.messages),
  { path: '/execute', positions: { code: 'text' } },
  { path: '/v1/execute', positions: { code: 'text' } },
  { path: '/v1/exec', positions: { code: 'text', 'args[]': 'text', 'files[].name': 'file-name' } },
  { path: '/v1/sql', positions: { statement: 'text' } },
  { path: '/v1/sql/check', positions: { statement: 'text' } },
  { path: '/v1/approvals/:id', positions: { text: 'text' } },
  { path: '/v1/filters/check', positions: { 'texts[]': 'text', 'parts[].text': 'text' } },
  {
    path: '/v1/actions/check',
    positions: {
      ...under('messages[]', {
        content: 'text',
        'content[].text': 'text',
        ...under('tool_calls[]', { 'function.arguments': 'json', 'custom.input': 'text' }),
      }),
      'call.function.arguments': 'json',
      'call.arguments.**': 'json',
      'tools[].function.description': 'text',
      'tools[].function.parameters': 'schema',
    },
  },
  { path: '/v1/privacy/reports', positions: { value: 'text', context: 'text', note: 'text' } },
  { path: '/v1/privacy/searches', positions: { value: 'text' } },
  { path: '/v1/conversations/searches', positions: { text: 'text' } },
  { path: '/v1/feedback', positions: { comment: 'text' } },
  { path: '/v1/appeals', positions: { comment: 'text' } },
]
