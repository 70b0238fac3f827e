import { under, type ApiPositions, type Positions } from './position.ts'
import { placeOfUser, routing } from './shared.ts'

const plainBlock: Positions = {
  type: 'identifier',
  text: 'text',
  'source.type': 'identifier',
  'source.media_type': 'identifier',
  'source.data': 'data',
  'source.url': 'media',
  'source.file_id': 'kept',
  'source.content': 'text',
  'source.content[].type': 'identifier',
  'source.content[].text': 'text',
  title: 'text',
  context: 'text',
  source: 'text',
  'cache_control.**': 'identifier',
  'citations.enabled': 'identifier',
  thinking: 'sealed',
  signature: 'sealed',
  data: 'sealed',
  encrypted_content: 'sealed',
  id: 'identifier',
  name: 'identifier',
  tool_use_id: 'identifier',
  file_id: 'kept',
}

const block: Positions = {
  ...plainBlock,
  content: 'text',
  // The blocks that a tool gave back.
  ...under('content[]', { ...plainBlock, content: 'text' }),
}

const tool: Positions = {
  type: 'identifier',
  name: 'identifier',
  description: 'text',
  input_schema: 'schema',
  'cache_control.**': 'identifier',
  ...under('user_location', placeOfUser),
}

/** What a text refers to: words of a document, of a page or of a result that the caller gave, and where they stand. */
const citation: Positions = { cited_text: 'text', document_title: 'text', title: 'text', source: 'text' }

/** https://docs.anthropic.com/en/api/messages */
export const messagesPositions: ApiPositions = {
  first: ['tools', 'system', 'output_config'],
  turns: ['messages'],
  request: {
    model: 'kept',
    system: 'text',
    ...under('system[]', plainBlock),
    'messages[].role': 'identifier',
    'messages[].content': 'text',
    ...under('messages[].content[]', block),
    ...under('tools[]', tool),
    'tool_choice.**': 'identifier',
    'thinking.**': 'identifier',
    service_tier: 'identifier',
    container: 'kept',
    'container.id': 'kept',
    'mcp_servers[].type': 'identifier',
    'mcp_servers[].name': 'identifier',
    'mcp_servers[].url': 'media',
    'mcp_servers[].authorization_token': 'kept',
    'output_config.format.type': 'identifier',
    'output_config.format.schema': 'schema',
    'output_config.effort': 'identifier',
    inference_geo: 'identifier',
    ...routing,
  },
  answer: {
    'content[].text': 'text',
    'content[].input': 'json',
    ...under('content[].citations[]', citation),
    stop_sequence: 'text',
  },
  event: {
    'content_block.text': 'text',
    'content_block.input': 'json',
    ...under('content_block.citations[]', citation),
    ...under('delta.citation', citation),
    'delta.stop_sequence': 'text',
  },
}
