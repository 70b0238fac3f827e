import type { KeyFacts } from '../../service/sallyport.ts'
import { plainLine } from './plain-text.ts'

/** Keys in a line each, below a head; nothing but a sentence where there are none. Ids are never cut: the next command is given one. */
export function keyLines(keys: readonly KeyFacts[]): string {
  if (keys.length === 0) return 'There is no key.\n'
  const rows = [['id', 'group', 'created', 'name'], ...keys.map(rowOf)]
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}\n`).join('')
}

function rowOf({ id, group, created, name, state, expires, replacedBy }: KeyFacts): readonly string[] {
  const ends = state === 'active' && expires !== null ? `expires ${expires}` : null
  const notes = [state === 'active' ? null : state, ends, replacedBy === null ? null : `replaced by ${replacedBy}`]
  const told = notes.filter((note) => note !== null).join(', ')
  return [id, group, created, `${plainLine(name, 100)}${told === '' ? '' : `  (${told})`}`]
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
