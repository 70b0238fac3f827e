import type { Filter } from '../filter.ts'
import { createTextFilter } from '../text-filter.ts'
import { findCards } from './card.ts'
import { findEmails } from './email.ts'
import { findIbans } from './iban.ts'
import { findPhones } from './phone.ts'
import { findSocialSecurityNumbers } from './ssn.ts'

/**
 * Structured personal data: e-mail addresses, telephone numbers, payment cards, United States social security numbers,
 * IBANs. Names and postal addresses have no structure a pattern could hold and are not looked for.
 */
export function createPiiFilter(): Filter {
  return createTextFilter({
    name: 'pii-patterns@1',
    onFailure: 'closed',
    minimumLength: 6,
    hint: /@|(?:\d\D{0,2}){7}|\b(?:at|dot)\b/i,
    scan: (text, part) => [
      ...findEmails(text),
      ...findIbans(text),
      ...findCards(text, part.label),
      ...findSocialSecurityNumbers(text, part.label),
      ...findPhones(text, part.label),
    ],
  })
}
