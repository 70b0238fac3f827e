import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { ServiceError } from '../../../core/errors.ts'
import type { Secret } from '../../../core/secret.ts'
import { waitSeconds } from '../../../core/retry-after.ts'

const longestQuote = 300

/** Control, format and separator characters: what an endpoint says ends up in logs and on terminals. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

export interface Endpoint {
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: Secret | null
}

/** Host of the endpoint for messages: never the user info, the path or the query of the address. */
export function hostOf(endpoint: Endpoint): string {
  return URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : endpoint.baseUrl
}

/** What came back is a web page or no Chat Completions answer at all. */
export function protocolError(endpoint: Endpoint, what: string, cause?: unknown): ServiceError {
  return new ServiceError('model-protocol', `${hostOf(endpoint)} answered ${what}, not an OpenAI-compatible response`, {
    cause,
    advice: `Check model.base_url (${addressOf(endpoint)}): it usually ends in /v1.`,
  })
}

/** Anything the client throws, as a fault with a code. */
export function toModelError(endpoint: Endpoint, thrown: unknown, signal: AbortSignal): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  if (signal.aborted) return new ServiceError('cancelled', 'The model turn was cancelled', { cause: thrown })
  if (thrown instanceof APIConnectionTimeoutError) {
    return new ServiceError('model-timeout', `${hostOf(endpoint)} did not begin to answer in time`, { cause: thrown })
  }
  if (thrown instanceof APIConnectionError) {
    if (thrown.cause instanceof ServiceError) return thrown.cause
    if (causesOf(thrown).some(({ name }) => notHttp.has(name))) {
      return protocolError(endpoint, 'what is not HTTP/1.1', thrown)
    }
    const reason = systemCode(thrown)
    return new ServiceError(
      'model-unavailable',
      `${hostOf(endpoint)} cannot be reached${reason === null ? '' : ` (${reason})`}`,
      { cause: thrown, advice: `Check model.base_url (${addressOf(endpoint)}) and that the endpoint is up.` },
    )
  }
  if (thrown instanceof APIError) return fromStatus(endpoint, thrown)
  if (thrown instanceof SyntaxError) return protocolError(endpoint, 'a stream that is not JSON', thrown)
  return new ServiceError('model-unavailable', `The connection to ${hostOf(endpoint)} broke off`, { cause: thrown })
}

function fromStatus(endpoint: Endpoint, error: APIError): ServiceError {
  const host = hostOf(endpoint)
  const status: number | undefined = error.status
  const page = isPage(error)
  if (page && (status === undefined || [400, 404, 405].includes(status))) {
    return protocolError(endpoint, `a web page (HTTP ${String(status)})`, error)
  }
  const said = page ? '' : `: ${quote(endpoint, error)}`
  // Messages about keys repeat part of the key, so they are not passed on.
  if (status === 401 || status === 403) {
    return new ServiceError('model-rejected', `${host} does not accept the key (HTTP ${status})`, {
      cause: error,
      advice: 'Check model.api_key.',
    })
  }
  if (status === 404) {
    return new ServiceError('model-rejected', `${host} does not know the model "${endpoint.name}" (HTTP 404)${said}`, {
      cause: error,
      advice: `Check model.name; GET ${addressOf(endpoint)}/models lists the names.`,
    })
  }
  if (status !== undefined && status >= 300 && status < 400) {
    return protocolError(
      endpoint,
      `a redirect (HTTP ${status}), which is not followed: it would take the key along`,
      error,
    )
  }
  if (status === 408) return new ServiceError('model-timeout', `${host} timed out (HTTP 408)`, { cause: error })
  if (status === 429 || (status !== undefined && status >= 500)) {
    const what = status === 429 ? 'is asking to slow down, or the quota is used up' : 'failed'
    return new ServiceError('model-unavailable', `${host} ${what} (HTTP ${status})${said}`, {
      cause: error,
      ...retryAfter(error),
    })
  }
  if (status === undefined) {
    return new ServiceError('model-unavailable', `${host} reported an error within its stream${said}`, { cause: error })
  }
  return new ServiceError('model-rejected', `${host} refused the request (HTTP ${status})${said}`, { cause: error })
}

function isPage(error: APIError): boolean {
  const type = error.headers?.get('content-type') ?? ''
  return type.includes('html') || /^\d* ?\s*</.test(error.message)
}

function quote(endpoint: Endpoint, error: APIError): string {
  const key = endpoint.apiKey?.reveal()
  const text = error.message.replace(/^\d+ /, '')
  const plain = text.replaceAll(unprintable, ' ')
  const safe = key === undefined ? plain : plain.replaceAll(key, '[secret]')
  return safe.length > longestQuote ? `${safe.slice(0, longestQuote)}…` : safe
}

function retryAfter(error: APIError): { readonly retryAfterSeconds?: number } {
  const seconds = waitSeconds(error.headers, Date.now())
  return seconds === null ? {} : { retryAfterSeconds: seconds }
}

function addressOf(endpoint: Endpoint): string {
  if (!URL.canParse(endpoint.baseUrl)) return endpoint.baseUrl
  const url = new URL(endpoint.baseUrl)
  return `${url.origin}${url.pathname}`
}

/** Names of the faults of the HTTP client that mean: something answered, and it does not speak HTTP as it should. */
const notHttp: ReadonlySet<string> = new Set([
  'HTTPParserError',
  'HeadersOverflowError',
  'ResponseContentLengthMismatchError',
])

/** The error and what stands behind it, outermost first. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let current = error; causes.length < 5 && current instanceof Error; current = current.cause) causes.push(current)
  return causes
}

function systemCode(error: unknown): string | null {
  for (const cause of causesOf(error)) if ('code' in cause && typeof cause.code === 'string') return cause.code
  return null
}
