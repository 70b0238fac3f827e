/** One row of COPY's text format: tabs between values, `\` before what would be read as structure. */
export function copyRow(values: readonly (string | number | boolean)[]): string {
  const texts = values.map((value) =>
    String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r'),
  )
  return `${texts.join('\t')}\n`
}

/** Days since 1970-01-01 of an ISO date. */
export function dayNumber(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00Z`) / 86_400_000
}

export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** Seconds since 1970 as an ISO time in UTC. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

export function euros(cents: number): string {
  return (cents / 100).toFixed(2)
}
