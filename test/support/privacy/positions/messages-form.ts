import { has, listOf, type CallForm, type Members } from './call-forms.ts'

/** A person asks, the model calls a tool, the tool answers, the model says so. */
const turns = Array.from({ length: 5 }, (_, turn): Members[] => [
  { role: 'user', content: [{ type: 'text', text: `Look up order ${turn + 1}, please.` }] },
  {
    role: 'assistant',
    content: [{ type: 'tool_use', id: `toolu_${turn}`, name: 'find_customer', input: { order: turn + 1 } }],
  },
  {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: `toolu_${turn}`, content: [{ type: 'text', text: 'sent' }] }],
  },
  { role: 'assistant', content: `Order ${turn + 1} has been sent.` },
]).flat()

const tool = {
  name: 'find_customer',
  description: 'Finds a customer.',
  input_schema: { type: 'object', properties: {} },
}

function block(given: Members): Members {
  const source = given['source']
  if (typeof source === 'string')
    return { type: 'search_result', title: 'A page', content: [{ type: 'text', text: 'x' }] }
  if (has(source, 'file_id', 'data', 'content', 'url', 'type', 'media_type')) return { type: 'document' }
  if (has(given, 'title', 'context', 'citations'))
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }
  if (has(given, 'thinking')) return { type: 'thinking', signature: 'ErUBCkYIBR' }
  if (has(given, 'signature')) return { type: 'thinking', thinking: 'I see.' }
  if (has(given, 'data')) return { type: 'redacted_thinking' }
  if (has(given, 'encrypted_content')) return { type: 'web_search_result', url: 'https://x.example/', title: 'A page' }
  if (has(given, 'tool_use_id', 'content')) return { type: 'tool_result', tool_use_id: 'toolu_x' }
  if (has(given, 'id', 'name')) return { type: 'tool_use', id: 'toolu_x', name: 'find_customer', input: {} }
  if (has(given, 'file_id')) return { type: 'container_upload' }
  return { type: 'text', text: 'This.' }
}

const source = (given: Members): Members => {
  if (has(given, 'content')) return { type: 'content' }
  if (has(given, 'url')) return { type: 'url' }
  if (has(given, 'file_id')) return { type: 'file' }
  if (has(given, 'data')) return { type: 'base64', media_type: 'text/csv' }
  return { type: 'text', media_type: 'text/plain', data: 'x' }
}

const blocks = ['system[]', 'messages[].content[]', 'messages[].content[].content[]'] as const

export const messagesForm: CallForm = {
  api: 'messages',
  path: '/v1/messages',
  whole: (given) => ({
    model: 'claude-sonnet-5',
    max_tokens: 200,
    system: 'You help in a shop.',
    tools: [tool],
    ...given,
    messages: [...turns, ...listOf(given['messages']), { role: 'user', content: 'And now?' }],
  }),
  beside: {
    ...Object.fromEntries(
      blocks.flatMap((path) => [
        [path, block],
        [`${path}.source`, source],
        [`${path}.source.content[]`, () => ({ type: 'text' })],
        [`${path}.cache_control`, () => ({ type: 'ephemeral' })],
      ]),
    ),
    'messages[]': () => ({ role: 'user', content: 'Look at this.' }),
    'tools[]': (given) => (has(given, 'user_location') ? { type: 'web_search_20250305', name: 'web_search' } : tool),
    'tools[].user_location': () => ({ type: 'approximate', country: 'DE' }),
    'mcp_servers[]': () => ({ type: 'url', name: 'shop', url: 'https://mcp.example/sse' }),
    'output_config.format': () => ({ type: 'json_schema', schema: { type: 'object' } }),
  },
}
