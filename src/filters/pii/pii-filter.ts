import type { Filter } from '../filter.ts'
import { createTextFilter } from '../text-filter.ts'
import { subjectOf, type Subject } from './context.ts'
import { findCards } from './card.ts'
import { findEmails } from './email.ts'
import { findIbans } from './iban.ts'
import { findPhones } from './phone.ts'
import { findSocialSecurityNumbers } from './ssn.ts'
import { findOtherwiseWritten } from './written-otherwise.ts'

/** Fewer digits so close to each other make no number that is looked for. */
const fewestDigits = 7
const rememberedColumns = 1_024

/** A column's name comes with every cell of it. */
function remember(compute: (label: string) => Subject | null): (label: string) => Subject | null {
  const known = new Map<string, Subject | null>()
  return (label) => {
    let subject = known.get(label)
    if (subject === undefined) {
      subject = compute(label)
      if (known.size >= rememberedColumns) known.clear()
      known.set(label, subject)
    }
    return subject
  }
}

/**
 * Structured personal data: e-mail addresses, telephone numbers, payment cards, United States social security numbers,
 * IBANs. Names and postal addresses have no structure a pattern could hold and are not looked for.
 */
export function createPiiFilter(): Filter {
  const subjectOfColumn = remember(subjectOf)
  return createTextFilter({
    name: 'pii-patterns@1',
    categories: ['pii/email', 'pii/phone', 'pii/card', 'pii/ssn', 'pii/iban'],
    onFailure: 'closed',
    minimumLength: 6,
    mayHold: ({ hasAt, hasSpelling, digits, closestDigits, hasLettersBeforeDigits }) =>
      hasAt || hasSpelling || closestDigits >= fewestDigits || (hasLettersBeforeDigits && digits >= fewestDigits),
    scan: (text, { part, isWanted, traits }) => {
      const emails = traits.hasAt || traits.hasSpelling ? findEmails(text) : []
      // What an account's number begins with; every other number has its digits close to each other.
      if (traits.closestDigits < fewestDigits && !traits.hasLettersBeforeDigits) return emails
      const column = part.label === undefined ? null : subjectOfColumn(part.label)
      const cards = findCards(text, { column, siblings: part.siblings ?? [], isWanted })
      return [
        ...emails,
        ...findIbans(text),
        ...cards,
        ...findOtherwiseWritten(text, { column, isWanted }, cards),
        ...findSocialSecurityNumbers(text, { column, isWanted }),
        ...findPhones(text, { column, isWanted }),
      ]
    },
  })
}
