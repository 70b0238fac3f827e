import type { SessionSummary } from '../../sessions/session-entry.ts'
import type { SandboxListQuery } from '../wire/e2b.ts'
import type { KnownSandbox } from './known-sandboxes.ts'

interface Listed {
  readonly sandbox: KnownSandbox
  readonly summary: SessionSummary
}

/** Is it one that was asked for? Names and values of metadata are encoded once more than their query is. */
export function matches(sandbox: KnownSandbox, { metadata, state, startedAfter, template }: SandboxListQuery): boolean {
  const states = state === undefined ? [] : [state].flat().flatMap((each) => each.split(','))
  const wanted = [...new URLSearchParams(metadata ?? '')].map((pair) => pair.map(decoded))
  return (
    (states.length === 0 || states.includes('running')) &&
    (template === undefined || template === sandbox.template) &&
    (startedAfter === undefined || sandbox.startedAt > new Date(startedAfter)) &&
    wanted.every(([name = '', value]) => Object.hasOwn(sandbox.metadata, name) && sandbox.metadata[name] === value)
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** So many in their order, from where the page before has ended; a token is the id of the last one of that. */
export function pageOf(
  all: readonly Listed[],
  { order, limit, nextToken }: SandboxListQuery,
): { readonly items: readonly Listed[]; readonly nextToken: string | null } {
  const ordered = order === 'asc' ? all : all.toReversed()
  const at = nextToken === undefined ? 0 : ordered.findIndex(({ sandbox }) => sandbox.id === nextToken) + 1
  const items = ordered.slice(at, at + limit)
  return { items, nextToken: at + limit < ordered.length ? (items.at(-1)?.sandbox.id ?? null) : null }
}
