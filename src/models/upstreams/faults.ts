import { ServiceError } from '../../core/errors.ts'
import { isPolicyMessage, isPolicyRefusal, UpstreamFault, type FailedAttempt } from '../../core/upstream-fault.ts'
import { resetSeconds } from '../reset-seconds.ts'
import { waitSeconds } from '../../core/retry-after.ts'
import { quoted, withoutPlace, wordOf, type UpstreamPlace } from './words-of-upstream.ts'

/** Where the settings of an upstream stand. */
const settingOf = ({ name }: UpstreamPlace, member: string): string => `upstreams.${name}.${member}`

/** What was answered cannot be used, and may have cost something. */
const spoiled: FailedAttempt = { repeat: 'again', mayHaveRun: true }
/** Nothing came of it at this target, and nothing will. */
const misplaced: FailedAttempt = { repeat: 'elsewhere', mayHaveRun: false }

export function protocolFault(
  place: UpstreamPlace,
  what: string,
  { cause, attempt = spoiled }: { readonly cause?: unknown; readonly attempt?: FailedAttempt } = {},
): ServiceError {
  return new UpstreamFault('model-protocol', `The upstream "${place.name}" (${place.host}) answered ${what}.`, {
    ...attempt,
    cause,
    advice: `Check ${settingOf(place, 'base_url')} and ${settingOf(place, 'kind')}.`,
  })
}

/** No connection is free for a call, and there is no place or no time left to wait for one. Nothing of it was sent. */
export function busyFault(place: UpstreamPlace): ServiceError {
  return new UpstreamFault(
    'model-busy',
    `Every connection to the upstream "${place.name}" (${place.host}) is in use.`,
    {
      ...misplaced,
      advice: `Raise ${settingOf(place, 'connections')} or ${settingOf(place, 'waiting')}, or let groups ask less at a time.`,
    },
  )
}

/** An upstream that did not begin to answer in the time for it. */
export function lateFault(place: UpstreamPlace, cause?: unknown): ServiceError {
  const what = `The upstream "${place.name}" (${place.host}) did not begin to answer in time.`
  // Who is silent once is asked no second time: that would only double the wait.
  return new UpstreamFault('model-timeout', what, {
    repeat: 'elsewhere',
    mayHaveRun: true,
    cause,
    advice: `Try again, or raise ${settingOf(place, 'timeout_ms')}.`,
  })
}

/** An answer that has begun and says nothing more. */
export function silentFault(place: UpstreamPlace): ServiceError {
  return new UpstreamFault(
    'model-timeout',
    `The upstream "${place.name}" (${place.host}) fell silent in the middle of its answer.`,
    {
      ...spoiled,
      advice: `Try again, or raise ${settingOf(place, 'idle_timeout_ms')}.`,
    },
  )
}

const timeouts: Readonly<Record<string, string>> = {
  UND_ERR_BODY_TIMEOUT: 'fell silent in the middle of its answer',
  UND_ERR_CONNECT_TIMEOUT: 'could not be connected to in time',
}

const notHttp: ReadonlySet<string> = new Set([
  'HPE_INVALID_CONSTANT',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Codes of connections that were never made: nothing was sent. */
const neverSent: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What the connection to an upstream throws, as a fault with a code. */
export function connectionFault(place: UpstreamPlace, thrown: unknown, signal: AbortSignal): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  if (signal.aborted) {
    return signal.reason instanceof ServiceError
      ? signal.reason
      : new ServiceError('cancelled', 'The call was cancelled.', { cause: signal.reason })
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const who = `The upstream "${place.name}" (${place.host})`
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return lateFault(place, thrown)
  const late = timeouts[code]
  if (late !== undefined) {
    const member = code === 'UND_ERR_BODY_TIMEOUT' ? 'idle_timeout_ms' : 'timeout_ms'
    return new UpstreamFault('model-timeout', `${who} ${late}.`, {
      repeat: 'elsewhere',
      mayHaveRun: !neverSent.has(code),
      cause: thrown,
      advice: `Try again, or raise ${settingOf(place, member)}.`,
    })
  }
  if (notHttp.has(code) || code.startsWith('HPE_')) return protocolFault(place, 'what is not HTTP', { cause: thrown })
  return new UpstreamFault('model-unavailable', `${who} broke off or cannot be reached${code && ` (${code})`}.`, {
    repeat: 'again',
    mayHaveRun: !neverSent.has(code),
    cause: thrown,
    advice: `Check ${settingOf(place, 'base_url')} and that the upstream is up.`,
  })
}

/** What an upstream that did not succeed answered: its status, its headers, which may say how long to wait, the beginning of its body. */
export interface FailedAnswer {
  readonly status: number
  readonly headers: Pick<Headers, 'get'>
  readonly contentType: string
  readonly body: string
  /** What was sent, some of which many upstreams say back. */
  readonly request: Buffer | null
}

/** Statuses that are about what the caller asked, whose reason helps nobody but the caller. */
const callersFault: ReadonlySet<number> = new Set([400, 404, 409, 413, 415, 422])

/** Words for a request that another model may have room for. */
const tooLarge = /context.?(?:length|window)|too.?(?:large|long)|too many (?:input )?tokens/i

/**
 * Who has to know of a failed answer: what is wrong with the request is said to its caller in the upstream's own words;
 * keys, quotas and breakdowns of the upstream are the operator's.
 */
export function answerFault(place: UpstreamPlace, answer: FailedAnswer, now: number): ServiceError {
  const { status } = answer
  const who = `The upstream "${place.name}" (${place.host})`
  const isLimited = status === 429 || status === 529
  const wait = waitSeconds(answer.headers, now) ?? (isLimited ? resetSeconds(answer.headers, now) : null)
  const repeat = wait === null ? {} : { retryAfterSeconds: wait }
  if (status >= 300 && status < 400) {
    const what = `a redirect (HTTP ${status}), which is not followed: it would take the key along`
    return protocolFault(place, what, { attempt: misplaced })
  }
  const refusal = readRefusal(answer.body)
  if (refusal !== null && isAboutPolicy(status, refusal)) return refused(place, status, refusal)
  if (status === 401 || status === 403 || status === 407) {
    return new UpstreamFault('model-rejected', `${who} does not accept the key (HTTP ${status}).`, {
      ...misplaced,
      // What a key may not do may be what one caller asks for.
      mayBeCallers: status === 403,
      advice: `Check ${settingOf(place, 'api_key')}.`,
    })
  }
  if (isLimited) {
    const isSpent = refusal?.code === 'insufficient_quota' || refusal?.type === 'insufficient_quota'
    // A request beyond what may be read in a minute is refused at any minute.
    const isTooLarge = refusal !== null && tooLarge.test(refusal.message)
    return new UpstreamFault(
      'model-overloaded',
      `${who} asks to slow down (HTTP ${status}): ${quoted(place, answer.body, answer.request)}`,
      {
        ...repeat,
        repeat: isSpent || isTooLarge ? 'elsewhere' : 'again',
        mayHaveRun: false,
        mayBeCallers: isTooLarge,
      },
    )
  }
  if (status === 408 || status === 504) {
    return new UpstreamFault('model-timeout', `${who} timed out (HTTP ${status}).`, {
      ...repeat,
      repeat: 'again',
      mayHaveRun: true,
    })
  }
  if (callersFault.has(status) && refusal !== null) return refused(place, status, refusal)
  if (status >= 500) {
    return new UpstreamFault(
      'model-unavailable',
      `${who} failed (HTTP ${status}): ${quoted(place, answer.body, answer.request)}`,
      { ...repeat, repeat: 'again', mayHaveRun: status !== 503 },
    )
  }
  const isElsewhere = [402, 404, 405, 413].includes(status)
  const attempt: FailedAttempt = isElsewhere
    ? { ...misplaced, mayBeCallers: status !== 402 }
    : { repeat: 'never', mayHaveRun: false }
  return protocolFault(place, `HTTP ${status}: ${quoted(place, answer.body, answer.request)}`, { attempt })
}

/** A refusal of the request, in the upstream's own words. */
function refused(place: UpstreamPlace, status: number, refusal: Refusal): ServiceError {
  const { message, ...answered } = refusal
  return new UpstreamFault('model-refused', withoutPlace(place, message), {
    repeat: repeatOf(status, refusal),
    mayHaveRun: false,
    isPolicy: isAboutPolicy(status, refusal),
    ...(answered.param === null ? {} : { parameter: withoutPlace(place, answered.param) }),
    answered: { status, type: wordOf(place, answered.type), code: wordOf(place, answered.code) },
    advice: '',
  })
}

/** A conflict passes; another model may exist elsewhere, or have more room; anything else is wrong everywhere. */
function repeatOf(status: number, refusal: Refusal): FailedAttempt['repeat'] {
  const { message, type, code } = refusal
  if (isAboutPolicy(status, refusal)) return 'never'
  if (status === 409) return 'again'
  const isElsewhere =
    [404, 413].includes(status) || [code ?? '', type ?? '', message].some((word) => tooLarge.test(word))
  return isElsewhere ? 'elsewhere' : 'never'
}

/** Statuses by which providers refuse what a request is about; of others the words alone may say back what a caller wrote. */
const ofPolicies: ReadonlySet<number> = new Set([400, 403, 422, 451])

function isAboutPolicy(status: number, { message, type, code, isFlagged }: Refusal): boolean {
  return isPolicyRefusal(code, type) || isFlagged || (ofPolicies.has(status) && isPolicyMessage(message))
}

interface Refusal {
  readonly message: string
  /** Does it name what was found in the input, or the policy that it is against? */
  readonly isFlagged: boolean
  readonly type: string | null
  readonly code: string | null
  readonly param: string | null
}

/** OpenAI's and Anthropic's error bodies, and xAI's, whose error is a text; null for anything else. */
function readRefusal(body: string): Refusal | null {
  const whole = parse(body)
  const inner = member(whole, 'error')
  const error = typeof inner === 'string' ? { message: inner, code: member(whole, 'code') } : inner
  const message = member(error, 'message')
  if (typeof message !== 'string' || message === '') return null
  const inside = member(error, 'innererror') ?? member(error, 'inner_error')
  return {
    message,
    // Azure OpenAI has the policy inside, OpenRouter what it has found.
    isFlagged:
      isPolicyRefusal(short(member(inside, 'code'))) ||
      member(member(error, 'metadata'), 'flagged_input') !== undefined,
    type: short(member(error, 'type')),
    code: short(member(error, 'code')),
    param: short(member(error, 'param')),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

const short = (value: unknown): string | null => (typeof value === 'string' && value.length <= 200 ? value : null)
