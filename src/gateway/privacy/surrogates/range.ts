/** Texts that stand for the values of one kind, and belong to nobody: what documents, tests and films are made with. */
export interface SurrogateRange {
  readonly category: string
  /** Who keeps them free, or where they are listed. */
  readonly source: string
  /** `digits`: blanks, hyphens, points and brackets are only a way of writing it; `letters`: each character counts. */
  readonly shape: 'digits' | 'letters'
  /** Behind one of these, or before it, this surrogate goes on where a letter or a digit stands on its other side. */
  readonly joins: string | ((surrogate: string) => string)
  /** Any of them in a text, in whatever way it is written. */
  readonly form: RegExp
  /** Formats of JSON Schema that they are of. */
  readonly formats: readonly string[]
  /** In the ways in which they are written. */
  readonly samples: readonly string[]
  /** Those that can stand for a value, told by their numbers; null where none is of its form. */
  readonly forValue: (value: string) => Surrogates | null
}

export interface Surrogates {
  readonly size: number
  /** As the value is written: its case, and what it has between its digits. `index`: from 0 to `size` - 1. */
  readonly at: (index: number) => string
}

const betweenDigits = '[ ./()-]{0,2}'

/** A pattern of digits in any way of writing: `#` is a digit, `%` a hexadecimal one, `[…]` one of these. */
export function spaced(pattern: string): string {
  const steps = pattern.match(/\[[^\]]+\]|./g) ?? []
  return steps.map((step) => (step === '#' ? '\\d' : step === '%' ? '[\\dA-Fa-f]' : step)).join(betweenDigits)
}

export const isBetweenDigits = (character: string): boolean => character !== '' && ' ./()-:'.includes(character)

const letterOrDigit = /[\p{L}\p{N}]/gu

/** Letters and digits alone. */
export const charactersOf = (text: string): string => (text.match(letterOrDigit) ?? []).join('')

/** Other letters and digits in the way in which a text is written; null where it has another number of them. */
export function writtenLike(text: string, characters: string): string | null {
  const places = text.match(letterOrDigit) ?? []
  if (places.length !== characters.length) return null
  let next = 0
  return text.replace(letterOrDigit, () => characters.charAt(next++))
}

export const isUpperCase = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase()
export const isLowerCase = (text: string): boolean => text === text.toLowerCase() && text !== text.toUpperCase()

/** The item with this number, and what is left of the number for the next choice. */
export function choose<T>(items: readonly T[], index: number): readonly [item: T, rest: number] {
  const item = items[index % items.length]
  if (item === undefined) throw new RangeError('there is nothing to choose from')
  return [item, Math.floor(index / items.length)]
}
