import { ServiceError } from '../../../core/errors.ts'
import type { AuthorizedCall, ModelApi } from '../../../core/model-call.ts'
import { jsonTree } from '../../../text/json-tree.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'
import { invalid } from '../../apis/members.ts'
import { objectOfBody } from '../../calls/object-of-body.ts'

/** A text that a request says its answer has to rest on. */
export interface GivenDocument {
  readonly id: string | null
  readonly title: string | null
  readonly text: string
}

/** A call whose answer is held against documents, as it goes on. */
export interface CallWithDocuments {
  readonly call: AuthorizedCall
  /** null where the call brings none, or its group has nothing compared. */
  readonly documents: readonly GivenDocument[] | null
  /** Does a model read them? */
  readonly areSent: boolean
}

/** Documents of one request, and UTF-16 units of all of them. */
const mostDocuments = 500
const mostCharacters = 500_000

const apisWithDocuments: ReadonlySet<ModelApi> = new Set(['chat-completions', 'responses'])

/**
 * Takes `documents` out of a call: they go to its upstreams only where each of them takes the member. Throws `invalid-request` for what are no
 * documents, and where neither a model would read them nor anybody compare them.
 */
export function takeDocuments(call: AuthorizedCall): CallWithDocuments {
  const body = call.body === null || !apisWithDocuments.has(call.api) ? null : objectOfBody(call.body)
  const documents = body === null ? null : documentsOf(body)
  if (call.body === null || documents === null) return { call, documents: null, areSent: false }
  const areSent = call.candidates.every(({ takesDocuments }) => takesDocuments === true)
  const isOff = call.grant.grounding === 'off'
  if (isOff && !areSent) {
    throw new ServiceError(
      'invalid-request',
      'documents: your group has no answer compared, and no model reads them.',
      {
        parameter: 'documents',
        advice: `Leave them out, or ask the operator: gateway.groups.${call.principal.group}.grounding is off.`,
      },
    )
  }
  const passed = areSent ? call : { ...call, body: withoutDocuments(call.body) }
  return { call: passed, documents: isOff ? null : documents, areSent }
}

/** Another spelling would be another member here, and the same one to some servers. */
const spelled = /^documents$/i

function documentsOf(body: JsonObject): readonly GivenDocument[] | null {
  const other = Object.keys(body).find((name) => spelled.test(name) && name !== 'documents')
  if (other !== undefined) throw invalid('documents', `is spelled "${other}"`)
  const { documents: given } = body
  if (given === undefined || given === null) return null
  if (!Array.isArray(given) || given.length === 0) throw invalid('documents', 'must be a list of documents')
  if (given.length > mostDocuments) throw invalid('documents', `has more than ${mostDocuments}`)
  const documents = (given as readonly unknown[]).map(documentOf)
  const characters = documents.reduce((sum, { text }) => sum + text.length, 0)
  if (characters <= mostCharacters) return documents
  throw invalid('documents', `have ${characters} characters, of at most ${mostCharacters}`)
}

/** A text, `{id, title, text}`, or `{id, data}` with the text or its parts in `data`, as Cohere's API has it. */
function documentOf(given: unknown, at: number): GivenDocument {
  const path = `documents[${at}]`
  if (typeof given === 'string') return { id: null, title: null, text: written(given, path) }
  if (!isObject(given)) throw invalid(path, 'must be a text or an object')
  const { data } = given
  const parts = isObject(data) ? data : given
  const text = typeof data === 'string' ? data : (parts['text'] ?? parts['snippet'])
  if (typeof text !== 'string') throw invalid(`${path}.text`, 'must be a text')
  return {
    id: named(given['id'], `${path}.id`),
    title: named(parts['title'] ?? given['title'], `${path}.title`),
    text: written(text, `${path}.text`),
  }
}

function written(text: string, path: string): string {
  if (text.trim() === '') throw invalid(path, 'must not be empty')
  return text
}

function named(value: unknown, path: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value.length > 1_000)
    throw invalid(path, 'must be a text of at most 1000 characters')
  return value
}

/** The body without the member; every other byte as it was. No name stands twice in it. */
function withoutDocuments(body: Buffer): Buffer {
  const text = body.toString('utf8')
  const root = jsonTree(text)
  const members = root.kind === 'object' ? root.members : []
  const at = members.findIndex(({ name }) => name === 'documents')
  const [member, before, next] = [members[at], members[at - 1], members[at + 1]]
  if (member === undefined) return body
  const start = next === undefined && before !== undefined ? before.value.end : member.at.start
  const end = next === undefined ? member.value.end : next.at.start
  return Buffer.from(text.slice(0, start) + text.slice(end))
}
