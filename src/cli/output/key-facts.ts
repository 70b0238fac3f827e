import type { KeyFacts } from '../../service/sallyport.ts'
import { plainLine } from './plain-text.ts'

/** A key in one line of a list. */
export function keyLine({ id, group, created, name, state, expires, replacedBy }: KeyFacts): string {
  const ends = state === 'active' && expires !== null ? `expires ${expires}` : null
  const notes = [state === 'active' ? null : state, ends, replacedBy === null ? null : `replaced by ${replacedBy}`]
  const told = notes.filter((note) => note !== null).join(', ')
  return `${id}  ${group}  ${created}  ${plainLine(name, 100)}${told === '' ? '' : `  (${told})`}\n`
}

/** All that is kept of a key, for people. */
export function keyText({ id, name, group, created, state, scopes, expires, lastUsed, replacedBy }: KeyFacts): string {
  const lines: readonly (readonly [name: string, value: string])[] = [
    ['id', id],
    ['name', plainLine(name, 100)],
    ['group', group],
    ['created', created],
    ['state', state],
    ['scopes', scopes.length === 0 ? 'none' : scopes.join(', ')],
    ['expires', expires ?? 'never'],
    ['used', lastUsed ?? 'never'],
    ...(replacedBy === null ? [] : [['replaced', `by ${replacedBy}`] as const]),
  ]
  return lines.map(([label, value]) => `${label.padEnd(8)} ${value}\n`).join('')
}

export function keyJson({ lastUsed, replacedBy, scopes, ...facts }: KeyFacts) {
  return { ...facts, scopes: [...scopes], last_used: lastUsed, replaced_by: replacedBy }
}
