import { unsupportedMembers } from './unsupported.ts'

/** Members that count; of those that are refused by name only what asks for nothing comes as far as here. */
const honoured: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'session',
  ...Object.keys(unsupportedMembers),
])

const maximumNames = 32

const isGiven = ([, value]: [string, unknown]): boolean => value !== null && value !== undefined

/**
 * The members of a request that have no effect, for a header: `temperature, seed`, or null where each counts. Names that
 * are no plain word, and those after the 32nd, are only counted: `temperature, +3`.
 */
export function ignoredMembers(body: Readonly<Record<string, unknown>>): string | null {
  const names = Object.entries(body)
    .filter(isGiven)
    .map(([name]) => name)
  const ignored = names.filter((name) => !honoured.has(name))
  const shown = ignored.filter((name) => /^[a-z][a-z0-9_]{0,63}$/i.test(name)).slice(0, maximumNames)
  const others = ignored.length - shown.length
  return ignored.length === 0 ? null : [...shown, ...(others > 0 ? [`+${others}`] : [])].join(', ')
}
