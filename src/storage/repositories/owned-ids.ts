import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { OwnedIds } from '../../core/owned-ids.ts'
import { compileOnce, slot } from '../compiled-once.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'
import type { TextList } from '../text-list.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly textList: TextList
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const dayMilliseconds = 86_400_000

/** Of two principals that an upstream gave the same id, the first one has it. */
export function createOwnedIds({ db, health, textList, now }: Parts): OwnedIds {
  const ofUpstream = textList(slot('ids'))
  const insert = compileOnce(db, insertion(db, textList))
  const select = compileOnce(
    db,
    db
      .selectFrom('owned_ids')
      .select(['id', 'principal'])
      .where('upstream', '=', slot('upstream'))
      .where('id', 'in', ofUpstream),
  )
  const remove = compileOnce(
    db,
    db.deleteFrom('owned_ids').where('upstream', '=', slot('upstream')).where('id', 'in', ofUpstream),
  )
  return {
    async remember({ principal, upstream, ids }) {
      if (ids.length === 0) return
      const day = Math.floor(now() / dayMilliseconds)
      await health.writes(() => insert({ principal, upstream, ids: keysOf(ids), day }))
    },
    async owners(upstream, ids) {
      if (ids.length === 0) return new Map()
      const { rows } = await health.reads(() => select({ upstream, ids: keysOf(ids) }))
      const known = new Map(rows.map(({ id, principal }) => [id, principal]))
      return new Map(ids.map((id) => [id, known.get(keyOf(id)) ?? null]))
    },
    async forget(upstream, ids) {
      if (ids.length === 0) return
      await health.writes(() => remove({ upstream, ids: keysOf(ids) }))
    },
  }
}

function insertion(db: Kysely<Tables>, textList: TextList) {
  return db
    .insertInto('owned_ids')
    .columns(['upstream', 'id', 'principal', 'made_day'])
    .expression((build) =>
      build
        .selectFrom(textList(slot('ids')).$castTo<{ readonly value: string }>().as('given'))
        .select((row) => [
          sql<string>`cast(${slot('upstream')} as text)`.as('upstream'),
          row.ref('given.value').as('id'),
          sql<string>`cast(${slot('principal')} as text)`.as('principal'),
          sql<number>`cast(${slot('day')} as integer)`.as('made_day'),
        ])
        // Without a condition of the selection, SQLite takes ON CONFLICT for that of a join.
        .where(sql<boolean>`true`),
    )
    .onConflict((conflict) => conflict.columns(['upstream', 'id']).doNothing())
}

function keysOf(ids: readonly string[]): string {
  return JSON.stringify(ids.map(keyOf))
}

/** What providers give is kept as it is; what is longer or no plain text, which an index or a text cannot hold, as a digest. */
function keyOf(id: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(id) && !id.startsWith('sha256:')) return id
  // Halves of surrogate pairs have no UTF-8: two ids that differ in nothing else must stay two.
  return `sha256:${createHash('sha256').update(id, 'utf16le').digest('hex')}`
}
