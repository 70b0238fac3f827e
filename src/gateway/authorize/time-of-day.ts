import type { DecisionInput } from './decisions.ts'

type TimeOfDay = DecisionInput<'grant'>['time']

/** A moment as rules read it: the day and the hour of a time zone, since WebAssembly knows none. */
export function createTimeOfDay(zone: string): (moment: Date) => TimeOfDay {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  let known: { readonly minute: number; readonly time: TimeOfDay } | null = null
  return (moment) => {
    // Zones are shifted by whole minutes.
    const minute = Math.floor(moment.getTime() / 60_000)
    if (known?.minute === minute) return known.time
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]))
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
    const time = {
      zone,
      date: `${part('year')}-${part('month')}-${part('day')}`,
      weekday: part('weekday').toLowerCase() as TimeOfDay['weekday'],
      hour: Number(part('hour')),
      minute: Number(part('minute')),
    }
    known = { minute, time }
    return time
  }
}
