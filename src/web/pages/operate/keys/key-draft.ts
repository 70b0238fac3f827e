import type { Key, KeysCreateRequest } from '../../../api/generated/operators.ts'
import { readLifetime, unlimited, type LifetimeDraft } from '../lifetimes.ts'
import { distanceText } from '../words.ts'

export type Scope = Key['scopes'][number]

/** Every scope of a key with what it is for. */
export const scopes: readonly { readonly name: Scope; readonly about: string }[] = [
  { name: 'ask', about: 'questions to the analyst' },
  { name: 'models', about: 'models of providers' },
  { name: 'sql', about: 'statements of the caller' },
  { name: 'execute', about: 'programs of the caller, and files of sessions' },
  { name: 'sessions', about: 'sessions, conversations and runs' },
  { name: 'privacy', about: 'receipts, reports and searches of the PII proxy' },
  { name: 'metrics', about: 'metrics of the process' },
  { name: 'approve', about: 'deciding what another caller asked to run' },
  { name: 'admin', about: 'everything on these pages: whoever has it can make other keys' },
]

/** Scopes that no key has which was not given them by name. */
const givenByName: ReadonlySet<Scope> = new Set(['approve', 'admin'])

/** What a person has filled in for a key that is to be made. */
export interface KeyDraft {
  readonly name: string
  readonly group: string
  readonly scopes: readonly Scope[]
  readonly lifetime: LifetimeDraft
}

export const emptyKey: KeyDraft = {
  name: '',
  group: 'default',
  scopes: scopes.map(({ name }) => name).filter((name) => !givenByName.has(name)),
  lifetime: { ...unlimited, kind: 'days' },
}

/** A draft as a body, or what is wrong with it, by its field. */
export type ReadKey =
  | { readonly body: KeysCreateRequest }
  | { readonly field: 'name' | 'group' | 'scopes' | 'lifetime'; readonly fault: string }

/** Reads a draft into the body of `POST /admin/v1/keys`. */
export function readKey(draft: KeyDraft, now: number): ReadKey {
  const name = draft.name.trim()
  if (name === '' || name.length > 100) return { field: 'name', fault: 'A name has 1 to 100 characters.' }
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(draft.group)) return { field: 'group', fault: 'Choose a group.' }
  if (draft.scopes.length === 0) return { field: 'scopes', fault: 'A key without a scope opens nothing: choose one.' }
  const lifetime = readLifetime(draft.lifetime, now)
  if ('fault' in lifetime) return { field: 'lifetime', fault: lifetime.fault }
  const expires = lifetime.said === null ? {} : { expires: lifetime.said }
  return { body: { name, group: draft.group, scopes: draft.scopes, ...expires } }
}

/** The scopes of a key in few words, where they are all, or those of a key that names none. */
export function scopesText(named: readonly Scope[]): string {
  const missing = scopes.filter(({ name }) => !named.includes(name)).map(({ name }) => name)
  if (named.length === 0) return 'none'
  if (missing.length === 0) return 'all'
  const isUsual = missing.length === givenByName.size && missing.every((name) => givenByName.has(name))
  return isUsual ? `all but ${missing.join(' and ')}` : named.join(', ')
}

export interface Standing {
  readonly word: string
  readonly tone: 'good' | 'warn' | 'bad' | 'plain'
}

/** Within this long of its end a key is said to end soon. */
const soonMilliseconds = 7 * 86_400_000

/** How a key stands, in a word, and how urgent that is. */
export function standingOf({ state, expires, replaced_by: replacedBy }: Key, now: number): Standing {
  if (state === 'held') return { word: 'held: nobody can use it', tone: 'plain' }
  if (state === 'expired') return { word: 'expired', tone: 'plain' }
  if (replacedBy !== null) return { word: 'replaced', tone: 'warn' }
  if (expires !== null && Date.parse(expires) - now < soonMilliseconds) {
    return { word: `ends ${distanceText(expires, now)}`, tone: 'warn' }
  }
  return { word: 'active', tone: 'good' }
}

/** Does it open the pages of operators? Revoking the last of those is told before it is done. */
export function isLastOperator(key: Key, all: readonly Key[]): boolean {
  const opens = ({ state, scopes: named }: Key) => state === 'active' && named.includes('admin')
  return opens(key) && all.every((other) => other.id === key.id || !opens(other))
}
