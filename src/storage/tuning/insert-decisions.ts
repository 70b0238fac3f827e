import { type Expression, type Kysely, sql, type SqlBool } from 'kysely'
import type { KeptDecision, RecordedDecision } from '../../core/recorded-decisions.ts'
import type { Tables } from '../tables.ts'
import type { JsonRows } from '../text-list.ts'

type Values = readonly (string | number | null)[]
type ColumnType = 'text' | 'integer' | 'double precision'

const decisionColumns = {
  id: 'text',
  principal: 'text',
  principal_group: 'text',
  conversation: 'text',
  direction: 'text',
  api: 'text',
  profile: 'text',
  profile_version: 'integer',
  revision: 'integer',
  canary: 'text',
  action: 'text',
  stratum: 'text',
  weight: 'double precision',
  made: 'text',
  draw: 'integer',
} as const

const scoreColumns = {
  place: 'integer',
  made: 'text',
  decision: 'text',
  position: 'integer',
  score: 'double precision',
  threshold: 'double precision',
  effective: 'text',
  detectors: 'integer',
  is_bound: 'integer',
  stratum: 'text',
  weight: 'double precision',
} as const

const sampleColumns = { id: 'text', wrapped_key: 'text', sealed: 'text' } as const

/**
 * Inserts decisions of different ids, each table by one statement that takes all rows as one value. Those that are there stay
 * as they are. Within a transaction of the caller.
 */
export async function insertDecisions(
  db: Kysely<Tables>,
  { jsonRows }: { readonly jsonRows: JsonRows },
  kept: readonly KeptDecision[],
  draw: () => number,
): Promise<void> {
  const written = kept.map(({ decision, sample }) => ({ decision: writable(decision), sample }))
  const { rows: added } = await insertRows(db, jsonRows, {
    table: 'recorded_decisions',
    columns: decisionColumns,
    rows: written.map(({ decision }) => valuesOf(decision, draw())),
    onConflict: 'id',
  })
  const ids = new Set(added.map(({ id }) => id))
  const isNew = written.filter(({ decision }) => ids.has(decision.id))
  if (isNew.length === 0) return
  const decisions = isNew.map(({ decision }) => decision)
  const placeOf = await placesOf(db, decisions)
  const detectorsOf = await detectorNumbers(db, decisions)
  await insertRows(db, jsonRows, {
    table: 'recorded_scores',
    columns: scoreColumns,
    rows: decisions.flatMap((decision) => scoreRows(decision, { placeOf, detectorsOf })),
  })
  await insertRows(db, jsonRows, {
    table: 'recorded_samples',
    columns: sampleColumns,
    rows: isNew.flatMap(({ decision, sample }) =>
      sample === null ? [] : [[decision.id, sample.wrappedKey, sample.sealed]],
    ),
  })
}

function valuesOf(decision: RecordedDecision, draw: number): Values {
  const { id, principal, group, conversation, direction, api, profile, revision, canary, action, stratum } = decision
  return [
    id,
    principal,
    group,
    conversation,
    direction,
    api,
    profile.name,
    profile.version,
    revision,
    canary,
    action,
    stratum,
    decision.weight,
    decision.made,
    draw,
  ]
}

interface Numbers {
  readonly placeOf: (decision: RecordedDecision, rule: string) => number
  readonly detectorsOf: (names: string) => number
}

function scoreRows(decision: RecordedDecision, { placeOf, detectorsOf }: Numbers): Values[] {
  const { id, made, scores, stratum, weight } = decision
  return scores.map(({ rule, score, threshold, effective, detectors, isBound }, position) => [
    placeOf(decision, rule),
    made,
    id,
    position,
    score,
    threshold,
    effective,
    detectorsOf(detectors),
    isBound ? 1 : 0,
    stratum,
    weight,
  ])
}

/** Numbers of the places in which something was decided; new ones get one. */
async function placesOf(db: Kysely<Tables>, decisions: readonly RecordedDecision[]): Promise<Numbers['placeOf']> {
  // None of the three has a zero in it.
  const keyOf = (group: string, direction: string, rule: string) => `${group}\0${direction}\0${rule}`
  const wanted = new Map<string, { principal_group: string; direction: RecordedDecision['direction']; rule: string }>()
  for (const { group, direction, scores } of decisions) {
    for (const { rule } of scores) {
      wanted.set(keyOf(group, direction, rule), { principal_group: group, direction, rule })
    }
  }
  const groups = [...new Set([...wanted.values()].map(({ principal_group: group }) => group))]
  const read = async () => {
    if (groups.length === 0) return new Map<string, number>()
    const rows = await db.selectFrom('recorded_places').selectAll().where('principal_group', 'in', groups).execute()
    return new Map(rows.map((row) => [keyOf(row.principal_group, row.direction, row.rule), row.id]))
  }
  let known = await read()
  const missing = [...wanted].filter(([key]) => !known.has(key)).toSorted(byKey)
  for (const [, place] of missing) {
    await db
      .insertInto('recorded_places')
      .values(place)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (missing.length > 0) known = await read()
  return ({ group, direction }, rule) => numberOf(known, keyOf(group, direction, rule))
}

async function detectorNumbers(
  db: Kysely<Tables>,
  decisions: readonly RecordedDecision[],
): Promise<Numbers['detectorsOf']> {
  const wanted = [...new Set(decisions.flatMap(({ scores }) => scores.map(({ detectors }) => detectors)))]
  const read = async () => {
    if (wanted.length === 0) return new Map<string, number>()
    const rows = await db.selectFrom('recorded_detectors').selectAll().where('names', 'in', wanted).execute()
    return new Map(rows.map(({ id, names }) => [names, id]))
  }
  let known = await read()
  const missing = wanted.filter((names) => !known.has(names)).toSorted()
  for (const names of missing) {
    await db
      .insertInto('recorded_detectors')
      .values({ names })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (missing.length > 0) known = await read()
  return (names) => numberOf(known, names)
}

/** Of processes that meet new ones at the same time each goes through them in one order: none waits in a circle. */
const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) => (one < other ? -1 : 1)

function numberOf(known: ReadonlyMap<string, number>, key: string): number {
  const number = known.get(key)
  if (number === undefined) throw new Error(`there is no number of ${key}`)
  return number
}

interface Insertion {
  readonly table: 'recorded_decisions' | 'recorded_scores' | 'recorded_samples'
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly rows: readonly Values[]
  /** The column by which one that is there already stays; what was added is given back by it. */
  readonly onConflict?: 'id'
}

async function insertRows(db: Kysely<Tables>, jsonRows: JsonRows, { table, columns, rows, onConflict }: Insertion) {
  if (rows.length === 0) return { rows: [] }
  // Columns of three tables: what is selected is looked at by the database.
  const into = db.insertInto(table as 'recorded_decisions')
  const insertion = into.columns(Object.keys(columns) as never).expression(
    (build) =>
      build
        .selectFrom(jsonRows(JSON.stringify(rows)).as('given'))
        .select(
          Object.entries(columns).map(([name, type], at) =>
            sql<never>`cast(given.value ->> ${sql.lit(at)} as ${sql.raw(type)})`.as(name),
          ),
        )
        // Without a condition of the selection, SQLite takes ON CONFLICT for that of a join.
        .where(sql<SqlBool>`true`) as Expression<never>,
  )
  if (onConflict === undefined) return { rows: await insertion.execute().then(() => []) }
  return {
    rows: await insertion
      .onConflict((conflict) => conflict.column(onConflict).doNothing())
      .returning('id')
      .execute(),
  }
}

/**
 * A decision as every storage takes it. Halves of surrogate pairs and zeros are in no text of a server: one odd id must not keep
 * a batch from being kept. One time has one text, by which rows are ordered.
 */
function writable(decision: RecordedDecision): RecordedDecision {
  const { id, principal, group, conversation, api, made } = decision
  return {
    ...decision,
    id: plain(id),
    principal: plain(principal),
    group: plain(group),
    conversation: conversation === null ? null : plain(conversation),
    api: plain(api),
    made: new Date(made).toISOString(),
  }
}

function plain(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
