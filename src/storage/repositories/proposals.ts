import type { Kysely, Selectable } from 'kysely'
import type { Proposal, Proposals } from '../../core/tuning.ts'
import type { StorageHealth } from '../health.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
}

/** Thresholds that were proposed, as long as the storage is there: what a rollout rests on is told by them. */
export function createProposals({ db, health, time }: Parts): Proposals {
  return {
    async keep(proposal) {
      const { id, place, from, to, set, detectors, figures, by } = proposal
      const row = {
        id,
        principal_group: place.group,
        direction: place.direction,
        rule: place.rule,
        from_threshold: from,
        to_threshold: to,
        set_name: set.name,
        set_version: set.version,
        set_digest: set.digest,
        detectors,
        figures,
        made: new Date(await health.reads(() => time(db))).toISOString(),
        made_by: by,
      }
      await health.writes(() => db.insertInto('tuning_proposals').values(row).execute())
      return proposalOf(row)
    },
    async find(id) {
      const row = await health.reads(() =>
        db.selectFrom('tuning_proposals').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      return row === undefined ? null : proposalOf(row)
    },
    async list(most) {
      const rows = await health.reads(() =>
        db
          .selectFrom('tuning_proposals')
          .selectAll()
          .orderBy('made', 'desc')
          .orderBy('id', 'desc')
          .limit(most)
          .execute(),
      )
      return rows.map(proposalOf)
    },
  }
}

function proposalOf(row: Selectable<Tables['tuning_proposals']>): Proposal {
  const { id, principal_group: group, direction, rule, detectors, figures, made, made_by: by } = row
  return {
    id,
    place: { group, direction, rule },
    from: row.from_threshold,
    to: row.to_threshold,
    set: { name: row.set_name, version: row.set_version, digest: row.set_digest },
    detectors,
    figures,
    made,
    by,
  }
}
