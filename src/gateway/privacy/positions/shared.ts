import type { Positions } from './position.ts'

/**
 * Where somebody is, as hosted searches of all three APIs ask for it. Country, time zone and language are words of fixed lists
 * (ISO 3166, IANA, BCP 47).
 */
export const placeOfUser: Positions = {
  type: 'identifier',
  country: 'identifier',
  timezone: 'identifier',
  language: 'identifier',
  region: 'place',
  city: 'place',
}

/** Members by which routers choose who answers (https://openrouter.ai/docs/guides/routing/provider-selection), and where. */
export const routing: Positions = {
  'provider.**': 'identifier',
  'transforms[]': 'identifier',
  route: 'identifier',
  region: 'identifier',
  locale: 'identifier',
  language: 'identifier',
  timezone: 'identifier',
}
