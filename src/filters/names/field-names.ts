import { fieldWords } from './cues.ts'
import { hashOf } from './tokens.ts'

/**
 * What the name of a field says of its value: `person`, it is a person's name, whatever it looks like; `possible`, it may be
 * a name of a person, a firm or a place; `other`, it is the name of a thing (`file_name`); null, nothing.
 */
export type FieldMeaning = 'person' | 'possible' | 'other' | null

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Which of a person's names it is. */
const parts = set('first last given family middle maiden full birth legal preferred christian second')
/** Who has the name. A user's may be an account's. */
const roles = set(`
  customer client patient employee applicant contact recipient sender passenger guest tenant landlord owner holder cardholder
  beneficiary payee payer buyer seller student pupil teacher doctor physician guardian person people member author spouse wife
  husband mother father parent child son daughter sibling brother sister partner manager supervisor attendee participant
  candidate caller signer signatory witness nurse resident subscriber insured policyholder donor traveler traveller driver
  kin billing shipping
  kunde kunden patienten mitarbeiter ansprechpartner empfänger empfaenger absender inhaber mieter vermieter versicherten
  cliente paciente titular`)
const personNouns = set(`
  surname surnames forename forenames vorname vornamen nachname nachnamen familienname familiennamen geburtsname rufname
  zuname prénom prénoms prenom prenoms apellido apellidos`)
/** `nom de famille`, `nombre completo`. */
const personPhrases = set(`
  nom_de_famille nom_complet nom_du_client nom_du_patient nom_et_prénom nom_et_prenom nombre_completo nombre_de_pila
  nombre_y_apellidos nombre_del_cliente nombre_del_paciente name_on_card name_des_kunden name_der_kundin name_des_patienten`)
const nameNouns = set('name names nom noms nombre')
/** What is said beside without telling whose name it is. */
const fillers = set(
  'of the a an on in your my our their his her as is de du des la del der die das und and et y or dear official display printed',
)

const mostWords = 6
/** A longer text is no name of a field. */
export const longestLabel = 64

/** The words of an identifier or a label, in lower case: `billingLastName`, `LAST_NAME`, `last-name`, `Last name`. */
export function labelWords(label: string): string[] {
  return label
    .slice(0, longestLabel)
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
}

const glued = /^(.{2,})names?$/

/** `lastname` is `last name`. */
const apart = (words: readonly string[]): string[] =>
  words.flatMap((word) => {
    const stem = personNouns.has(word) ? undefined : glued.exec(word)?.[1]
    return stem === undefined ? [word] : [stem, 'name']
  })

/** What a field of this name holds, whether the name is written for people or for programs. */
export function meaningOf(label: string): FieldMeaning {
  const words = apart(labelWords(label))
  if (words.length === 0 || words.length > mostWords) return null
  const [last = '', before = ''] = words.toReversed()
  if (personNouns.has(last) || personPhrases.has(words.slice(-3).join('_'))) return 'person'
  if (nameNouns.has(last) && (parts.has(before) || roles.has(before))) return 'person'
  // `name_first`, `nombre_cliente`
  if (nameNouns.has(before) && (parts.has(last) || roles.has(last))) return 'person'
  if (words.length === 1 && last === 'nom') return 'person'
  if (words.some((word) => nameNouns.has(word)) && words.some(isOfThing)) return 'other'
  return words.some((word) => fieldWords.has(hashOf(word))) ? 'possible' : null
}

/** A name of more words says nothing of what is in the field. */
const mostHeadWords = 4

/** `customerName` → `Customer name: `, as the field would stand in a letter; nothing for a field of another kind. */
export function headOf(label: string, meaning: FieldMeaning): string {
  const words = labelWords(label)
  const text = words.join(' ')
  const isField = meaning === 'person' || (meaning === 'possible' && words.length <= mostHeadWords)
  return isField ? `${text.charAt(0).toUpperCase()}${text.slice(1)}: ` : ''
}

const isOfThing = (word: string): boolean =>
  !nameNouns.has(word) && !fieldWords.has(hashOf(word)) && !parts.has(word) && !roles.has(word) && !fillers.has(word)

/** What stands in such a field where nobody's name does. */
const placeholders = set(`
  n/a none null nil nan undefined unknown anonymous true false yes no required optional mandatory missing empty blank string
  str text varchar char nvarchar number integer int boolean bool object array any value column type enum date example
  sample test default hidden redacted masked todo tbd various male female unbekannt keine keiner inconnu aucun ninguno desconocido pflichtfeld obligatoire obligatorio texto texte`)
/** Does a value say that there is none, or of what type it is? */
export const isPlaceholder = (value: string): boolean => placeholders.has(value.trim().toLowerCase())
const particles = set('von van der den de del della la le du di da dos das zu zur zum al el bin ibn ben y e ter ten')
/** A dot ends only what is short for more. */
const nameWord = /^(?:\p{L}[\p{L}\p{M}'’-]*|\p{L}{1,3}\.)$/u
const longestName = 60
const mostNameWords = 5

/**
 * Can a text that stands in a field for a person's name be one? In words that are written for people it has a capital letter
 * or none that there could be; `anyCase` takes small ones, too.
 */
export function isNameValue(value: string, { anyCase }: { readonly anyCase: boolean }): boolean {
  // One letter is a name where letters are words.
  if (value.length > longestName || (value.length < 2 && value.toLowerCase() !== value.toUpperCase())) return false
  const words = value
    .replaceAll(',', ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0 || words.length > mostNameWords || !words.every((word) => nameWord.test(word))) return false
  const lower = words.map((word) => word.toLowerCase())
  // `"lastName": "Last name"` is what a form says above it.
  const isLabel =
    lower.some(isNoun) && lower.every((word) => isNoun(word) || parts.has(word) || roles.has(word) || fillers.has(word))
  if (isLabel || lower.every((word) => placeholders.has(word))) return false
  const isSmall = (word: string) => word === word.toLowerCase() && word !== word.toUpperCase()
  const small = words.filter((word, at) => isSmall(word) && !particles.has(lower[at] as string))
  if (small.length === 0) return words.some((word) => !isSmall(word))
  return anyCase && small.length === words.length && words.length < 4
}

const isNoun = (word: string): boolean => nameNouns.has(word) || personNouns.has(word) || glued.test(word)
