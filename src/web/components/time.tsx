import { timeAgo, timeText } from './time-text.ts'

/** A moment, in the person's own time zone; the exact one in the tooltip. `at`: ISO 8601, or seconds since 1970 as the APIs have them. */
export function Time({
  at,
  relative = false,
  exact = false,
}: {
  readonly at: string | number | null
  readonly relative?: boolean
  /** To the second, where the order of what happened matters. */
  readonly exact?: boolean
}) {
  const moment = at === null ? null : new Date(typeof at === 'number' ? at * 1000 : at)
  if (moment === null || Number.isNaN(moment.getTime())) return <span class="muted">—</span>
  return (
    <time dateTime={moment.toISOString()} title={moment.toISOString()}>
      {relative ? timeAgo(moment, new Date()) : timeText(moment, exact ? 'medium' : 'short')}
    </time>
  )
}
