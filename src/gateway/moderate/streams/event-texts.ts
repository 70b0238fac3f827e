import type { ModelApi } from '../../../core/model-call.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'
import type { Document } from '../../privacy/mask/documents.ts'
import { elementsIn, isOfPrograms, memberIn, textsBelow, type WrittenText } from '../written-texts.ts'

/** What a model has written in one event, and which longer texts end with it. */
export interface WrittenEvent {
  readonly texts: readonly WrittenText[]
  readonly closes: (channel: string) => boolean
}

/** Reads one event. A channel is named by a key and a space, and whatever tells one from the others. */
export type ReadWritten = (data: JsonObject, document: Document) => WrittenEvent

/** Never comes in pieces: what waits for its end would wait for nothing. */
const comesWhole = /\.(?:name|url|annotations|citations?)(?:$|[.[])/

const none = (): boolean => false

/** Each choice has texts by their place in it, and they end with its reason to finish. */
const ofChat: ReadWritten = (data, document) => {
  const texts: WrittenText[] = []
  const finished = new Set<string>()
  for (const [at, choice] of elementsIn(memberIn(document.root, 'choices')).entries()) {
    const given: unknown = Array.isArray(data['choices']) ? data['choices'][at] : null
    if (!isObject(given)) continue
    const key = keyOf(given['index'] ?? at)
    texts.push(...textsBelow(document, choice, (path) => (comesWhole.test(path) ? null : `${key} ${path}`)))
    if (typeof given['finish_reason'] === 'string' && given['finish_reason'] !== '') finished.add(key)
  }
  return { texts, closes: (channel) => finished.has(channel.slice(0, channel.indexOf(' '))) }
}

/** Blocks are told by their number. */
const ofMessages: ReadWritten = (data, document) => {
  const { type } = data
  const key = keyOf(data['index'])
  if (type === 'message_start') {
    const content = memberIn(memberIn(document.root, 'message'), 'content')
    return { texts: content === null ? [] : [...textsBelow(document, content)], closes: none }
  }
  if (type === 'content_block_stop') return { texts: [], closes: (channel) => channel.startsWith(`${key} `) }
  const isEnd = type === 'message_delta' || type === 'message_stop' || type === 'error'
  const isStart = type === 'content_block_start'
  const node = memberIn(document.root, isStart ? 'content_block' : 'delta')
  if (node === null) return { texts: [], closes: () => isEnd }
  // What a block begins with is a part of what its pieces go on with, but for what a tool is called with.
  const channelOf = (path: string) =>
    comesWhole.test(path) || (isStart && !/^\.(?:text|thinking)$/.test(path)) ? null : `${key} ${path}`
  return { texts: [...textsBelow(document, node, isEnd ? undefined : channelOf)], closes: () => isEnd }
}

const terminal = /^(?:response\.(?:completed|failed|incomplete|cancelled)|error)$/

/** Items are told by their number, parts of them by another; what ends says the whole of it again. */
const ofResponses: ReadWritten = (data, document) => {
  const type = String(data['type'])
  const item = `${keyOf(data['output_index'] ?? data['item_id'])} `
  if (type.endsWith('.delta')) {
    const part = keyOf(data['content_index'] ?? data['summary_index'])
    const node = memberIn(document.root, 'delta')
    const channel = `${item}${part} ${type}`
    return { texts: node === null ? [] : [...textsBelow(document, node, (path) => channel + path)], closes: none }
  }
  const texts = elementsOf(document).flatMap((node) => Array.from(textsBelow(document, node)))
  if (terminal.test(type)) return { texts, closes: () => true }
  return { texts, closes: type.endsWith('.done') ? (channel) => channel.startsWith(item) : none }
}

/** Of a response only its output is the model's; of any other event everything may be. */
function elementsOf({ root }: Document) {
  if (root.kind !== 'object') return []
  return root.members.flatMap(({ name, value }) => {
    const node = name === 'response' ? memberIn(value, 'output') : value
    return node === null || isOfPrograms(name) ? [] : [node]
  })
}

const keyOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export const readWritten: Readonly<Record<ModelApi, ReadWritten | null>> = {
  'chat-completions': ofChat,
  responses: ofResponses,
  messages: ofMessages,
  embeddings: null,
  'token-counts': null,
}
