import { subjectOf } from './context.ts'

const words: readonly { readonly category: string; readonly pattern: RegExp }[] = [
  { category: 'pii/email', pattern: /\be ?mails?\b/ },
  { category: 'pii/iban', pattern: /\biban\b/ },
  { category: 'pii/person', pattern: /\b(?:first|last|full|given|family|middle|maiden|sur) ?names?\b|\bsurname\b/ },
  { category: 'pii/address', pattern: /\b(?:street|postal ?code|post ?code|zip(?: ?code)?|address)\b/ },
]

const ofSubject = { phone: 'pii/phone', card: 'pii/card', ssn: 'pii/ssn', other: null } as const

/** Kinds of personal data that the name of a column speaks of, whatever it holds; a hint for people, and no wall. */
export function kindsOfColumn(name: string): readonly string[] {
  const spaced = name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .replaceAll(/[_\-.]+/g, ' ')
    .toLowerCase()
  const subject = subjectOf(spaced)
  const number = subject === null ? null : ofSubject[subject]
  // The address of a mail is none of a place.
  const named = words.flatMap(({ category, pattern }) => {
    const match = pattern.exec(spaced)
    // `email_count` counts them, and `address_id` names a row.
    const isOther = match !== null && subjectOf(spaced.slice(match.index + match[0].length)) === 'other'
    return match === null || isOther ? [] : [category]
  })
  const kinds = named.includes('pii/email') ? named.filter((kind) => kind !== 'pii/address') : named
  return [...new Set([...kinds, ...(number === null ? [] : [number])])].toSorted()
}
