import type { Amounts, QuotaLimit, QuotaStanding, QuotaWindow } from '../../core/quotas.ts'

const calendar: Readonly<Record<string, number>> = { hour: 3_600, day: 86_400, month: 2_592_000 }

/** Seconds; a month has thirty days, since the field has no months. */
function secondsOf(window: QuotaWindow): number | null {
  return window === 'running' ? null : (calendar[window] ?? Number(window.slice(0, -1)))
}

/** `key-tokens-day`: whose, what and how long, in one name. */
function nameOf({ account, unit, window }: QuotaLimit): string {
  return [account.slice(0, account.indexOf(':')), unit.replaceAll('_', '-'), window].join('-')
}

/**
 * The fields RateLimit-Policy and RateLimit for these limits as they stand once `held` is held, as name, value, name, value
 * (draft-ietf-httpapi-ratelimit-headers-10): `q` is the limit, `w` its window in seconds, `r` what is left, `t` the seconds after
 * which the first of what counts is let go.
 */
export function rateLimitHeaders(standings: readonly QuotaStanding[], held: Amounts): readonly string[] {
  const [policies, rest]: [string[], string[]] = [[], []]
  for (const { limit, used, held: before, nextAt, now } of standings) {
    const [name, window] = [nameOf(limit), secondsOf(limit.window)]
    policies.push(`"${name}";q=${limit.most}${window === null ? '' : `;w=${window}`}`)
    const left = Math.max(0, limit.most - used - before - (held[limit.unit] ?? 0))
    const seconds = nextAt === null ? null : Math.max(0, Math.ceil((nextAt - now) / 1_000))
    rest.push(`"${name}";r=${left}${seconds === null ? '' : `;t=${seconds}`}`)
  }
  return standings.length === 0 ? [] : ['ratelimit-policy', policies.join(', '), 'ratelimit', rest.join(', ')]
}
