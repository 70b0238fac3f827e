import { unsupportedHistory, unsupportedMembers } from './unsupported.ts'

/** Members that count; of those that are refused by name only what asks for nothing comes as far as here. */
const honoured: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'session',
  'store',
  'conversation',
  'files',
  ...Object.keys(unsupportedMembers),
])

/** The members within others that have an effect. A `refusal` with words has none: it is no part of what was said. */
const honouredWithin = {
  stream_options: new Set(['include_usage']),
  messages: new Set(['role', 'content', ...Object.keys(unsupportedHistory)]),
  'messages.content': new Set(['type', 'text']),
}

const maximumNames = 32
const plainName = /^(?:(?:stream_options|messages|messages\.content)\.)?[a-z][a-z0-9_]{0,63}$/i

/** Nothing, and a list of nothing, ask for nothing. */
const isGiven = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)

function namesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => (isGiven(member) ? [name] : []))
}

/** Names without effect within a member, each once: `messages.name`. */
function ignoredWithin(place: keyof typeof honouredWithin, values: readonly unknown[]): readonly string[] {
  const names = [...new Set(values.flatMap(namesOf))]
  return names.filter((name) => !honouredWithin[place].has(name)).map((name) => `${place}.${name}`)
}

/**
 * The members of a request that have no effect, for a header: `temperature, messages.name`, or null where each counts.
 * Names other than plain words, and those after the 32nd, are only counted: `temperature, +3`.
 */
export function ignoredMembers(body: {
  readonly messages: readonly { readonly content?: unknown }[]
  readonly stream_options?: unknown
  readonly [name: string]: unknown
}): string | null {
  const parts = body.messages.flatMap(({ content }) => (Array.isArray(content) ? (content as unknown[]) : []))
  const ignored = [
    ...namesOf(body).filter((name) => !honoured.has(name)),
    ...ignoredWithin('stream_options', [body.stream_options]),
    ...ignoredWithin('messages', body.messages),
    ...ignoredWithin('messages.content', parts),
  ]
  const shown = ignored.filter((name) => plainName.test(name)).slice(0, maximumNames)
  const others = ignored.length - shown.length
  return ignored.length === 0 ? null : [...shown, ...(others > 0 ? [`+${others}`] : [])].join(', ')
}
