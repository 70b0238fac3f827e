import type { Selectable } from 'kysely'
import type { SealedContainer, StoredContainers } from '../../core/containers.ts'
import type { Tables } from '../tables.ts'
import type { ForgettingParts } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

type Row = Selectable<Tables['containers']>

/** So many of a principal that are over are remembered, to say so. */
const mostOver = 1_000

/** Containers of callers, each changed by one at a time: who has read an older revision changes nothing. */
export function createContainers({ db, health, forgotten }: Omit<ForgettingParts, 'now'>): StoredContainers {
  return {
    ...createWrappedRows('containers', { db, health }),
    async add(container) {
      const row = rowOf(container)
      await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await transaction.insertInto('containers').values(row).execute()
          const over = await transaction
            .selectFrom('containers')
            .select('id')
            .where('principal', '=', row.principal)
            .where('is_over', '=', 1)
            .orderBy('id', 'desc')
            .offset(mostOver)
            .limit(1)
            .executeTakeFirst()
          if (over === undefined) return
          await transaction
            .deleteFrom('containers')
            .where('principal', '=', row.principal)
            .where('is_over', '=', 1)
            .where('id', '<=', over.id)
            .execute()
        }),
      )
    },
    async show(principal, id) {
      const row = await health.reads(() =>
        db
          .selectFrom('containers')
          .selectAll()
          .where('id', '=', id)
          .where('principal', '=', principal)
          .executeTakeFirst(),
      )
      return row === undefined || (await forgotten.has(id)) ? null : containerOf(row)
    },
    async list(principal, { after, most, order }) {
      const gone = await forgotten.all()
      const rows = await health.reads(() =>
        db
          .selectFrom('containers')
          .selectAll()
          .where('principal', '=', principal)
          .$if(after !== undefined, (query) => query.where('id', order === 'asc' ? '>' : '<', after ?? ''))
          .orderBy('id', order)
          .limit(most)
          .execute(),
      )
      return rows.filter(({ id }) => !gone.has(id)).map(containerOf)
    },
    async change(container) {
      const { id, principal, revision, ...changed } = rowOf(container)
      const { numUpdatedRows } = await health.writes(() =>
        db
          .updateTable('containers')
          .set({ ...changed, revision: revision + 1 })
          .where('id', '=', id)
          .where('principal', '=', principal)
          .where('revision', '=', revision)
          .executeTakeFirstOrThrow(),
      )
      return numUpdatedRows > 0n
    },
    async delete(principal, id) {
      const { numDeletedRows } = await health.writes(() =>
        db.deleteFrom('containers').where('id', '=', id).where('principal', '=', principal).executeTakeFirstOrThrow(),
      )
      if (numDeletedRows === 0n) return false
      // A copy of the storage that is put back later is held to the note.
      await forgotten.add([id])
      return true
    },
    async holdersOf(ids) {
      const gone = await forgotten.all()
      const rows = await health.reads(() =>
        db.selectFrom('containers').select(['id', 'holder']).where('id', 'in', ids).execute(),
      )
      return new Map(rows.filter(({ id }) => !gone.has(id)).map(({ id, holder }) => [id, holder]))
    },
  }
}

function rowOf(container: SealedContainer): Row {
  const { id, principal, made, used, ends, isOver, holder, revision, wrappedKey, sealed } = container
  return {
    id,
    principal,
    made: made.toISOString(),
    used: used.toISOString(),
    ends: ends.toISOString(),
    is_over: isOver ? 1 : 0,
    holder,
    revision,
    wrapped_key: wrappedKey,
    sealed,
  }
}

function containerOf(row: Row): SealedContainer {
  const { id, principal, holder, revision, sealed } = row
  return {
    id,
    principal,
    made: new Date(row.made),
    used: new Date(row.used),
    ends: new Date(row.ends),
    isOver: row.is_over === 1,
    holder,
    revision,
    wrappedKey: row.wrapped_key,
    sealed,
  }
}
