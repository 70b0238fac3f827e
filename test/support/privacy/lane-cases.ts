import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'

/** What each property has of the cases that are asked for together, in thousandths. */
export const shares = {
  'restore after mask is what was said': 220,
  'restored in pieces is restored whole': 200,
  'two proxies in a row': 200,
  'surrogates: restore after mask is what was said': 25,
  'surrogates: restored in pieces is restored whole': 25,
  'surrogates: two proxies in a row': 25,
  'surrogates: none within another': 25,
  'no token begins another': 40,
  'no spelling is read as another token': 96,
  'no value into an address that is rendered': 56,
  'no value into the places of addresses': 40,
  'no value to a tool without a grant': 20,
  'no value of anybody else': 20,
  'the same bytes turn after turn': 8,
} as const

export type PrivacyProperty = keyof typeof shares

/** The lane for a release asks for a million. */
const together = process.env['SALLYPORT_PRIVACY_CASES']
const all = Number(together ?? 5_000)

/** Of this property in this run. */
export const casesOf = (name: PrivacyProperty): number => Math.ceil((all * shares[name]) / 1_000)

/** Milliseconds that a test of so many cases may take. */
export const patienceFor = (name: PrivacyProperty): number => 60_000 + casesOf(name) * 30

/** What all draws of this property begin with: any number, or the one with which a run is to be tried again. */
export function seedOf(name: PrivacyProperty): number {
  const seed = Number(process.env['SALLYPORT_PRIVACY_SEED'] ?? randomInt(2 ** 31))
  if (together !== undefined) process.stdout.write(`${name}: ${casesOf(name)} cases, seed ${seed}\n`)
  return seed
}

/** Tries a property as often as this run takes it. Rejects with the smallest case against it, and the seed that leads there. */
export async function holds<Case>(name: PrivacyProperty, property: fc.IRawProperty<Case>): Promise<void> {
  await fc.assert(property, { numRuns: casesOf(name), seed: seedOf(name) })
}
