const byDigits: ReadonlySet<string> = new Set(['pii/card', 'pii/phone', 'pii/ssn'])

/**
 * What spellings of one value have in common: `Kim@X.example` and `kim@x.example` are one address, `4111 1111 …` and
 * `4111-1111-…` one card.
 */
export function canonicalOf(category: string, value: string): string {
  const plain = value.normalize('NFKC')
  if (byDigits.has(category)) return plain.replace(/[^\p{Nd}+]/gu, '')
  if (category === 'pii/iban') return plain.replace(/[^\p{L}\p{Nd}]/gu, '').toUpperCase()
  // A secret, and a text in the form of a token, are what they are to the letter.
  if (/^(?:secret|literal)(?:\/|$)/.test(category)) return value
  return plain.toLowerCase().replace(/\s+/gu, ' ').trim()
}

/**
 * What a value is told by before its kind is: as it stands, and, but for secrets, which are themselves to the letter, without
 * regard to case, blanks, and the signs between digits.
 */
export function textsOf(category: string, value: string): readonly string[] {
  if (/^secret(?:\/|$)/.test(category)) return [value]
  const plain = value.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
  const digits = /^[\p{Nd}\s().+/\u2010-\u2015-]+$/u.test(plain) ? plain.replace(/\P{Nd}/gu, '') : plain
  return [value, `\0${digits.length < fewestDigits ? plain : digits}`]
}

const fewestDigits = 6

/** All that spellings of a value may have in common, whatever its kind; the first kinds of each form stand for the others. */
export function canonicalForms(value: string): readonly string[] {
  const forms = ['pii/card', 'pii/iban', 'secret', 'pii/person'].map((kind) => canonicalOf(kind, value))
  return [...new Set(forms)].filter((form) => form !== '')
}
