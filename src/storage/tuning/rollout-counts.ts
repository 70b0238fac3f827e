import { type Expression, type Kysely, sql } from 'kysely'
import { activeStages, type RolloutCounts } from '../../core/tuning.ts'
import type { Tables } from '../tables.ts'
import type { JsonRows } from '../text-list.ts'

/** Members of counts that are numbers, by their columns. */
const counted = {
  requests: 'requests',
  acted_before: 'actedBefore',
  acted_after: 'actedAfter',
  only_before: 'onlyBefore',
  only_after: 'onlyAfter',
  unknown: 'unknown',
  complaints: 'complaints',
} as const satisfies Readonly<Record<string, keyof RolloutCounts>>

type Counted = keyof typeof counted

const columns = Object.keys(counted) as Counted[]

/** Adds to what was counted of a rollout, in one statement; nothing of one that is at its end or not there. */
export async function addCounts(
  db: Kysely<Tables>,
  jsonRows: JsonRows,
  { id, counts }: { readonly id: string; readonly counts: readonly RolloutCounts[] },
): Promise<void> {
  const rows = together(counts).map(valuesOf)
  await db
    .insertInto('tuning_counts')
    .columns(['rollout', 'stage', 'arm', ...columns])
    .expression(
      (build) =>
        build
          .selectFrom('tuning_rollouts')
          .innerJoin(jsonRows(JSON.stringify(rows)).as('given'), (join) => join.onTrue())
          .select('tuning_rollouts.id')
          .select(['stage', 'arm'].map((name, at) => sql<never>`cast(given.value ->> ${sql.lit(at)} as text)`.as(name)))
          .select(columns.map((name, at) => sql<never>`cast(given.value ->> ${sql.lit(at + 2)} as bigint)`.as(name)))
          .where('tuning_rollouts.id', '=', id)
          .where('tuning_rollouts.stage', 'in', activeStages) as Expression<never>,
    )
    .onConflict((conflict) =>
      conflict
        .columns(['rollout', 'stage', 'arm'])
        .doUpdateSet((set) =>
          Object.fromEntries(
            columns.map((name) => [name, set(set.ref(`tuning_counts.${name}`), '+', set.ref(`excluded.${name}`))]),
          ),
        ),
    )
    .execute()
}

function valuesOf(counts: RolloutCounts): readonly (string | number)[] {
  return [counts.stage, counts.arm, ...columns.map((column) => counts[counted[column]])]
}

/** By stage and arm, in one order: of processes that count at the same time none waits for another in a circle. */
function together(counts: readonly RolloutCounts[]): readonly RolloutCounts[] {
  const sums = new Map<string, RolloutCounts>()
  for (const each of counts) {
    const key = `${each.stage} ${each.arm}`
    const known = sums.get(key)
    const summed = known === undefined ? each : added(known, each)
    sums.set(key, summed)
  }
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each)
}

function added(one: RolloutCounts, other: RolloutCounts): RolloutCounts {
  const sums = Object.values(counted).map((name) => [name, one[name] + other[name]] as const)
  return { ...one, ...Object.fromEntries(sums) }
}

export async function countsOf(db: Kysely<Tables>, id: string): Promise<readonly RolloutCounts[]> {
  const rows = await db
    .selectFrom('tuning_counts')
    .selectAll()
    .where('rollout', '=', id)
    .orderBy('stage')
    .orderBy('arm')
    .execute()
  return rows.map((row) => ({
    stage: row.stage,
    arm: row.arm,
    requests: Number(row.requests),
    actedBefore: Number(row.acted_before),
    actedAfter: Number(row.acted_after),
    onlyBefore: Number(row.only_before),
    onlyAfter: Number(row.only_after),
    unknown: Number(row.unknown),
    complaints: Number(row.complaints),
  }))
}
