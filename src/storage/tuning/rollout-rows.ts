import type { ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { Rollout, RolloutBounds, RolloutStep } from '../../core/tuning.ts'
import type { Tables } from '../tables.ts'

export type RolloutRow = Selectable<Tables['tuning_rollouts']>

/** Its rows of a table, by the place that they are of. */
export function atPlace({ group, direction, rule }: TuningPlace) {
  return <Table extends 'tuning_rollouts' | 'tuning_thresholds'>(where: ExpressionBuilder<Tables, Table>) => {
    const each = where as unknown as ExpressionBuilder<Tables, 'tuning_thresholds'>
    return each
      .and([each('principal_group', '=', group), each('direction', '=', direction), each('rule', '=', rule)])
      .$castTo<SqlBool>()
  }
}

export function rolloutOf(row: RolloutRow): Rollout {
  const { id, principal_group: group, direction, rule, proposal, detectors, stage, share, salt, revision } = row
  return {
    id,
    place: { group, direction, rule },
    proposal,
    from: row.from_threshold,
    to: row.to_threshold,
    detectors,
    stage,
    share,
    salt,
    bounds: JSON.parse(row.bounds) as RolloutBounds,
    revision,
    steps: JSON.parse(row.steps) as readonly RolloutStep[],
  }
}

export function rowOf(rollout: Rollout, { begun, before }: Pick<RolloutRow, 'begun' | 'before'>): RolloutRow {
  const { id, place, proposal, from, to, detectors, stage, share, salt, bounds, revision, steps } = rollout
  return {
    id,
    begun,
    principal_group: place.group,
    direction: place.direction,
    rule: place.rule,
    proposal,
    from_threshold: from,
    to_threshold: to,
    detectors,
    stage,
    share,
    salt,
    bounds: JSON.stringify(bounds),
    revision,
    steps: JSON.stringify(steps),
    before,
  }
}
