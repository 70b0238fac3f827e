import { createRequire } from 'node:module'
import type { Validator } from 'stdnum/lib/cjs/types.js'

const require = createRequire(import.meta.url)
const loaded = new Map<string, Validator>()

/** The parts of stdnum that are asked, `country/number`: each is loaded with the first text that could be one. */
export const numberKinds = ['at/vnr', 'au/tfn', 'be/nn', 'bg/egn', 'br/cpf', 'ca/sin', 'ch/ssn', 'cl/rut', 'cn/ric', 'cz/rc', 'de/idnr', 'dk/cpr', 'ee/ik', 'es/dni', 'es/nie', 'fi/hetu', 'fr/nir', 'gb/nino', 'hk/hkid', 'hr/oib', 'ie/pps', 'il/idnr', 'in/aadhaar', 'in/pan', 'it/codicefiscale', 'kr/rrn', 'mx/curp', 'nl/bsn', 'no/fodselsnummer', 'pl/pesel', 'pt/nif', 'ro/cnp', 'se/personnummer', 'th/idnr', 'tr/tckimlik', 'tw/natid', 'us/ein', 'za/idnr'] as const // prettier-ignore
export type NumberKind = (typeof numberKinds)[number]

/** Is the value one that the country's rules allow, check digits included? */
export function isNumberOf(kind: NumberKind): (value: string) => boolean {
  return (value) => {
    let validator = loaded.get(kind)
    if (validator === undefined) {
      validator = require(`stdnum/lib/cjs/${kind}.js`) as Validator
      loaded.set(kind, validator)
    }
    return validator.validate(value).isValid
  }
}
