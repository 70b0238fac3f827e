/** A longer wait says no more than this one, and may be no number that a header can hold. */
const mostSeconds = 365 * 86_400

/**
 * Seconds of a `Retry-After` header, which holds seconds or a date (RFC 9110), a year at most; null where it holds
 * neither.
 */
function retryAfterSeconds(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(mostSeconds, Number(text))
  // Each of the three forms of a date begins with the name of a day.
  const instant = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? null : Math.min(mostSeconds, Math.max(0, Math.ceil((instant - now) / 1_000)))
}

/** Seconds an endpoint says to wait: by `retry-after-ms`, which clients look at first, else by `Retry-After`. */
export function waitSeconds(headers: Pick<Headers, 'get'> | undefined, now: number): number | null {
  const milliseconds = headers?.get('retry-after-ms')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(milliseconds)) return Math.min(mostSeconds, Number(milliseconds) / 1_000)
  return retryAfterSeconds(headers?.get('retry-after') ?? null, now)
}
