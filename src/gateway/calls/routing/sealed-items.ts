import { hash } from 'node:crypto'
import { isObject, type ApiDescription, type JsonObject } from '../../apis/api.ts'
import { objectOfBody } from '../object-of-body.ts'

/**
 * Members with what a provider has sealed or signed for itself, and nobody else can read or accept: reasoning of Responses
 * and of other endpoints of OpenAI's kind, thinking of Messages.
 */
const sealedMembers: ReadonlySet<string> = new Set(['encrypted_content', 'signature', 'thought_signature'])
/** Types of objects whose `data` is sealed. */
const sealedTypes: ReadonlySet<unknown> = new Set(['redacted_thinking', 'reasoning.encrypted'])
/** What is the caller's own data or a schema. */
const opaque: ReadonlySet<string> = new Set(['arguments', 'input_schema', 'metadata', 'parameters', 'schema', 'tools'])

/** Names of the members, and the types, without which there is no sealed item. */
const marks = ['encrypted_content', 'signature', 'thought_signature', 'redacted_thinking', 'reasoning.encrypted']
const maySeal = new RegExp(marks.map((mark) => `"${mark.replace('.', String.raw`\.`)}"`).join('|'))
const markBytes = marks.map((mark) => Buffer.from(`"${mark}"`))

const idOf = (sealed: string): string => `sealed:${hash('sha256', sealed)}`

/** Is it the id of a sealed item, and of nothing that a provider keeps? */
export const isSealedId = (id: string): boolean => /^sealed:[0-9a-f]{64}$/.test(id)

/** Ids of the sealed items of a request or an answer: digests, by which nobody can say what was in them. */
export function sealedIdsOf(value: unknown): readonly string[] {
  const ids = new Set<string>()
  visit(value, ids)
  return [...ids]
}

function visit(value: unknown, ids: Set<string>): void {
  if (Array.isArray(value)) for (const element of value) visit(element, ids)
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const isSealed = sealedMembers.has(name) || (name === 'data' && sealedTypes.has(value['type']))
      if (isSealed && typeof inner === 'string' && inner !== '') ids.add(idOf(inner))
      else if (!opaque.has(name)) visit(inner, ids)
    }
  }
}

/** The sealed items of a body; none where it cannot be read. */
export function sealedIdsIn(body: Buffer | null): readonly string[] {
  // Most bodies have none: to look for their bytes costs less than to read one as text.
  if (body === null || !markBytes.some((mark) => body.includes(mark))) return []
  return sealedIdsOf(objectOfBody(body))
}

/** The same API for one answer, of which sealed items are kept like all that its provider keeps: who made them is known then. */
export function keepingSealed(api: ApiDescription): ApiDescription {
  const signatures = new Map<unknown, string>()
  return {
    ...api,
    mayKeep: (events, answerIsKept) => maySeal.test(events) || api.mayKeep(events, answerIsKept),
    keptIdsOf: (data, answerIsKept) => [
      ...api.keptIdsOf(data, answerIsKept),
      ...sealedIdsOf(data),
      ...signatureOf(data, signatures),
    ],
  }
}

/** Messages may tell a signature in pieces; its caller sends the whole of it back. */
function signatureOf({ index, delta }: JsonObject, before: Map<unknown, string>): readonly string[] {
  if (!isObject(delta) || delta['type'] !== 'signature_delta' || typeof delta['signature'] !== 'string') return []
  const told = before.get(index)
  before.set(index, (told ?? '') + delta['signature'])
  return told === undefined ? [] : [idOf(told + delta['signature'])]
}
