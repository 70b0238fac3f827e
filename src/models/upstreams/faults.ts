import { ServiceError } from '../../core/errors.ts'
import { waitSeconds } from '../retry-after.ts'
import { quoted, withoutPlace, wordOf, type UpstreamPlace } from './words-of-upstream.ts'

/** Where the settings of an upstream stand. */
const settingOf = ({ name }: UpstreamPlace, member: string): string => `upstreams.${name}.${member}`

export function protocolFault(place: UpstreamPlace, what: string, cause?: unknown): ServiceError {
  return new ServiceError('model-protocol', `The upstream "${place.name}" (${place.host}) answered ${what}.`, {
    cause,
    advice: `Check ${settingOf(place, 'base_url')} and ${settingOf(place, 'kind')}.`,
  })
}

/** No connection is free for a call, and there is no place or no time left to wait for one. Nothing of it was sent. */
export function busyFault(place: UpstreamPlace): ServiceError {
  return new ServiceError('model-busy', `Every connection to the upstream "${place.name}" (${place.host}) is in use.`, {
    advice: `Raise ${settingOf(place, 'connections')} or ${settingOf(place, 'waiting')}, or let groups ask less at a time.`,
  })
}

/** An upstream that did not begin to answer in the time for it. */
export function lateFault(place: UpstreamPlace, cause?: unknown): ServiceError {
  const what = `The upstream "${place.name}" (${place.host}) did not begin to answer in time.`
  return new ServiceError('model-timeout', what, {
    cause,
    advice: `Try again, or raise ${settingOf(place, 'timeout_ms')}.`,
  })
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
    return new ServiceError('model-timeout', `${who} ${late}.`, {
      cause: thrown,
      advice: `Try again, or raise ${settingOf(place, member)}.`,
    })
  }
  if (notHttp.has(code) || code.startsWith('HPE_')) return protocolFault(place, 'what is not HTTP', thrown)
  return new ServiceError('model-unavailable', `${who} broke off or cannot be reached${code && ` (${code})`}.`, {
    cause: thrown,
    advice: `Check ${settingOf(place, 'base_url')} and that the upstream is up.`,
  })
}

/** What an upstream that did not succeed answered: its status, the wait it asks for, the beginning of its body. */
export interface FailedAnswer {
  readonly status: number
  readonly retryAfter: Pick<Headers, 'get'>
  readonly contentType: string
  readonly body: string
  /** What was sent, some of which many upstreams say back. */
  readonly request: Buffer | null
}

/** Statuses that are about what the caller asked, whose reason helps nobody but the caller. */
const callersFault: ReadonlySet<number> = new Set([400, 404, 409, 413, 415, 422])

/**
 * Who has to know of a failed answer: what is wrong with the request is said to its caller in the upstream's own words;
 * keys, quotas and breakdowns of the upstream are the operator's.
 */
export function answerFault(place: UpstreamPlace, answer: FailedAnswer, now: number): ServiceError {
  const { status } = answer
  const who = `The upstream "${place.name}" (${place.host})`
  const wait = waitSeconds(answer.retryAfter, now)
  const repeat = wait === null ? {} : { retryAfterSeconds: wait }
  if (status >= 300 && status < 400) {
    return protocolFault(place, `a redirect (HTTP ${status}), which is not followed: it would take the key along`)
  }
  if (status === 401 || status === 403 || status === 407) {
    return new ServiceError('model-rejected', `${who} does not accept the key (HTTP ${status}).`, {
      advice: `Check ${settingOf(place, 'api_key')}.`,
    })
  }
  if (status === 429 || status === 529) {
    return new ServiceError(
      'model-overloaded',
      `${who} asks to slow down (HTTP ${status}): ${quoted(place, answer.body, answer.request)}`,
      repeat,
    )
  }
  if (status === 408 || status === 504) {
    return new ServiceError('model-timeout', `${who} timed out (HTTP ${status}).`, repeat)
  }
  const said = callersFault.has(status) ? readRefusal(answer.body) : null
  if (said !== null) {
    const { message, ...answered } = said
    return new ServiceError('model-refused', withoutPlace(place, message), {
      ...(answered.param === null ? {} : { parameter: withoutPlace(place, answered.param) }),
      answered: { status, type: wordOf(place, answered.type), code: wordOf(place, answered.code) },
      advice: '',
    })
  }
  if (status >= 500) {
    return new ServiceError(
      'model-unavailable',
      `${who} failed (HTTP ${status}): ${quoted(place, answer.body, answer.request)}`,
      repeat,
    )
  }
  return protocolFault(place, `HTTP ${status}: ${quoted(place, answer.body, answer.request)}`)
}

interface Refusal {
  readonly message: string
  readonly type: string | null
  readonly code: string | null
  readonly param: string | null
}

/** OpenAI's and Anthropic's error bodies; null for anything else. */
function readRefusal(body: string): Refusal | null {
  const error = member(parse(body), 'error')
  const message = member(error, 'message')
  if (typeof message !== 'string' || message === '') return null
  return {
    message,
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
