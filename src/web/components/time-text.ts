const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** `3 minutes ago`, `in 2 hours`; after a month the day itself. */
export function timeAgo(moment: Date, now: Date): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000)
  if (Math.abs(seconds) > 30 * 86_400) return timeText(moment)
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

export function timeText(moment: Date, timeStyle: 'short' | 'medium' = 'short'): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle }).format(moment)
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Two units at most: `850 ms`, `4.2 s`, `3 min 20 s`, `2 days 4 h`. */
export function durationText(milliseconds: number): string {
  const exact = Math.max(0, milliseconds)
  if (exact < 999.5) return `${Math.round(exact)} ms`
  if (exact < 59_950) return `${(exact / second).toLocaleString('en', { maximumFractionDigits: 1 })} s`
  const length = Math.round(exact / second) * second
  if (length < hour) return pair([Math.floor(length / minute), 'min'], [Math.floor((length % minute) / second), 's'])
  if (length < day) return pair([Math.floor(length / hour), 'h'], [Math.floor((length % hour) / minute), 'min'])
  const days = Math.floor(length / day)
  return pair([days, days === 1 ? 'day' : 'days'], [Math.floor((length % day) / hour), 'h'])
}

type Part = readonly [count: number, unit: string]

const pair = ([count, unit]: Part, [rest, restUnit]: Part): string =>
  `${count.toLocaleString('en')} ${unit}${rest === 0 ? '' : ` ${rest} ${restUnit}`}`
