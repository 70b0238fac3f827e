import { ServiceError } from '../../core/errors.ts'
import type { RawResult } from '../session.ts'
import type { Member } from './answer-space.ts'

/** The rows behind one output group. */
export type QuerySet = readonly Member[]

/** The entity of rows whose key is null: they count for nobody. */
const nobody = -1

export interface QuerySets {
  /** All rows of each group, with a value or without. */
  readonly all: readonly QuerySet[]
  /** The sets among them that have a value. */
  readonly valued: readonly QuerySet[]
}

/**
 * What an audit statement returned, one row a group: an array of entities and one of rows, side by side; the number of a
 * row without a value is turned to the negative. Sets of fewer entities than `minimum` are left out: the statement shows
 * nothing of them. Throws `refused` where a row counts more often than others, since a sum with weights is a sum about
 * whoever weighs most.
 */
export function readQuerySets(raw: RawResult, given: { readonly minimum: number; readonly byRow: boolean }): QuerySets {
  const groups = raw.rows.map((row) => readGroup(row, given.byRow))
  const isLarge = (set: QuerySet): boolean => {
    const persons = new Set(set.map(({ entity }) => entity))
    persons.delete(nobody)
    return persons.size >= given.minimum
  }
  return {
    all: groups.map(({ members }) => members).filter(isLarge),
    valued: groups.map(({ valued }) => valued).filter(isLarge),
  }
}

function readGroup(row: readonly (string | null)[], byRow: boolean): { members: QuerySet; valued: QuerySet } {
  const [entities, rows] = row.slice(-2).map(numbers)
  if (entities === undefined || rows === undefined || entities.length !== rows.length) {
    throw new ServiceError('internal', 'an audit returned no query sets')
  }
  const members = new Map<number, Member>()
  const times = new Map<number, number>()
  rows.forEach((number, index) => {
    members.set(number, { row: number < 0 ? -1 - number : number, entity: entities[index] ?? nobody })
    times.set(number, (times.get(number) ?? 0) + 1)
  })
  if (new Set(times.values()).size > 1) throw weighted()
  if (!byRow && members.size > new Set(entities).size) throw severalRows()
  return {
    members: [...members.values()],
    valued: [...members].filter(([number]) => number >= 0).map(([, member]) => member),
  }
}

/** `{1,2,NULL}`; null for no rows. */
function numbers(text: string | null): number[] {
  if (text === null || text === '{}') return []
  return text
    .slice(1, -1)
    .split(',')
    .map((item) => (item === 'NULL' ? nobody : Number(item)))
}

function weighted(): ServiceError {
  const message = 'Rows with an aggregate-only column would count more than once, and not all of them equally often.'
  return new ServiceError('refused', `${message} [sql/aggregate-weighted]`, {
    advice: 'Use EXISTS or IN instead of a join that repeats rows.',
  })
}

function severalRows(): ServiceError {
  const message = 'An entity has several rows with an aggregate-only column, and nothing tells them apart.'
  return new ServiceError('refused', `${message} [sql/aggregate-weighted]`, {
    advice: 'Name the column that does as row_key of the table in the policy.',
  })
}
