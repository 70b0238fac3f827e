import type { ModelApi } from '../../core/model-call.ts'
import type { JsonMember, JsonNode } from '../../text/json-tree.ts'
import type { Document } from '../privacy/mask/documents.ts'
import { isWhollyDataAddress } from '../privacy/mask/file-content.ts'

/** A text that a model has written, where it stands in an answer or an event. */
export interface WrittenText {
  readonly text: string
  /** With its quotes. */
  readonly node: JsonNode
  /** What of it is a part of longer ones has this in common with the others; null for a text that is whole. */
  readonly channel: string | null
}

/** What programs read, or nobody can: names of kinds, ids, what is sealed, pictures and sounds. */
const machine: ReadonlySet<string> = new Set([
  'type',
  'id',
  'role',
  'object',
  'status',
  'phase',
  'model',
  'item_id',
  'call_id',
  'tool_use_id',
  'tool_call_id',
  'response_id',
  'file_id',
  'container_id',
  'signature',
  'encrypted_content',
  'encrypted_index',
  'data',
  'result',
  'b64_json',
  'partial_image_b64',
  'obfuscation',
  'finish_reason',
  'logprobs',
])

export const isOfPrograms = (name: string): boolean => machine.has(name)

/** What a tool is called with: there every name is the model's. */
const opens: ReadonlySet<string> = new Set(['input', 'arguments'])

/** A value and where it stands, from what is walked on. */
interface Place {
  readonly node: JsonNode
  readonly path: string
  readonly isOpen: boolean
}

/** Every text below a value that a model may have written. `channelOf` says of which longer text one at a path is a part. */
export function* textsBelow(
  document: Document,
  root: JsonNode,
  channelOf: (path: string) => string | null = () => null,
): Generator<WrittenText> {
  const waiting: Place[] = [{ node: root, path: '', isOpen: false }]
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { node, path, isOpen } = place
    if (node.kind === 'string') {
      const text = document.stringAt(node)
      const isFile = path.endsWith('url') && isWhollyDataAddress(text)
      if (text !== '' && !isFile) yield { text, node, channel: channelOf(path) }
      continue
    }
    const below: Place[] = []
    if (node.kind === 'list') {
      for (const [at, element] of node.elements.entries()) {
        below.push({ node: element, path: `${path}[${keyOf(document, element) ?? at}]`, isOpen })
      }
    }
    if (node.kind === 'object') {
      for (const { name, at, value } of node.members) {
        if (isOpen) below.push({ node: { kind: 'string', ...at }, path: `${path}.`, isOpen })
        else if (machine.has(name) && !(name === 'data' && isPlainDocument(document, node))) continue
        below.push({ node: value, path: `${path}.${isOpen ? '' : name}`, isOpen: isOpen || opens.has(name) })
      }
    }
    for (const each of below.reverse()) waiting.push(each)
  }
}

/** A document that a tool has fetched has its text in `data`, where others have bytes. */
function isPlainDocument(document: Document, node: JsonNode): boolean {
  const type = memberIn(node, 'type')
  return type?.kind === 'string' && document.stringAt(type) === 'text'
}

/** The number by which an element of a list is told in every event. */
function keyOf(document: Document, element: JsonNode): string | null {
  const index = memberIn(element, 'index')
  return index === null ? null : document.text.slice(index.start, index.end)
}

/** The value of a member: of several of the name the last one, as clients read it. */
export function memberIn(node: JsonNode | null, name: string): JsonNode | null {
  if (node?.kind !== 'object') return null
  return node.members.findLast((member: JsonMember) => member.name === name)?.value ?? null
}

export function elementsIn(node: JsonNode | null): readonly JsonNode[] {
  return node?.kind === 'list' ? node.elements : []
}

/** All that a model has written in a whole answer. */
export function* textsOfAnswer(document: Document, api: ModelApi): Generator<WrittenText> {
  for (const name of ['content', 'output', 'data', 'choices']) {
    // Vectors and counts are no texts.
    if (api === 'embeddings' || api === 'token-counts') return
    const node = memberIn(document.root, name)
    if (node !== null) yield* textsBelow(document, node)
  }
}
