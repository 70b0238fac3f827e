import { createRequire } from 'node:module'
import type * as Library from 'libphonenumber-js'
import type { CountryCode, PhoneNumber } from 'libphonenumber-js'

export type { CountryCode }

const require = createRequire(import.meta.url)
let library: typeof Library | null = null

/** The telephone number that a text is, or undefined. The library is loaded with the first text that could be one. */
export function parsePhoneNumber(text: string, region?: CountryCode): PhoneNumber | undefined {
  library ??= require('libphonenumber-js') as typeof Library
  return library.parsePhoneNumberFromString(text, region)
}
