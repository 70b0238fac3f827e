import { directionOverrides, tagCharacters, zeroWidth } from '../../../text/hidden-characters.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'
import type { DecisionInput, partKinds } from '../decisions.ts'
import type { FindPatterns } from './patterns.ts'
import { addAtPlace } from './places.ts'
import { named, sourceOf, sourceOfMember, sourceWithin, toolOutput, type TextSource } from './text-source.ts'

type Payload = DecisionInput<'payload'>['payload']
type PartKind = (typeof partKinds)[number]

/** What of a body says its shape. */
export type BodyShape = Pick<
  Payload,
  'depth' | 'members' | 'messages' | 'message_count' | 'texts' | 'tools' | 'tool_count' | 'hits'
>

const most = 500

const hiddenCharacters = new RegExp(`[${zeroWidth}${directionOverrides}${tagCharacters}]`, 'gu')

const kindOfType: Readonly<Record<string, PartKind>> = {
  text: 'text',
  input_text: 'text',
  output_text: 'text',
  refusal: 'text',
  image: 'image',
  image_url: 'image',
  input_image: 'image',
  input_audio: 'audio',
  audio: 'audio',
  file: 'file',
  input_file: 'file',
  document: 'file',
  tool_use: 'tool-call',
  function_call: 'tool-call',
  thinking: 'reasoning',
  redacted_thinking: 'reasoning',
  reasoning: 'reasoning',
}

interface Place {
  readonly value: unknown
  readonly source: TextSource
  readonly depth: number
  /** What it stands in, and where in that; null for the body itself. */
  readonly within: { readonly place: Place; readonly step: string | number } | null
}

/** What is not text: pictures and files as base64, and what a provider has sealed. */
const dataMember = /^(?:data|file_data|image_url|url|signature|encrypted_content|b64_json)$/
/** Base64 of more than any word, alone or in an address that says what it is. Whatever else calls itself data is read. */
const encoded = /^(?:data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*,)?[A-Za-z0-9+/_-]{200,}={0,2}$/

/** What members of APIs and of schemas are called; every other name is somebody's words. */
const plainName = /^[\w.$@:/-]{1,128}$/

/**
 * The shape of a body of any API: who says how much of what kind, how deep, with which tools, and which patterns are found
 * where. Every text is read, wherever it stands; what the table does not know is `other`. No text leaves from here; `onPlace` is
 * told of every value where it stands and whose it is.
 */
export function shapeOf(
  body: JsonObject,
  find: FindPatterns,
  onPlace: ((place: string, source: TextSource) => void) | null = null,
): BodyShape {
  const texts: Payload['texts'] = {}
  const hits: Reading['hits'] = new Map()
  const reading = { texts, hits, find }
  let [depth, members] = [0, 0]
  // A stack of our own: a body may be nested deeper than calls can be.
  const waiting: Place[] = [{ value: body, source: 'other', depth: 1, within: null }]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { value, source } = at
    const here = isObject(value) ? sourceOf(value, source) : source
    onPlace?.(pathOf(at), here)
    if (typeof value === 'string') {
      readText(value, at, { ...reading, source })
      continue
    }
    if (typeof value !== 'object' || value === null) continue
    members += 1
    depth = Math.max(depth, at.depth)
    if (!Array.isArray(value)) {
      for (const name of Object.keys(value)) {
        if (!plainName.test(name)) readText(name, at, { ...reading, source: here })
      }
    }
    addChildren(waiting, at, value, onPlace !== null)
  }
  const { messages, message_count } = messagesOf(body)
  const { tools, tool_count } = toolsOf(body)
  return { depth, members, messages, message_count, texts, tools, tool_count, hits: [...hits.values()] }
}

/** Puts what stands in a list or an object on the stack, the last first; of numbers and the like nothing is read. */
function addChildren(waiting: Place[], place: Place, value: object, withNumbers: boolean): void {
  const depth = place.depth + 1
  const isRead = (child: unknown): boolean =>
    withNumbers || typeof child === 'string' || (typeof child === 'object' && child !== null)
  if (Array.isArray(value)) {
    for (let step = value.length - 1; step >= 0; step -= 1) {
      const child: unknown = value[step]
      if (isRead(child)) waiting.push({ value: child, source: place.source, depth, within: { place, step } })
    }
    return
  }
  const object = value as JsonObject
  const isTop = place.within === null
  for (const step of Object.keys(object).toReversed()) {
    const child = object[step]
    if (!isRead(child) || (dataMember.test(step) && isData(child))) continue
    const source = isTop ? sourceOfMember(step) : sourceWithin(object, step, place.source)
    waiting.push({ value: child, source, depth, within: { place, step } })
  }
}

/** `messages[2].content`; empty for the body itself. */
function pathOf({ within }: Place): string {
  const steps: (string | number)[] = []
  for (let at = within; at !== null; at = at.place.within) steps.push(at.step)
  return steps.reduceRight<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`
    return path === '' ? step : `${path}.${step}`
  }, '')
}

/** Does nobody read it as words? */
function isData(value: unknown): boolean {
  return typeof value === 'string' && value.length > 256 && encoded.test(value)
}

interface Reading {
  readonly source: TextSource
  readonly texts: Payload['texts']
  readonly hits: Map<string, Payload['hits'][number]>
  readonly find: FindPatterns
}

function readText(text: string, place: Place, { source, texts, hits, find }: Reading): void {
  const known = texts[source] ?? { count: 0, characters: 0, longest: 0, hidden: 0 }
  texts[source] = {
    count: known.count + 1,
    characters: known.characters + text.length,
    longest: Math.max(known.longest, text.length),
    hidden: known.hidden + (text.match(hiddenCharacters)?.length ?? 0),
  }
  for (const [pattern, count] of find(text)) {
    const path = pathOf(place)
    addAtPlace(hits, { kind: pattern, path }, { pattern, source, place: path.slice(0, 200), count })
  }
}

function messagesOf(body: JsonObject): Pick<Payload, 'messages' | 'message_count'> {
  const given = body['messages'] ?? body['input']
  const turns: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  return { messages: turns.slice(0, most).map(messageOf), message_count: turns.length }
}

function messageOf(turn: unknown): Payload['messages'][number] {
  if (!isObject(turn)) return { role: 'user', characters: lengthOf(turn), parts: { text: 1 } }
  const parts: Partial<Record<PartKind, number>> = {}
  const content = turn['content']
  const given: readonly unknown[] = Array.isArray(content) ? content : content === undefined ? [turn] : [content]
  for (const part of given) {
    const kind = isObject(part) ? kindOf(part['type']) : 'text'
    parts[kind] = (parts[kind] ?? 0) + 1
  }
  const calls = turn['tool_calls']
  if (Array.isArray(calls)) parts['tool-call'] = (parts['tool-call'] ?? 0) + calls.length
  return {
    role: sourceOf(turn, 'other'),
    characters: given.reduce<number>((sum, part) => sum + lengthOf(part), 0),
    parts,
  }
}

function kindOf(type: unknown): PartKind {
  if (typeof type === 'string' && toolOutput.test(type)) return 'tool-result'
  return named(kindOfType, type) ?? 'other'
}

function lengthOf(part: unknown): number {
  if (typeof part === 'string') return part.length
  if (!isObject(part)) return 0
  const text = part['text'] ?? part['content'] ?? part['output']
  return typeof text === 'string' ? text.length : 0
}

function toolsOf(body: JsonObject): Pick<Payload, 'tools' | 'tool_count'> {
  const given = [body['tools'], body['functions']].flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
  return { tools: given.filter(isObject).slice(0, most).map(toolOf), tool_count: given.length }
}

function toolOf(tool: JsonObject): Payload['tools'][number] {
  const inner = isObject(tool['function']) ? tool['function'] : tool
  const schema = inner['parameters'] ?? inner['input_schema']
  const name = inner['name'] ?? tool['type']
  const properties = isObject(schema) && isObject(schema['properties']) ? Object.keys(schema['properties']).length : 0
  return {
    name: typeof name === 'string' ? name.slice(0, 128) : '',
    parameters: properties,
    depth: depthOf(schema),
    characters: JSON.stringify(tool).length,
  }
}

function depthOf(value: unknown): number {
  let deepest = 0
  const waiting: [unknown, number][] = [[value, 1]]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [each, depth] = at
    if (typeof each !== 'object' || each === null) continue
    deepest = Math.max(deepest, depth)
    for (const child of Object.values(each)) waiting.push([child, depth + 1])
  }
  return deepest
}
