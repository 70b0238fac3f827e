import { ServiceError } from '../../core/errors.ts'
import type { NamedInBody } from '../../core/model-call.ts'
import { isObject, type JsonObject } from './api.ts'

/** The text of the member; throws `invalid-request` for anything else. */
export function requiredText(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw invalid(name, 'must be a text')
}

/** Throws `invalid-request` for anything but true, false, null or nothing. */
export function optionalFlag(body: JsonObject, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value === 'boolean') return value
  throw invalid(name, 'must be true or false')
}

/**
 * The greatest of the numbers under these names, since which of them counts is the provider's choice; null where there is
 * none, and where one is anything but a whole number: a lenient reader makes a number of "100", another takes no notice.
 */
export function mostTokens(body: JsonObject, names: readonly string[]): number | null {
  const given = names.map((name) => body[name] ?? null).filter((value) => value !== null)
  if (given.length === 0 || !given.every(isWhole)) return null
  return Math.max(0, ...given)
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)

export function invalid(parameter: string, what: string): ServiceError {
  return new ServiceError('invalid-request', `${parameter}: ${what}.`, { parameter })
}

/** The elements of a list with their paths; nothing for what is no list. */
export function elementsOf(value: unknown, path: string): readonly (readonly [element: JsonObject, path: string])[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((element: unknown, index) =>
    isObject(element) ? [[element, `${path}[${index}]`] as const] : [],
  )
}

/** The elements of a list with their paths, none where the member is not there; throws `invalid-request` for any other shape. */
export function requiredElements(value: unknown, path: string): ReturnType<typeof elementsOf> {
  if (value === undefined || value === null) return []
  if (Array.isArray(value) && value.every(isObject)) return elementsOf(value, path)
  throw invalid(path, 'must be a list of objects')
}

/** Members whose content is the caller's own data or a schema: a name in there means nothing to the provider. */
const opaque: ReadonlySet<string> = new Set(['arguments', 'input_schema', 'metadata', 'parameters', 'schema'])

/** Types of blocks whose `input` is what a tool was called with. */
const toolUse: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use'])

/**
 * Members that hold an id of what a provider keeps, or a list of them: by what is kept, whatever stands before it, since
 * new parts of an API name old things so (`previous_response_id`, `comparison_response_id`).
 */
const idMember =
  /^(?:container|conversation|(?:.*_)?(?:assistant|batch|container|conversation|file|message|prompt|response|thread|tunnel|upload|vector_store|video|voice)_ids?)$/

/** Members with the id of an item that may be in the conversation itself. */
const itemIdMembers: ReadonlySet<string> = new Set(['approval_request_id'])

/** Members that may hold an object with an `id`: `conversation: { id }`. */
const objectsWithId: ReadonlySet<string> = new Set(['audio', 'container', 'conversation', 'prompt', 'voice'])

/** Members that hold an address which the provider fetches, as a text or as `{ url }`, and the right to have it do so. */
const addressMembers: Readonly<Record<string, string>> = {
  audio_url: 'file_urls',
  file_url: 'file_urls',
  image_url: 'image_urls',
  video_url: 'file_urls',
}

/** Other members by which the stages decide. */
const readMembers: ReadonlySet<string> = new Set([
  ...'background content content_policy_fallbacks context_window_fallbacks definition enable_search'.split(' '),
  ...'fallbacks id inference_geo input'.split(' '),
  ...'max_completion_tokens max_output_tokens max_tokens n'.split(' '),
  ...'mcp_servers messages model models plugins preset role search_parameters service_tier skill_id source'.split(' '),
  ...'speed store stream system tool tools type url web_search_options'.split(' '),
  ...Object.keys(addressMembers),
  ...objectsWithId,
  ...itemIdMembers,
])

/** What no name of an API has, and what a reader that takes no notice of case reads as one all the same. */
const unlikeNames = /[A-Z\u017f\u212a]/

/**
 * Throws `invalid-request` for another spelling of a member that the stages read. Servers written in Go take `Model` for
 * `model`, and the last of both: what was examined would not be what is done.
 */
function refuseOtherSpelling(name: string, path: string): void {
  if (!unlikeNames.test(name)) return
  const plain = name.replaceAll('\u017f', 's').toLowerCase()
  if (readMembers.has(plain) || idMember.test(plain)) throw invalid(path, `is another spelling of ${plain}`)
}

/** The same for the names of the body alone, where nothing below them is read. */
export function refuseOtherSpellings(body: JsonObject): void {
  for (const name of Object.keys(body)) refuseOtherSpelling(name, name)
}

interface Member {
  readonly owner: JsonObject
  readonly name: string
}

/** Data that is in the address itself is fetched by nobody. */
const isFetched = (value: unknown): value is string => typeof value === 'string' && !/^data:/i.test(value.trimStart())

/** The right that a member needs because of the address it holds; null where it holds none. */
function rightToFetch({ owner, name }: Member): string | null {
  const value = owner[name]
  // Anthropic: { type: 'image', source: { type: 'url', url } }.
  const right = name === 'source' ? (owner['type'] === 'image' ? 'image_urls' : 'file_urls') : addressMembers[name]
  if (right === undefined || (name !== 'source' && !Object.hasOwn(addressMembers, name))) return null
  if (isObject(value)) return isFetched(value['url']) ? right : null
  return name !== 'source' && isFetched(value) ? right : null
}

export interface ReachOfBody {
  readonly ids: NamedInBody[]
  /** Ids that are not the caller's only where they are somebody else's. */
  readonly itemIds: NamedInBody[]
  readonly addresses: NamedInBody[]
  /** Tools that are defined in the course of a conversation, with their paths. */
  readonly definitions: (readonly [tool: JsonObject, path: string])[]
}

/**
 * Every id of something the provider keeps, every address it is to fetch and every tool that is defined on the way,
 * wherever in the body they stand. New parts of an API use the old names for them, so the whole body is walked.
 */
export function reachOf(body: JsonObject, members: readonly string[] = Object.keys(body)): ReachOfBody {
  const reach: ReachOfBody = { ids: [], itemIds: [], addresses: [], definitions: [] }
  for (const name of members) {
    // The body itself is of no type: `input` of a body that calls itself a tool is read like any other.
    if (Object.hasOwn(body, name)) visitMember({ owner: { [name]: body[name] }, name, path: name }, reach)
  }
  return reach
}

interface MemberAt extends Member {
  readonly path: string
}

function visit(value: unknown, path: string, reach: ReachOfBody): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) visit(element, `${path}[${index}]`, reach)
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) visitMember({ owner: value, name, path: `${path}.${name}` }, reach)
  }
}

function visitMember({ owner, name, path }: MemberAt, reach: ReachOfBody): void {
  const value = owner[name]
  refuseOtherSpelling(name, path)
  if (opaque.has(name) || (name === 'input' && toolUse.has(String(owner['type'])))) return
  if (idMember.test(name)) noteIds(value, path, reach.ids)
  if (itemIdMembers.has(name)) noteIds(value, path, reach.itemIds)
  if (objectsWithId.has(name) && isObject(value) && typeof value['id'] === 'string') {
    reach.ids.push({ name: value['id'], parameter: `${path}.id` })
  }
  // Anthropic: a custom skill is kept, one of its own is there for all.
  if (name === 'skill_id' && typeof value === 'string' && owner['type'] !== 'anthropic') {
    reach.ids.push({ name: value, parameter: path })
  }
  // Anthropic: { type: 'tool_addition', tool: { type: 'tool_definition', definition } }.
  if (name === 'definition' && owner['type'] === 'tool_definition' && isObject(value)) {
    reach.definitions.push([value, path])
  }
  // Items bring tools of their own: `additional_tools`, `tool_search_output`, whatever comes next. Those of a tool are its own.
  if (name === 'tools' && path !== name && !/tools\[\d+\]\.tools$/.test(path))
    reach.definitions.push(...elementsOf(value, path))
  const right = rightToFetch({ owner, name })
  if (right !== null) reach.addresses.push({ name: right, parameter: path })
  visit(value, path, reach)
}

function noteIds(value: unknown, path: string, ids: NamedInBody[]): void {
  if (typeof value === 'string') ids.push({ name: value, parameter: path })
  else if (Array.isArray(value)) {
    for (const [index, id] of value.entries()) {
      if (typeof id === 'string') ids.push({ name: id, parameter: `${path}[${index}]` })
    }
  }
}
