import type { Kysely } from 'kysely'
import type { SealingKey } from '../../core/sealing-key.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
}

/** One row, made by the first process of a storage on a server. */
export function createSealingKey({ db, health }: Parts): SealingKey {
  return {
    hold: (name, known) =>
      health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('sealing_key')
            .values({ one: 1, name })
            .onConflict((conflict) => conflict.column('one').doNothing())
            .execute()
          const { name: noted } = await transaction
            .selectFrom('sealing_key')
            .select('name')
            .where('one', '=', 1)
            .forUpdate()
            .executeTakeFirstOrThrow()
          if (!known(noted)) return false
          await transaction.updateTable('sealing_key').set({ name }).where('one', '=', 1).execute()
          return true
        }),
      ),
  }
}
