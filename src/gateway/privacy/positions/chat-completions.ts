import { under, type ApiPositions, type Positions } from './position.ts'
import { placeOfUser, routing } from './shared.ts'

const part: Positions = {
  type: 'identifier',
  text: 'text',
  refusal: 'text',
  'image_url.url': 'media',
  'image_url.detail': 'identifier',
  'input_audio.data': 'media',
  'input_audio.format': 'identifier',
  'video_url.url': 'media',
  'file.file_data': 'data',
  'file.filename': 'file-name',
  'file.file_id': 'kept',
}

const call: Positions = {
  id: 'identifier',
  type: 'identifier',
  'function.name': 'identifier',
  'function.arguments': 'json',
  'custom.name': 'identifier',
  'custom.input': 'text',
}

const message: Positions = {
  role: 'identifier',
  content: 'text',
  ...under('content[]', part),
  refusal: 'text',
  name: 'text',
  tool_call_id: 'identifier',
  ...under('tool_calls[]', call),
  'function_call.name': 'identifier',
  'function_call.arguments': 'json',
  'audio.id': 'kept',
  'audio.transcript': 'text',
  reasoning_content: 'text',
  reasoning: 'text',
}

const definition: Positions = {
  name: 'identifier',
  description: 'text',
  parameters: 'schema',
}

const citation: Positions = { 'annotations[].url_citation.title': 'text' }

/** https://platform.openai.com/docs/api-reference/chat; `reasoning_content` and `reasoning` are those of vLLM and others. */
export const chatCompletionsPositions: ApiPositions = {
  first: ['tools', 'functions', 'response_format'],
  turns: ['messages'],
  request: {
    model: 'kept',
    ...under('messages[]', message),
    'tools[].type': 'identifier',
    ...under('tools[].function', definition),
    'tools[].custom.name': 'identifier',
    'tools[].custom.description': 'text',
    ...under('functions[]', definition),
    'tool_choice.**': 'identifier',
    'function_call.**': 'identifier',
    'response_format.type': 'identifier',
    'response_format.json_schema.name': 'identifier',
    'response_format.json_schema.description': 'text',
    'response_format.json_schema.schema': 'schema',
    'prediction.type': 'identifier',
    'prediction.content': 'text',
    'prediction.content[].text': 'text',
    'logit_bias.**': 'identifier',
    'stream_options.**': 'identifier',
    'modalities[]': 'identifier',
    'audio.**': 'identifier',
    reasoning_effort: 'identifier',
    service_tier: 'identifier',
    verbosity: 'identifier',
    'web_search_options.search_context_size': 'identifier',
    ...under('web_search_options.user_location', { ...placeOfUser, ...under('approximate', placeOfUser) }),
    ...routing,
  },
  answer: {
    ...under('choices[].message', {
      content: 'text',
      refusal: 'text',
      reasoning_content: 'text',
      reasoning: 'text',
      'audio.transcript': 'text',
      ...under('tool_calls[]', { 'function.arguments': 'json', 'custom.input': 'tool-text' }),
      'function_call.arguments': 'json',
      ...citation,
    }),
    // The stop text that was met, as vLLM says it.
    'choices[].stop_reason': 'text',
  },
  event: { ...under('choices[].delta', citation), 'choices[].stop_reason': 'text' },
}
