import { durationText } from '../../../components/time-text.ts'

/** How fresh what a source shows may be. */
interface Freshness {
  readonly standby: boolean | null
  readonly lag_ms: number | null
  readonly lag_estimated: boolean | null
  readonly maximum_lag_ms: number | null
}

export interface FreshnessText {
  readonly text: string
  readonly kind: 'good' | 'warning' | 'danger' | 'neutral'
}

/** Of a replica how far it lies behind, held against what the configuration permits; what nobody knows is said to be unknown. */
export function freshnessText({
  standby,
  lag_ms: lag,
  lag_estimated: estimated,
  maximum_lag_ms: most,
}: Freshness): FreshnessText {
  if (standby === null) return { text: 'not known', kind: 'neutral' }
  if (!standby) return { text: 'current: a primary', kind: 'good' }
  if (lag === null) return { text: 'a replica; how far behind is not known', kind: 'warning' }
  const behind = `a replica, ${estimated === true ? 'about ' : ''}${durationText(lag)} behind`
  if (most === null) return { text: behind, kind: 'neutral' }
  return lag > most
    ? { text: `${behind}, more than the ${durationText(most)} permitted`, kind: 'danger' }
    : { text: `${behind}, of ${durationText(most)} permitted`, kind: 'good' }
}

const states = {
  unchecked: { text: 'not asked yet', kind: 'neutral' },
  usable: { text: 'usable', kind: 'good' },
  unusable: { text: 'unusable', kind: 'danger' },
} as const

export const sourceState = (state: keyof typeof states) => states[state]
