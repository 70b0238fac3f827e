import { hash } from 'node:crypto'
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import {
  passingActions,
  strata,
  type DecisionRange,
  type RecordedDecisions,
  type ScorePage,
  type Stratum,
  type TuningPlace,
} from '../../core/recorded-decisions.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'
import { decisionsOf } from './decision-rows.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Does the database give a row by names and texts, so that a column in one value takes a third of the time? */
  readonly packsColumns: boolean
}

/** Decisions of one page. */
export const pageRows = 10_000

/** What is read of many recorded decisions at once. */
export function createRecordedReadings({
  db,
  health,
  packsColumns,
}: Parts): Pick<RecordedDecisions, 'pages' | 'draw' | 'daily'> {
  return {
    async *pages(range, signal) {
      signal.throwIfAborted()
      const place = await health.reads(() => placeNumber(db, range.place))
      if (place === null) return
      const names = new Map<number, string>()
      const read = packsColumns ? packedRows : scoreRows
      const readAfter = async (last: Position): Promise<readonly ScoreRow[]> => {
        const rows = await health.reads(() => read(db, { place, last, until: timeOf(range.until) }))
        if (rows.some(({ detectors }) => !names.has(detectors))) await health.reads(() => readNames(db, names))
        return rows
      }
      let reading: Reading = ahead(readAfter({ made: timeOf(range.since) ?? '', decision: '' }))
      while (reading !== null) {
        const rows = await reading.rows
        signal.throwIfAborted()
        const last: ScoreRow | undefined = rows.length < pageRows ? undefined : rows.at(-1)
        // The storage reads the next page while this one is worked on.
        reading = last === undefined ? null : ahead(readAfter(last))
        if (rows.length > 0) yield pageOf(rows, names)
      }
    },
    async draw(range, most, seed) {
      const place = await health.reads(() => placeNumber(db, range.place))
      if (place === null) return []
      const ids: string[] = []
      for (const stratum of strata) {
        const wanted = { place, range, stratum, from: startOf(seed) }
        const behind = await health.reads(() => drawn(db, wanted, '>=', most[stratum]))
        const before = await health.reads(() => drawn(db, wanted, '<', most[stratum] - behind.length))
        ids.push(...behind, ...before)
      }
      return await health.reads(() => decisionsOf(db, ids))
    },
    async daily(range) {
      const place = await health.reads(() => placeNumber(db, range.place))
      if (place === null) return []
      const rows = await health.reads(() =>
        db
          .selectFrom('recorded_scores')
          .select((row) => [
            sql<string>`substr(made, 1, 10)`.as('day'),
            sql<number | string>`sum(case when ${passes} then 0 else weight end)`.as('acted'),
            row.fn.sum<number | string>('weight').as('all'),
          ])
          .where('place', '=', place)
          .$if(range.since !== null, (query) => query.where('made', '>=', timeOf(range.since)))
          .$if(range.until !== null, (query) => query.where('made', '<', timeOf(range.until)))
          .groupBy(sql`substr(made, 1, 10)`)
          .orderBy('day')
          .execute(),
      )
      return rows.map(({ day, acted, all }) => ({ day, acted: Number(acted), all: Number(all) }))
    },
  }
}

/** Written out, so that a statement is the same text each time it is asked. */
const passes = sql`effective in (${sql.join(passingActions.map((action) => sql.lit(action)))})`

type Reading = { readonly rows: Promise<readonly ScoreRow[]> } | null

/** Rows that may be waited for later, or by nobody: who stops in between is not told of a fault after that. */
function ahead(rows: Promise<readonly ScoreRow[]>): Reading {
  rows.catch(() => undefined)
  return { rows }
}

interface Position {
  readonly made: string
  readonly decision: string
}

interface ScoreRow extends Position {
  readonly score: number
  readonly weight: number
  readonly acted: number
  readonly is_bound: number
  readonly stratum: Stratum
  readonly detectors: number
}

/** Where in the numbers of draws a sample begins: it goes round from there. */
function startOf(seed: number): number {
  return Number.parseInt(hash('sha256', `draw ${seed}`).slice(0, 8), 16) >>> 1
}

function timeOf(time: string | null): string
function timeOf(time: string | null): string | null
function timeOf(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

/** Null for a place in which nothing was decided yet. */
export async function placeNumber(db: Kysely<Tables>, { group, direction, rule }: TuningPlace): Promise<number | null> {
  const row = await db
    .selectFrom('recorded_places')
    .select('id')
    .where('principal_group', '=', group)
    .where('direction', '=', direction)
    .where('rule', '=', rule)
    .executeTakeFirst()
  return row?.id ?? null
}

async function readNames(db: Kysely<Tables>, into: Map<number, string>): Promise<void> {
  for (const { id, names } of await db.selectFrom('recorded_detectors').selectAll().execute()) into.set(id, names)
}

interface PageWanted {
  readonly place: number
  readonly last: Position
  readonly until: string | null
}

function scoreRows(db: Kysely<Tables>, wanted: PageWanted): Promise<readonly ScoreRow[]> {
  return scoresAfter(db, wanted).execute()
}

/** The same, each column as one list in JSON. */
async function packedRows(db: Kysely<Tables>, wanted: PageWanted): Promise<readonly ScoreRow[]> {
  const packed = await db
    .selectFrom(scoresAfter(db, wanted).as('page'))
    .select([listOf<'made', string>('made'), listOf<'decision', string>('decision')])
    .select([listOf<'score', number>('score'), listOf<'weight', number>('weight')])
    .select([listOf<'acted', number>('acted'), listOf<'is_bound', number>('is_bound')])
    .select([listOf<'stratum', Stratum>('stratum'), listOf<'detectors', number>('detectors')])
    .executeTakeFirstOrThrow()
  return (packed.made ?? []).map((made, at) => ({
    made,
    decision: valueAt(packed.decision, at),
    score: valueAt(packed.score, at),
    weight: valueAt(packed.weight, at),
    acted: valueAt(packed.acted, at),
    is_bound: valueAt(packed.is_bound, at),
    stratum: valueAt(packed.stratum, at),
    detectors: valueAt(packed.detectors, at),
  }))
}

/** Null where there are no rows. */
function listOf<Name extends string, Value>(name: Name) {
  return sql<readonly Value[] | null>`json_agg(${sql.ref(name)})`.as(name)
}

function valueAt<Value>(list: readonly Value[] | null, at: number): Value {
  const value = list?.[at]
  if (value === undefined) throw new Error('a column of a page is shorter than the others')
  return value
}

function scoresAfter(db: Kysely<Tables>, { place, last, until }: PageWanted) {
  return db
    .selectFrom('recorded_scores')
    .select(['made', 'decision', 'score', 'weight', 'is_bound', 'stratum', 'detectors'])
    .select(sql<number>`case when ${passes} then 0 else 1 end`.as('acted'))
    .where('place', '=', place)
    .where((where) => where(where.refTuple('made', 'decision'), '>', where.tuple(last.made, last.decision)))
    .$if(until !== null, (query) => query.where('made', '<', until ?? ''))
    .orderBy('made')
    .orderBy('decision')
    .limit(pageRows)
}

function pageOf(rows: readonly ScoreRow[], names: ReadonlyMap<number, string>): ScorePage {
  return {
    ids: rows.map(({ decision }) => decision),
    scores: Float64Array.from(rows, ({ score }) => score),
    weights: Float64Array.from(rows, ({ weight }) => weight),
    acted: Uint8Array.from(rows, ({ acted }) => acted),
    bounds: Uint8Array.from(rows, ({ is_bound: isBound }) => isBound),
    strata: rows.map(({ stratum }) => stratum),
    detectors: rows.map(({ detectors }) => names.get(detectors) ?? ''),
    made: Float64Array.from(rows, ({ made }) => Date.parse(made)),
  }
}

interface Wanted {
  readonly place: number
  readonly range: DecisionRange
  readonly stratum: Stratum
  readonly from: number
}

/** A server that is asked how many there are looks at each in its turn, and not at all of a table before the first. */
const count = sql<number>`count(*)`.as('count')

/** Ids of one stratum in the order of their draws, on one side of where it begins. */
async function drawn(
  db: Kysely<Tables>,
  { place, range, stratum, from }: Wanted,
  side: '>=' | '<',
  most: number,
): Promise<readonly string[]> {
  if (most <= 0) return []
  const rows = await db
    .selectFrom('recorded_decisions as recorded')
    .select('recorded.id')
    .where('recorded.principal_group', '=', range.place.group)
    .where('recorded.direction', '=', range.place.direction)
    .where('recorded.stratum', '=', stratum)
    .where('recorded.draw', side, from)
    .$if(range.since !== null, (query) => query.where('recorded.made', '>=', timeOf(range.since)))
    .$if(range.until !== null, (query) => query.where('recorded.made', '<', timeOf(range.until)))
    .where((where) =>
      where(
        where
          .selectFrom('recorded_scores as scored')
          .select(count)
          .where('scored.place', '=', place)
          .whereRef('scored.made', '=', 'recorded.made')
          .whereRef('scored.decision', '=', 'recorded.id'),
        '>',
        0,
      ),
    )
    .where((where) => where(labelsOf(where, range.place.rule), '=', 0))
    .orderBy('recorded.draw')
    .orderBy('recorded.id')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

interface Recorded {
  readonly recorded: Tables['recorded_decisions']
}

/** Labels of a decision and rule that hold and say something: one or none. */
function labelsOf(where: ExpressionBuilder<Tables & Recorded, 'recorded'>, rule: string) {
  return where
    .selectFrom('labels as label')
    .select(count)
    .whereRef('label.decision', '=', 'recorded.id')
    .where('label.rule', '=', rule)
    .where('label.truth', '<>', 'unsure')
    .where((inner) =>
      inner.not(
        inner.exists(
          inner
            .selectFrom('labels as later')
            .select('later.id')
            .whereRef('later.decision', '=', 'label.decision')
            .whereRef('later.rule', '=', 'label.rule')
            .whereRef('later.place', '>', 'label.place'),
        ),
      ),
    )
}
