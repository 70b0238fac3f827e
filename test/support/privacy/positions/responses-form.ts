import { has, listOf, type CallForm, type Members } from './call-forms.ts'

const callWith = (id: string, argumentsText: string): Members => ({
  type: 'function_call',
  call_id: id,
  name: 'find_customer',
  arguments: argumentsText,
})

/** A person asks, the model calls a tool, the tool answers, the model says so. */
const turns = Array.from({ length: 5 }, (_, turn): Members[] => [
  { role: 'user', content: [{ type: 'input_text', text: `Look up order ${turn + 1}, please.` }] },
  callWith(`call_${turn}`, `{"order": ${turn + 1}}`),
  { type: 'function_call_output', call_id: `call_${turn}`, output: `{"order": ${turn + 1}, "state": "sent"}` },
  {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: `Order ${turn + 1} has been sent.`, annotations: [] }],
  },
]).flat()

const tool = {
  type: 'function',
  name: 'find_customer',
  description: 'Finds a customer.',
  parameters: { type: 'object' },
}

const partTypes = {
  image_url: 'input_image',
  detail: 'input_image',
  input_audio: 'input_audio',
  file_data: 'input_file',
  file_url: 'input_file',
  filename: 'input_file',
  file_id: 'input_file',
  refusal: 'refusal',
} as const

function part(given: Members): Members {
  const [, type] = Object.entries(partTypes).find(([name]) => has(given, name)) ?? []
  if (type === undefined) return { type: 'input_text', text: 'This.' }
  return has(given, 'filename') ? { type, file_data: 'data:text/plain;base64,aGk=' } : { type }
}

export const responsesForm: CallForm = {
  api: 'responses',
  path: '/v1/responses',
  whole: (given) => ({
    model: 'gpt-5',
    max_output_tokens: 200,
    instructions: 'You help in a shop.',
    tools: [tool],
    ...given,
    input:
      typeof given['input'] === 'string'
        ? given['input']
        : [...turns, ...listOf(given['input']), { role: 'user', content: 'And now?' }],
  }),
  beside: {
    'input[]': (given) => {
      if (has(given, 'output')) return { type: 'function_call_output', call_id: 'call_x' }
      if (has(given, 'arguments')) return callWith('call_x', '{}')
      if (has(given, 'name', 'input')) return { type: 'custom_tool_call', call_id: 'call_x', name: 'run', input: 'ls' }
      if (has(given, 'summary', 'encrypted_content'))
        return { type: 'reasoning', summary: [], encrypted_content: 'gAAAAA' }
      if (has(given, 'result')) return { type: 'image_generation_call', id: 'ig_x', status: 'completed' }
      if (has(given, 'call_id')) return { type: 'function_call_output', output: 'done' }
      return { type: 'message', role: 'user', content: 'Look at this.' }
    },
    'input[].content[]': part,
    'input[].output[]': part,
    'input[].content[].input_audio': () => ({ data: 'UklGRg==', format: 'wav' }),
    'input[].output[].input_audio': () => ({ data: 'UklGRg==', format: 'wav' }),
    'input[].summary[]': () => ({ type: 'summary_text', text: 'I think.' }),
    'tools[]': (given) => {
      if (has(given, 'server_label', 'server_url', 'authorization', 'headers'))
        return { type: 'mcp', server_label: 'shop', server_url: 'https://mcp.example/sse', require_approval: 'never' }
      if (has(given, 'user_location', 'search_context_size')) return { type: 'web_search' }
      if (has(given, 'vector_store_ids')) return { type: 'file_search' }
      if (has(given, 'container')) return { type: 'code_interpreter' }
      if (has(given, 'format')) return { type: 'custom', name: 'run', format: { type: 'grammar', syntax: 'lark' } }
      return tool
    },
    'tools[].format': () => ({ type: 'grammar', syntax: 'lark', definition: 'start: "x"' }),
    'tools[].container': () => ({ type: 'auto' }),
    'tools[].user_location': () => ({ type: 'approximate', country: 'DE' }),
    'text.format': () => ({ type: 'json_schema', name: 'answer', schema: { type: 'object' } }),
  },
}
