import type { Resolution, ResolutionFailure } from '../../../../core/catalog.ts'
import { constantText } from '../budgets/constants.ts'
import { asNode, isStruct, locationOf, stringList } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'
import type { RawFinding } from '../../location.ts'

/** Days, months and years in numbers, in an order that the reader has to know: all but year, month, day. */
const ambiguous = /(?<![\d.:/-])(?!\d{3,}[-/.])\d{1,2}([-/.])\d{1,2}\1\d{1,4}(?![\d./-])/

/** May a text be read as another date elsewhere? */
export function isAmbiguousDate(text: string): boolean {
  return ambiguous.test(text)
}

/** A text of the statement that is an ambiguous date where it is read as a date. */
export interface DateMention {
  readonly text: string
  /** Byte of the source. */
  readonly offset: number
}

/** Every such text, whatever it is read as. */
export function ambiguousDates(visits: readonly Visit[]): DateMention[] {
  return visits.flatMap(({ type, struct, offset }) => {
    const value = type === 'A_Const' && isStruct(struct['sval']) ? struct['sval']['sval'] : null
    return typeof value === 'string' && isAmbiguousDate(value) ? [{ text: value, offset }] : []
  })
}

const timeTypes = new Set(['date', 'timestamp', 'timestamptz'])

/** Casts of such texts to dates, also by way of other types: `'01/02/03'::text::date`. */
export function checkDateCasts(visits: readonly Visit[]): RawFinding[] {
  return visits.flatMap(({ type, struct }) => {
    if (type !== 'TypeCast' || !isStruct(struct['typeName'])) return []
    if (!timeTypes.has(stringList(struct['typeName']['names']).at(-1) ?? '')) return []
    const constant = innermost(struct['arg'])
    const text = constantText(constant)
    return text !== null && isAmbiguousDate(text)
      ? [findingOf(text, locationOf(asNode(constant, 'A_Const') ?? {}))]
      : []
  })
}

function innermost(value: unknown): unknown {
  const cast = asNode(value, 'TypeCast') ?? asNode(value, 'CollateClause')
  return cast === null ? value : innermost(cast['arg'])
}

const readByOrder = /^pg_catalog\._?(?:date|timestamptz?|daterange|tstz?range|datemultirange|tstz?multirange)$/

/** The texts that the analyzer read as dates, by their places in the canonical text. */
export function readAsDates(
  mentions: readonly (DateMention & { readonly printed: number })[],
  { constants = [] }: Pick<Resolution, 'constants'>,
): RawFinding[] {
  const types = new Map(constants.map(({ offset, type }) => [offset, type]))
  return mentions
    .filter(({ printed }) => readByOrder.test(types.get(printed) ?? ''))
    .map(({ text, offset }) => findingOf(text, offset))
}

/** The texts that may be why a statement does not analyze: they are not dates in the analyzer's order. */
export function failedAsDates(mentions: readonly DateMention[], { sqlstate }: ResolutionFailure): RawFinding[] {
  const isDate = sqlstate === '22007' || sqlstate === '22008'
  return isDate ? mentions.map(({ text, offset }) => findingOf(text, offset)) : []
}

/** `reader` is a call that reads dates in an order it names. */
export function ambiguousDate(text: string, reader: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return `'${shown}' is read as another date elsewhere: whether the day, the month or the year comes first is a matter of place. Write dates as 'YYYY-MM-DD', or ${reader}.`
}

function findingOf(text: string, offset: number): RawFinding {
  return { rule: 'sql/ambiguous-date', offset, message: ambiguousDate(text, "to_date('…', 'DD/MM/YYYY')") }
}
