/** The category of a text that came in the form of a token and is none of ours: it is replaced like a value. */
export const literalCategory = 'literal'

/**
 * What a token says its value is: enough for a model to write of it as of one. Numbers of persons are called what their
 * country calls them, or by its code.
 */
const labelByCategory: Readonly<Record<string, string>> = {
  [literalCategory]: 'LITERAL',
  secret: 'SECRET',
  'pii/address': 'ADDRESS',
  'pii/at-insurance-number': 'SVNR',
  'pii/au-tax-file-number': 'TFN',
  'pii/bank-account': 'ACCOUNT',
  'pii/bank-code': 'BANKCODE',
  'pii/bank-routing-number': 'ROUTING',
  'pii/be-national-number': 'INSZ',
  'pii/bg-egn': 'EGN',
  'pii/br-cpf': 'CPF',
  'pii/ca-social-insurance-number': 'SIN',
  'pii/card': 'CARD',
  'pii/ch-ahv-number': 'AHV',
  'pii/cl-rut': 'RUT',
  'pii/cn-resident-number': 'CNID',
  'pii/coordinates': 'POSITION',
  'pii/crypto-wallet': 'WALLET',
  'pii/cz-birth-number': 'CZID',
  'pii/date-of-birth': 'BIRTHDAY',
  'pii/de-tax-id': 'IDNR',
  'pii/device-id': 'IMEI',
  'pii/dk-cpr-number': 'CPR',
  'pii/driver-license': 'LICENSE',
  'pii/ee-personal-code': 'EEID',
  'pii/email': 'EMAIL',
  'pii/es-dni': 'DNI',
  'pii/es-nie': 'NIE',
  'pii/fi-personal-identity-code': 'HETU',
  'pii/fr-social-security-number': 'NIR',
  'pii/hk-identity-card': 'HKID',
  'pii/hr-oib': 'OIB',
  'pii/iban': 'IBAN',
  'pii/ie-pps-number': 'PPSN',
  'pii/il-identity-number': 'ILID',
  'pii/in-aadhaar': 'AADHAAR',
  'pii/in-pan': 'PAN',
  'pii/ip-address': 'IP',
  'pii/it-codice-fiscale': 'FISCALE',
  'pii/kr-resident-number': 'RRN',
  'pii/location': 'PLACE',
  'pii/mac-address': 'DEVICE',
  'pii/medical-record-number': 'MRN',
  'pii/mx-curp': 'CURP',
  'pii/national-id': 'NATIONALID',
  'pii/nl-bsn': 'BSN',
  'pii/no-birth-number': 'FNR',
  'pii/organization': 'COMPANY',
  'pii/passport': 'PASSPORT',
  'pii/person': 'PERSON',
  'pii/phone': 'PHONE',
  'pii/pl-pesel': 'PESEL',
  'pii/postal-code': 'POSTCODE',
  'pii/pt-tax-number': 'NIF',
  'pii/ro-cnp': 'CNP',
  'pii/se-personal-number': 'PNR',
  'pii/sg-nric': 'NRIC',
  'pii/ssn': 'SSN',
  'pii/th-identity-number': 'THID',
  'pii/tr-identity-number': 'TCKN',
  'pii/tw-identity-number': 'TWID',
  'pii/uk-national-insurance-number': 'NINO',
  'pii/uk-nhs-number': 'NHS',
  'pii/us-ein': 'EIN',
  'pii/us-itin': 'ITIN',
  'pii/us-medicare-number': 'MEDICARE',
  'pii/vehicle-id': 'VEHICLE',
  'pii/za-identity-number': 'ZAID',
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
