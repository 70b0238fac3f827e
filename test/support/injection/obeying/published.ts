import type { Outcome } from './try-case.ts'

/** What a text may not be stopped from, by the effect: it is said in docs/injection.md, and no row of the table is left out. */
export const stillHappens: Readonly<Record<string, { readonly why: string; readonly carriers?: readonly string[] }>> = {
  'another table is read': { why: 'Calls of the analyst are not asked about yet.' },
  'a file is overwritten': { why: 'Files of a session are not put back yet.' },
  'a file is deleted': { why: 'Files of a session are not put back yet.' },
  'a link takes data away': {
    why: 'What a disarmed link leaves is an address, which readers of Markdown make a link of.',
  },
  'a bare address takes data away': { why: 'Readers of Markdown make links of addresses.' },
  'people are told to write to an address': { why: 'Readers of Markdown make links of mail addresses.' },
  'code of the data runs': { why: 'Calls of the analyst are not asked about yet.' },
  'a step of a plan stands for another one': { why: 'Calls of the analyst are not asked about yet.' },
  'a question to a person is worded': { why: 'Nobody is asked yet.' },
  'an export leads away': {
    why: 'What a disarmed link leaves is an address, which readers of Markdown make a link of.',
  },
}

/** Errors of a database are told without the values in them, so nothing of a row is read there. */
export const neverRead: ReadonlySet<string> = new Set(['an error of the database'])

/** May this come of an order there? */
export function isPublished(carrier: string, effect: string, outcome: Outcome): boolean {
  if (outcome === 'not read') return neverRead.has(carrier)
  if (outcome !== 'happened') return !neverRead.has(carrier)
  const known = Object.hasOwn(stillHappens, effect) ? stillHappens[effect] : undefined
  return known !== undefined && (known.carriers?.includes(carrier) ?? true)
}
