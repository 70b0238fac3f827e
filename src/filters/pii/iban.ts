import type { Match } from '../text-filter.ts'

// Lengths by country: SWIFT IBAN registry, release 99.
const lengths: Readonly<Record<string, number>> = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28, CZ: 24,
  DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27,
  GT: 28, HN: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20,
  LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24,
  PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25,
  SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20, YE: 30,
} // prettier-ignore

const candidate = /(?<![A-Za-z0-9_]|\d-|[A-Fa-f0-9]{4}-)([A-Za-z]{2})\d{2}(?:[ -]?[A-Za-z0-9]){11,32}/g

/** ISO 7064 mod 97-10 over the number with its first four characters moved to the end. */
export function passesIbanCheck(iban: string): boolean {
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

/** The first `length` characters of `raw` that are not separators, as an end offset; null when there are fewer. */
function endAfter(raw: string, length: number): number | null {
  let seen = 0
  for (let index = 0; index < raw.length; index += 1) {
    if (raw[index] !== ' ' && raw[index] !== '-') seen += 1
    if (seen === length) return index + 1
  }
  return null
}

/** Does what was read go on, as a digest or an identifier does? A word after a blank is another one. */
function isInsideToken(text: string, end: number, raw: string): boolean {
  return (
    /^[A-Za-z0-9_]|^-[A-Za-z0-9]/.test(text.slice(end, end + 2)) || /(?:[ -][A-Za-z0-9](?![A-Za-z0-9])){2}/.test(raw)
  )
}

export function findIbans(text: string): Match[] {
  const matches: Match[] = []
  candidate.lastIndex = 0
  for (let match = candidate.exec(text); match !== null; match = candidate.exec(text)) {
    // What the number may be followed by can hold the next one.
    candidate.lastIndex = match.index + 4
    const length = lengths[(match[1] as string).toUpperCase()]
    const end = length === undefined ? null : endAfter(match[0], length)
    if (end === null) continue
    if (isInsideToken(text, match.index + end, match[0].slice(0, end))) continue
    if (!passesIbanCheck(match[0].slice(0, end).replace(/[ -]/g, ''))) continue
    matches.push({ start: match.index, end: match.index + end, category: 'pii/iban', score: 0.97 })
  }
  return matches
}
