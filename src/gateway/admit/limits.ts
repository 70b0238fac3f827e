import { hash } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'
import type { QuotaLimit, QuotaWindow } from '../../core/quotas.ts'
import type { GroupOptions } from '../options.ts'

/** The limits of a principal, in the order in which they are told. */
export type LimitsFor = (principal: Principal) => readonly QuotaLimit[]

type LimitOptions = GroupOptions['limits'][number]

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }

/** `5m` is the sliding window of 300 seconds; null what counts while its request runs. */
export function windowOf(every: LimitOptions['every']): QuotaWindow {
  if (every === null) return 'running'
  const sliding = /^(\d+)([smh])$/.exec(every)
  if (sliding === null) return every as 'hour' | 'day' | 'month'
  return `${Number(sliding[1]) * (secondsOf[sliding[2] ?? ''] ?? 1)}s`
}

function accountOf(per: LimitOptions['per'], { principal, tenant }: { principal: Principal; tenant: string }): string {
  if (per === 'tenant') return `tenant:${tenant}`
  // Requests of an application that name nobody are those of one person more. Nothing that names a person is kept.
  if (per === 'user') return `user:${hash('sha256', JSON.stringify([principal.id, principal.endUser ?? null]))}`
  return per === 'group' ? `group:${principal.group}` : `key:${principal.id}`
}

/** A group that there is not has limits that let nothing through: policy refuses it before. */
export function createLimitsFor(groups: Readonly<Record<string, GroupOptions>>): LimitsFor {
  const shapes = new Map(Object.entries(groups).map(([name, group]) => [name, shapesOf(group)]))
  return (principal) => {
    const tenant = groups[principal.group]?.tenant ?? ''
    return (shapes.get(principal.group) ?? closed).map(({ per, unit, every, most }) => {
      return { account: accountOf(per, { principal, tenant }), unit, window: windowOf(every), most }
    })
  }
}

const closed: readonly LimitOptions[] = [{ per: 'key', unit: 'runs', most: 0, every: null }]

/** The limits of a group as they are configured, those of each key that all groups have first. */
export function shapesOf({
  concurrent_requests,
  tokens_per_day,
  limits,
}: Pick<GroupOptions, 'concurrent_requests' | 'tokens_per_day' | 'limits'>): readonly LimitOptions[] {
  return [
    { per: 'key', unit: 'runs', most: concurrent_requests, every: null },
    { per: 'key', unit: 'tokens', most: tokens_per_day, every: 'day' },
    ...limits,
  ]
}
