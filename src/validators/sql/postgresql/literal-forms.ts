import type { Resolution } from '../../../core/catalog.ts'
import { readOutline } from './grammar/outline.ts'

/**
 * What else may stand in a literal's place for the statement to be analyzed alike: anything of its kind, a moment written
 * in full, or nothing else.
 */
export type LiteralForm = 'any' | 'moment' | 'fixed'

/**
 * Types that take any text. The analyzer decides what any other type takes, such as a label of an enum or a date that
 * exists.
 */
const textTypes = new Set(['text', 'varchar', 'bpchar', 'unknown'].map((name) => `pg_catalog.${name}`))
const momentTypes = new Set(['date', 'timestamp', 'timestamptz'].map((name) => `pg_catalog.${name}`))

/**
 * The form of each literal of a canonical text, in order. A literal in quotes that the analyzer does not name is fixed.
 * Where literals cannot be distinguished from one another, the result is empty if all of them take any text, else null.
 */
export function literalForms(canonical: string, { constants }: Resolution): readonly LiteralForm[] | null {
  const types = new Map(constants?.map(({ offset, type }) => [offset, type]))
  const outline = readOutline(canonical)
  if (outline === null) return constants !== undefined && takesAnyText(canonical, constants) ? [] : null
  return outline.literals.map((literal, index) => {
    if (!literal.startsWith("'")) return 'any'
    const type = types.get(outline.starts[index] ?? -1) ?? ''
    if (textTypes.has(type)) return 'any'
    return momentTypes.has(type) && isMoment(literal) ? 'moment' : 'fixed'
  })
}

/** Is every constant of a type that takes any text, or written without quotes? */
function takesAnyText(canonical: string, constants: NonNullable<Resolution['constants']>): boolean {
  const bytes = Buffer.from(canonical)
  return constants.every(
    ({ offset, type }) => textTypes.has(type) || !/^\w?'/.test(bytes.toString('latin1', offset, offset + 2)),
  )
}

/** May this literal stand where another of that form stood? */
export function fitsForm(form: LiteralForm, literal: string, before: string): boolean {
  return form === 'any' || literal === before || (form === 'moment' && isMoment(literal))
}

const momentForm = /^'(\d{4}-\d\d-\d\d)(?:[ T]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?'$/

/** A day of the calendar, with a time of the day or without: each type of moment takes it. */
function isMoment(literal: string): boolean {
  const day = momentForm.exec(literal)?.[1]
  if (day === undefined || day < '0001-01-01') return false
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
