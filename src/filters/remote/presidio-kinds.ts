/** A kind of value by the name that Presidio has for it. */
interface Kind {
  readonly category: string
  /** Are its values words without a form of their own? Where only structured values are hidden it is not asked for. */
  readonly isOfWords: boolean
}

const ofWords = (category: string): Kind => ({ category, isOfWords: true })
const structured = (category: string): Kind => ({ category, isOfWords: false })

/** Entities of Presidio 2.2 that have a kind of ours, by the list of its documentation. */
const kinds: Readonly<Record<string, Kind>> = {
  AGE: ofWords('pii/age'),
  AU_TFN: structured('pii/au-tax-file-number'),
  ABA_ROUTING_NUMBER: structured('pii/bank-routing-number'),
  CREDIT_CARD: structured('pii/card'),
  CRYPTO: structured('pii/crypto-wallet'),
  DATE_TIME: ofWords('pii/date'),
  EMAIL: structured('pii/email'),
  EMAIL_ADDRESS: structured('pii/email'),
  ES_NIE: structured('pii/es-nie'),
  ES_NIF: structured('pii/es-dni'),
  FI_PERSONAL_IDENTITY_CODE: structured('pii/fi-personal-identity-code'),
  IBAN_CODE: structured('pii/iban'),
  IN_AADHAAR: structured('pii/in-aadhaar'),
  IN_PAN: structured('pii/in-pan'),
  IN_PASSPORT: structured('pii/passport'),
  IP_ADDRESS: structured('pii/ip-address'),
  IT_DRIVER_LICENSE: structured('pii/driver-license'),
  IT_FISCAL_CODE: structured('pii/it-codice-fiscale'),
  IT_PASSPORT: structured('pii/passport'),
  LOCATION: ofWords('pii/location'),
  MAC_ADDRESS: structured('pii/mac-address'),
  NRP: ofWords('pii/nationality'),
  ORGANIZATION: ofWords('pii/organization'),
  PERSON: ofWords('pii/person'),
  PHONE_NUMBER: structured('pii/phone'),
  PL_PESEL: structured('pii/pl-pesel'),
  SG_NRIC_FIN: structured('pii/sg-nric'),
  UK_NHS: structured('pii/uk-nhs-number'),
  UK_NINO: structured('pii/uk-national-insurance-number'),
  US_BANK_NUMBER: structured('pii/bank-account'),
  US_DRIVER_LICENSE: structured('pii/driver-license'),
  US_ITIN: structured('pii/us-itin'),
  US_MBI: structured('pii/us-medicare-number'),
  US_PASSPORT: structured('pii/passport'),
  US_SSN: structured('pii/ssn'),
}

/** The kind of an entity; one that an analyzer's operator has defined is `presidio/` and its name in small letters. */
export function kindOf(entity: string): Kind {
  const known = Object.hasOwn(kinds, entity) ? kinds[entity] : undefined
  if (known !== undefined) return known
  const name = (entity.toLowerCase().match(/[a-z]+/g) ?? ['entity']).join('-')
  return structured(`presidio/${name}`)
}
