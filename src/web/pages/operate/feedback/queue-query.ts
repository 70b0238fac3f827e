import type { TuningQueueQuery } from '../../../api/generated/operators.ts'

const kinds = ['appeal', 'thumb', 'audit', 'receipt'] as const

/** What of an address asks for which part of the queue. Drawn decisions are of one place, so they want all that names it. */
export function readQueue(given: Readonly<Record<string, string | undefined>>): {
  readonly query: TuningQueueQuery
  readonly fault: string | null
} {
  const kind = kinds.find((each) => each === given['kind'])
  const direction: TuningQueueQuery['direction'] = given['direction'] === 'inbound' ? 'inbound' : 'outbound'
  const [group, rule] = [given['group']?.trim() ?? '', given['rule']?.trim() ?? '']
  const named = { ...(group === '' ? {} : { group }), ...(rule === '' ? {} : { rule, direction }) } as const
  const query = { ...(kind === undefined ? {} : { kind }), ...named, state: 'waiting' } as const
  const isPlace = group !== '' && rule !== ''
  return { query, fault: kind === 'audit' && !isPlace ? 'Drawn decisions want a group and a category.' : null }
}
