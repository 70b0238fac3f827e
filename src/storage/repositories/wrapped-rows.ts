import type { WrappedRows } from '../../core/wrapped-rows.ts'
import type { ForgettingParts } from './forgetting-parts.ts'

type WrappedTable =
  | 'masked_conversations'
  | 'miss_reports'
  | 'approvals'
  | 'conversations'
  | 'stored_files'
  | 'file_contents'
  | 'containers'
  | 'shares'
  | 'recorded_samples'
  | 'complaints'

/** The data keys in one of the tables that have them. */
export function createWrappedRows(
  table: WrappedTable,
  { db, health }: Pick<ForgettingParts, 'db' | 'health'>,
): WrappedRows {
  return {
    wrappedOtherwise(prefix, after, most) {
      return health.reads(() =>
        db
          .selectFrom(table)
          .select(['id', 'wrapped_key as wrappedKey'])
          .where('id', '>', after)
          .where('wrapped_key', 'not like', `${prefix}%`)
          // Of what was taken away and leaves a row.
          .where('wrapped_key', '<>', '')
          .orderBy('id')
          .limit(most)
          .execute(),
      )
    },
    async rewrap({ id, wrappedKey: from }, wrappedKey) {
      await health.writes(() =>
        db
          .updateTable(table)
          .set({ wrapped_key: wrappedKey })
          .where('id', '=', id)
          .where('wrapped_key', '=', from)
          .execute(),
      )
    },
  }
}
