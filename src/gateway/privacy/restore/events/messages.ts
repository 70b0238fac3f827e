import { isObject } from '../../../apis/api.ts'
import { keyFrom, type EventReader } from './event-texts.ts'

/** Events of a message: each block is told by its number. What it thought is signed, and stays as it is. */
export function createMessagesReader(): EventReader {
  const tools = new Map<string, string>()
  return (data) => {
    const channel = keyFrom(data['index'])
    const { type, delta, content_block: block } = data
    if (type === 'content_block_start' && isObject(block) && typeof block['name'] === 'string') {
      tools.set(channel, block['name'])
    }
    if (type === 'content_block_stop') return { pieces: [], closes: (other) => other === channel }
    if (type === 'message_delta' || type === 'message_stop' || type === 'error')
      return { pieces: [], closes: () => true }
    if (type !== 'content_block_delta' || !isObject(delta)) return { pieces: [], closes: () => false }
    const name = delta['type'] === 'input_json_delta' ? 'partial_json' : 'text'
    const text = delta[name]
    if (typeof text !== 'string') return { pieces: [], closes: () => false }
    const tool = name === 'text' ? null : (tools.get(channel) ?? '')
    const form = tool === null ? 'prose' : 'json'
    const joined = tool === null ? 'text' : null
    return { pieces: [{ path: ['delta', name], text, channel, form, tool, joined }], closes: () => false }
  }
}
