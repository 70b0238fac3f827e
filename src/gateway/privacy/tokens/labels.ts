/** The category of a text that came in the form of a token and is none of ours: it is replaced like a value. */
export const literalCategory = 'literal'

/** What a token says its value is: enough for a model to write of it as of one. */
const labelByCategory: Readonly<Record<string, string>> = {
  [literalCategory]: 'LITERAL',
  secret: 'SECRET',
  'pii/address': 'ADDRESS',
  'pii/card': 'CARD',
  'pii/coordinates': 'POSITION',
  'pii/date-of-birth': 'BIRTHDAY',
  'pii/email': 'EMAIL',
  'pii/iban': 'IBAN',
  'pii/ip-address': 'IP',
  'pii/location': 'PLACE',
  'pii/mac-address': 'DEVICE',
  'pii/organization': 'COMPANY',
  'pii/person': 'PERSON',
  'pii/phone': 'PHONE',
  'pii/postal-code': 'POSTCODE',
  'pii/ssn': 'SSN',
}

/** The label of every category that has none of its own. */
const otherLabel = 'VALUE'
const ofSecrets = /^secret\//

/** Which label the tokens of a category have. */
export class Labels {
  readonly #byCategory: ReadonlyMap<string, string>

  /**
   * `more`: categories of recognizers that an operator has defined, `custom/employee-number` → `EMPLOYEENUMBER`. Those
   * whose label would be the end of another one, or have another one for its end, get the common one.
   */
  constructor(more: readonly string[] = []) {
    const byCategory = new Map(Object.entries(labelByCategory))
    for (const category of more) {
      if (byCategory.has(category) || ofSecrets.test(category)) continue
      const label = (category.split('/').at(-1) ?? '').replace(/[^A-Za-z]/g, '').toUpperCase()
      const others = [...byCategory.values(), otherLabel]
      const isFree = label.length > 1 && !others.some((other) => other.endsWith(label) || label.endsWith(other))
      if (isFree) byCategory.set(category, label)
    }
    this.#byCategory = byCategory
  }

  of(category: string): string {
    return this.#byCategory.get(ofSecrets.test(category) ? 'secret' : category) ?? otherLabel
  }

  /** Every label there is; none of them is the end of another. */
  get all(): ReadonlySet<string> {
    return new Set([...this.#byCategory.values(), otherLabel])
  }
}
