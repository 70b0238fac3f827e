import { has, listOf, type CallForm, type Members } from './call-forms.ts'

const callWith = (id: string, argumentsText: string): Members => ({
  id,
  type: 'function',
  function: { name: 'find_customer', arguments: argumentsText },
})

/** A person asks, the model calls a tool, the tool answers, the model says so. */
const turns = Array.from({ length: 5 }, (_, turn): Members[] => [
  { role: 'user', content: [{ type: 'text', text: `Look up order ${turn + 1}, please.` }] },
  { role: 'assistant', content: null, tool_calls: [callWith(`call_${turn}`, `{"order": ${turn + 1}}`)] },
  { role: 'tool', tool_call_id: `call_${turn}`, content: `{"order": ${turn + 1}, "state": "sent"}` },
  { role: 'assistant', content: `Order ${turn + 1} has been sent.` },
]).flat()

const tool = {
  type: 'function',
  function: { name: 'find_customer', description: 'Finds a customer.', parameters: { type: 'object', properties: {} } },
}

/** Each call of a tool is answered before anybody speaks. */
const answered = (messages: readonly Members[]): readonly Members[] =>
  messages.flatMap((message) => [
    message,
    ...listOf(message['tool_calls']).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'done' })),
  ])

export const chatCompletionsForm: CallForm = {
  api: 'chat-completions',
  path: '/v1/chat/completions',
  whole: (given) => ({
    model: 'gpt-5',
    max_completion_tokens: 200,
    tools: [tool],
    ...given,
    messages: [
      { role: 'developer', content: 'You help in a shop.' },
      ...turns,
      ...answered(listOf(given['messages'])),
      { role: 'user', content: 'And now?' },
    ],
  }),
  beside: {
    'messages[]': (given) => {
      if (has(given, 'tool_call_id')) return { role: 'tool', content: 'done' }
      if (has(given, 'tool_calls', 'function_call')) return { role: 'assistant', content: null }
      if (has(given, 'refusal', 'audio', 'reasoning', 'reasoning_content'))
        return { role: 'assistant', content: 'Yes.' }
      return { role: 'user', content: 'Look at this.' }
    },
    'messages[].content[]': (given) => {
      const kinds = ['image_url', 'input_audio', 'video_url', 'file', 'refusal']
      return {
        type: kinds.find((kind) => has(given, kind)) ?? 'text',
        ...(has(given, ...kinds) ? {} : { text: 'This.' }),
      }
    },
    'messages[].content[].input_audio': () => ({ data: 'UklGRg==', format: 'wav' }),
    'messages[].content[].image_url': () => ({ url: 'data:image/png;base64,iVBORw0KGgo=' }),
    'messages[].content[].video_url': () => ({ url: 'data:video/mp4;base64,AAAAGGZ0eXA=' }),
    'messages[].content[].file': () => ({ filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' }),
    'messages[].tool_calls[]': (given) =>
      has(given, 'custom') ? { id: 'call_x', type: 'custom' } : callWith('call_x', '{}'),
    'messages[].tool_calls[].function': () => ({ name: 'find_customer', arguments: '{}' }),
    'messages[].tool_calls[].custom': () => ({ name: 'run', input: 'ls' }),
    'messages[].function_call': () => ({ name: 'find_customer', arguments: '{}' }),
    'tools[]': (given) => ({ ...(has(given, 'custom') ? { type: 'custom' } : tool) }),
    'tools[].function': () => ({ name: 'find_customer' }),
    'tools[].custom': () => ({ name: 'run' }),
    'functions[]': () => ({ name: 'find_customer', parameters: { type: 'object', properties: {} } }),
    response_format: () => ({ type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } }),
    'response_format.json_schema': () => ({ name: 'answer', schema: { type: 'object' } }),
    prediction: () => ({ type: 'content', content: 'x' }),
    'prediction.content[]': () => ({ type: 'text' }),
    'web_search_options.user_location': () => ({ type: 'approximate', approximate: { country: 'DE' } }),
    'web_search_options.user_location.approximate': () => ({ country: 'DE' }),
  },
}
