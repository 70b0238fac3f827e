import type { ServiceError } from '../../core/errors.ts'
import { limitReached } from '../../core/limit-reached.ts'
import type { Amounts, QuotaRefused, QuotaUnit, QuotaWindow } from '../../core/quotas.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'

const unitNames: Readonly<Record<QuotaUnit, string>> = {
  requests: 'requests',
  runs: 'requests at a time',
  tokens: 'tokens',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  money: 'millionths of the currency',
  sandbox_ms: 'milliseconds of sandboxes',
  rows: 'rows',
  bytes: 'bytes',
}

const windowNames: Readonly<Record<string, string>> = {
  running: '',
  hour: ' an hour',
  day: ' a day',
  month: ' a month',
}

function windowName(window: QuotaWindow): string {
  const seconds = Number(window.slice(0, -1))
  return windowNames[window] ?? ` in ${seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`}`
}

/** Whose the limit is, where it is not the key's own. */
function ownerName(account: string): string {
  if (account.startsWith('group:')) return ' of your group'
  if (account.startsWith('user:')) return ' of this user'
  return account.startsWith('tenant:') ? ' of your organization' : ''
}

/**
 * What a caller is told whose request does not fit: the limit, what is left of it, what was asked, and when it fits.
 * `usualSeconds`: after which a request that runs has usually ended.
 */
export function refusalOf(refused: QuotaRefused, usualSeconds: number): ServiceError {
  const { standing, asked, fitsAt, fitsWithoutHeld } = refused
  const { limit, used, held, now } = standing
  const owner = ownerName(limit.account)
  const headers = rateLimitHeaders([standing], {})
  if (limit.unit === 'runs' && limit.most > 0) {
    const running = `${limit.most} requests of ${owner === '' ? 'yours' : owner.replace(/^ of /, '')} are already running.`
    return limitReached(running, { seconds: usualSeconds, headers })
  }
  const left = Math.max(0, limit.most - used - held)
  const of = `Of ${limit.most} ${unitNames[limit.unit]}${windowName(limit.window)}${owner}`
  const what = `${of}, ${left} are left; this request may need ${asked}.`
  if (asked > limit.most) {
    return limitReached(`${what} That is more than there ever are.`, {
      seconds: null,
      headers,
      advice: 'Send less, or ask for a shorter answer (max_tokens).',
    })
  }
  const seconds = fitsAt === null ? null : (fitsAt - now) / 1_000
  // What running requests hold and do not use comes back when they end.
  if (fitsWithoutHeld) {
    return limitReached(
      `${what} Requests of ${owner === '' ? 'yours' : owner.replace(/^ of /, '')} that run hold ${held}.`,
      {
        seconds: Math.min(usualSeconds, seconds ?? usualSeconds),
        headers,
      },
    )
  }
  const at = fitsAt === null ? undefined : new Date(fitsAt)
  const when = at === undefined ? '' : ` It fits at ${at.toISOString()}.`
  return limitReached(`${what}${when}`, { seconds, headers, ...(at === undefined ? {} : { at }) })
}

/**
 * What a request asks in place of what a limit has refused: what is left of that. Null where that is less than the least with which it begins, and where all of
 * it is left as soon as requests end that run.
 */
export function withLess(
  bounds: Amounts,
  { standing: { limit, used, held }, fitsWithoutHeld }: QuotaRefused,
  least: Amounts,
): Amounts | null {
  const left = limit.most - used - held
  const enough = least[limit.unit]
  return fitsWithoutHeld || enough === undefined || left < Math.max(1, enough)
    ? null
    : { ...bounds, [limit.unit]: left }
}

/** The refusal of a request that would have begun with less: it needs no more than that, which may be there once others end. */
export function ofLeast(refused: QuotaRefused, least: Amounts): QuotaRefused {
  const { limit, used } = refused.standing
  const asked = least[limit.unit]
  if (asked === undefined || asked === 0 || asked >= refused.asked || refused.fitsWithoutHeld) return refused
  return { ...refused, asked, fitsWithoutHeld: used + asked <= limit.most }
}
