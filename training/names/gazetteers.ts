import { allLocales, type LocaleDefinition } from '@faker-js/faker'
import { classes } from '../../src/filters/names/features.ts'
import { hashOf } from '../../src/filters/names/tokens.ts'
import {
  capitalizedWords,
  firmTrades,
  firmWords,
  institutions,
  knownOrganizations,
  legalForms,
  moreGivenNames,
  moreRegions,
  moreSurnames,
  titles,
  worldCities,
} from './word-lists.ts'

export const languages = ['english', 'german', 'french', 'spanish'] as const
export type Language = (typeof languages)[number]

/** Names of one part of the world. */
export interface Gazetteer {
  readonly given: readonly string[]
  readonly surnames: readonly string[]
  readonly cities: readonly string[]
}

const locales = {
  english: ['en', 'en_US', 'en_GB', 'en_AU', 'en_CA', 'en_IE', 'en_NG', 'en_ZA', 'en_IN'],
  german: ['de', 'de_AT', 'de_CH'],
  french: ['fr', 'fr_BE', 'fr_CA', 'fr_CH'],
  spanish: ['es', 'es_MX'],
  other: [
    'it',
    'nl',
    'nl_BE',
    'pl',
    'sv',
    'da',
    'nb_NO',
    'pt_BR',
    'pt_PT',
    'cs_CZ',
    'sk',
    'ro',
    'hr',
    'tr',
    'fi',
    'hu',
    'id_ID',
    'vi',
    'lv',
    'az',
    'af_ZA',
    'yo_NG',
    'zu_ZA',
    'sr_RS_latin',
    'uz_UZ_latin',
  ],
} as const satisfies Record<Language | 'other', readonly string[]>

const latin = /^[\p{Script=Latin}' .()’/-]+$/u

/** Every text in a part of a locale, however deep. */
function textsIn(part: unknown): string[] {
  if (typeof part === 'string') return [part]
  if (Array.isArray(part)) return part.flatMap(textsIn)
  return part !== null && typeof part === 'object' ? Object.values(part).flatMap(textsIn) : []
}

const definitionOf = (locale: string): LocaleDefinition =>
  (allLocales as Readonly<Record<string, LocaleDefinition>>)[locale] ?? {}

const unique = (texts: readonly string[]): string[] =>
  [...new Set(texts)].filter((text) => latin.test(text) && text.length > 1 && text.length < 40)

function gather(names: readonly string[], read: (definition: LocaleDefinition) => unknown): string[] {
  return unique(names.flatMap((locale) => textsIn(read(definitionOf(locale)))))
}

function gazetteerOf(names: readonly string[]): Gazetteer {
  return {
    given: gather(names, ({ person }) => person?.['first_name']),
    surnames: gather(names, ({ person }) => person?.['last_name']),
    cities: gather(names, ({ location }) => location?.['city_name']),
  }
}

const own: Gazetteer = { given: moreGivenNames, surnames: moreSurnames, cities: worldCities }

export const gazetteers: Readonly<Record<Language | 'other' | 'own', Gazetteer>> = {
  english: gazetteerOf(locales.english),
  german: gazetteerOf(locales.german),
  french: gazetteerOf(locales.french),
  spanish: gazetteerOf(locales.spanish),
  other: gazetteerOf(locales.other),
  own,
}

/** Countries and states as each language has them. */
export const regions: Readonly<Record<Language, readonly string[]>> = {
  english: [
    ...gather(['en'], ({ location }) => [location?.['country'], location?.['state'], location?.['county']]),
    ...gather(locales.english.slice(2), ({ location }) => location?.['state']),
    ...moreRegions,
  ],
  german: gather(locales.german, ({ location }) => [location?.['country'], location?.['state']]),
  french: gather(locales.french, ({ location }) => [location?.['country'], location?.['state']]),
  spanish: gather(locales.spanish, ({ location }) => [location?.['country'], location?.['state']]),
}

export const countries: Readonly<Record<Language, readonly string[]>> = {
  english: gather(['en'], ({ location }) => location?.['country']),
  german: gather(['de'], ({ location }) => location?.['country']),
  french: gather(['fr'], ({ location }) => location?.['country']),
  spanish: gather(['es'], ({ location }) => location?.['country']),
}

export const stateCodes: readonly string[] = textsIn(allLocales.en.location?.state_abbr)
export const britishPostcodes: readonly string[] = textsIn(allLocales.en_GB.location?.postcode)

export const streets = {
  english: gather(['en', 'en_US', 'en_GB'], ({ location }) => location?.['street_name']),
  suffixes: gather(['en', 'en_GB', 'en_AU'], ({ location }) => location?.['street_suffix']),
  german: gather(locales.german, ({ location }) => location?.['street_name']),
  french: gather(locales.french, ({ location }) => location?.['street_suffix']),
  spanish: gather(locales.spanish, ({ location }) => location?.['street_prefix']),
} as const

const english = allLocales.en
export const nouns = textsIn(english.word?.noun).filter((noun) => /^[a-z]+$/.test(noun))
export const verbs = textsIn(english.word?.verb).filter((verb) => /^[a-z]+$/.test(verb))
export const adjectives = textsIn(english.word?.adjective).filter((word) => /^[a-z]+$/.test(word))
export const jobAreas = textsIn(english.person?.job_area)
export const jobTypes = textsIn(english.person?.job_type)
export const bookTitles = textsIn(english.book?.title)
export const songNames = textsIn(english.music?.song_name)
export const airlines = unique(
  textsIn(english.airline).filter((text) => /^[A-Z][a-z]+( [A-Z][a-z]+)*$/.test(text) && /Air|Aero|Jet/.test(text)),
)
export const products = textsIn(english.commerce?.product_name)

/** Words that stand in lower case in sentences. */
const common = [
  ...['en', 'de', 'fr', 'da', 'nb_NO', 'pt_BR'].flatMap((locale) => textsIn(definitionOf(locale).word)),
  ...capitalizedWords,
]

/** Of names of more than one word each word counts, but for what joins them. */
const joiners = new Set(['of', 'the', 'and', 'de', 'la', 'le', 'les', 'du', 'des', 'der', 'die', 'am', 'an', 'im', 'in', 'sur', 'en', 'del', 'el', 'los', 'las', 'von', 'van', 'den', 'd', 'l', 'y', 'et', 'und', 'für', 'for', 'a', 's', 'er', 'e', 'di', 'da']) // prettier-ignore
const partsOf = (name: string): string[] =>
  name.split(/[^\p{L}’'-]+/u).filter((part) => part.length > 1 && !joiners.has(part.toLowerCase()))

/** What the model knows about words: sums of `classes` by the hash of the word. */
export function wordClasses(): ReadonlyMap<number, number> {
  const known = new Map<number, number>()
  const add = (names: readonly string[], bit: number) => {
    for (const part of names.flatMap(partsOf)) known.set(hashOf(part), (known.get(hashOf(part)) ?? 0) | bit)
  }
  for (const { given, surnames, cities } of Object.values(gazetteers)) {
    add(given, classes.given)
    add(surnames, classes.surname)
    add(cities, classes.city)
  }
  add(Object.values(regions).flat(), classes.region)
  add([...streets.suffixes, ...streetWords], classes.street)
  add(
    [...firmTrades, ...Object.values(legalForms).flat(), ...institutionWords(), ...knownOrganizations],
    classes.organization,
  )
  add(firmWords, 0)
  add(common, classes.common)
  add(Object.values(titles).flat(), classes.title)
  return known
}

function institutionWords(): string[] {
  return Object.values(institutions).flatMap((patterns) => patterns.flatMap((pattern) => pattern.replace(/[#$]/g, ' ')))
}

/** What streets are called beside their names, in every language. */
const streetWords = ['St', 'Ave', 'Blvd', 'Rd', 'Ln', 'Dr', 'Ct', 'Pl', 'Sq', 'Hwy', 'Pkwy', 'Ter', 'Cir', 'Apt', 'Apartment', 'Suite', 'Ste', 'Unit', 'Floor', 'Flat', 'Box', 'Straße', 'Strasse', 'Str', 'Weg', 'Platz', 'Allee', 'Gasse', 'Ring', 'Ufer', 'Damm', 'Postfach', 'Rue', 'Avenue', 'Boulevard', 'Quai', 'Impasse', 'Allée', 'Chemin', 'Place', 'Route', 'Bis', 'Calle', 'Avenida', 'Av', 'Avda', 'Plaza', 'Paseo', 'Camino', 'Carretera', 'Ronda', 'Travesía', 'Piso', 'Via', 'Viale', 'Piazza', 'Corso', 'Ulica'] // prettier-ignore
