/** A longer wait says no more than this one. */
const mostSeconds = 365 * 86_400

/** What a provider counts: OpenAI and those of its kind the first two, Anthropic all of them. */
const counted = ['requests', 'tokens', 'input-tokens', 'output-tokens'] as const

const unitSeconds: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001 }

/**
 * Seconds until what is used up of the limits of a provider is there again, a year at most, by the headers that stand
 * beside its answers: the longest of those of which nothing is left. null where none is used up, or none says so in a way that can be
 * read. OpenAI (guides/rate-limits) writes how long, `6m0s`; Anthropic (api/rate-limits) when, `2026-01-15T14:24:00Z`.
 */
export function resetSeconds(headers: Pick<Headers, 'get'>, now: number): number | null {
  const waits = counted.flatMap((what) => {
    const openai = waitOf(headers.get(`x-ratelimit-remaining-${what}`), headers.get(`x-ratelimit-reset-${what}`), now)
    const remaining = headers.get(`anthropic-ratelimit-${what}-remaining`)
    const anthropic = waitOf(remaining, headers.get(`anthropic-ratelimit-${what}-reset`), now)
    return [openai, anthropic].filter((wait) => wait !== null)
  })
  return waits.length === 0 ? null : Math.min(mostSeconds, Math.max(...waits))
}

function waitOf(remaining: string | null, reset: string | null, now: number): number | null {
  if (reset === null || remaining === null || !/^-?0*$|^-\d+$/.test(remaining.trim())) return null
  return secondsOf(reset.trim()) ?? secondsUntil(reset.trim(), now)
}

/** Of `1h2m3.5s`, `20ms` or a plain `60`; null of anything else. */
function secondsOf(text: string): number | null {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return null
  const parts = text.matchAll(/([\d.]+)(ms|h|m|s)/g)
  return parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (unitSeconds[unit] ?? 0), 0)
}

function secondsUntil(text: string, now: number): number | null {
  const instant = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? null : Math.max(0, (instant - now) / 1_000)
}
