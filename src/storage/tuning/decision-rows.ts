import type { Kysely, Selectable } from 'kysely'
import type { RecordedDecision, RuleScore } from '../../core/recorded-decisions.ts'
import { pieceLength } from '../repositories/forgetting-parts.ts'
import type { Tables } from '../tables.ts'

/** Decisions with their scores, in the order in which they are named; those that are not there are left out. */
export async function decisionsOf(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly RecordedDecision[]> {
  const found = new Map<string, RecordedDecision>()
  for (let at = 0; at < ids.length; at += pieceLength) {
    const piece = ids.slice(at, at + pieceLength)
    const rows = await db.selectFrom('recorded_decisions').selectAll().where('id', 'in', piece).execute()
    const scores = await scoresOf(db, piece)
    for (const row of rows) found.set(row.id, decisionOf(row, scores.get(row.id) ?? []))
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

async function scoresOf(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, RuleScore[]>> {
  const rows = await db
    .selectFrom('recorded_decisions as recorded')
    .innerJoin('recorded_places as each', (join) =>
      join
        .onRef('each.principal_group', '=', 'recorded.principal_group')
        .onRef('each.direction', '=', 'recorded.direction'),
    )
    .innerJoin('recorded_scores as scored', (join) =>
      join
        .onRef('scored.place', '=', 'each.id')
        .onRef('scored.made', '=', 'recorded.made')
        .onRef('scored.decision', '=', 'recorded.id'),
    )
    .innerJoin('recorded_detectors as detector', 'detector.id', 'scored.detectors')
    .select(['recorded.id', 'each.rule', 'scored.score', 'scored.threshold', 'scored.effective', 'scored.is_bound'])
    .select('detector.names as detectors')
    .where('recorded.id', 'in', ids)
    .orderBy('scored.position')
    .execute()
  const found = new Map<string, RuleScore[]>()
  for (const { id, rule, score, threshold, effective, detectors, is_bound: isBound } of rows) {
    const known = found.get(id) ?? []
    known.push({ rule, score, threshold, effective, detectors, isBound: isBound === 1 })
    found.set(id, known)
  }
  return found
}

function decisionOf(row: Selectable<Tables['recorded_decisions']>, scores: readonly RuleScore[]): RecordedDecision {
  const { id, principal, conversation, direction, api, revision, canary, action, stratum, weight, made } = row
  return {
    id,
    principal,
    group: row.principal_group,
    conversation,
    direction,
    api,
    profile: { name: row.profile, version: row.profile_version },
    revision,
    canary,
    action,
    scores,
    stratum,
    weight,
    made,
  }
}
