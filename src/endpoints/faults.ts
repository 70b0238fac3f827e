import { ServiceError } from '../core/errors.ts'

/** Of an endpoint, for messages to operators: callers are told that it does not answer, and no more. */
export interface EndpointPlace {
  readonly name: string
  readonly host: string
}

const whoOf = ({ name, host }: EndpointPlace): string => `The endpoint "${name}" (${host})`
const settingOf = ({ name }: EndpointPlace, member: string): string => `endpoints.${name}.${member}`

/** An answer that is not as the document says; nothing of it goes to the caller. */
export function protocolFault(place: EndpointPlace, what: string, cause?: unknown): ServiceError {
  return new ServiceError('endpoint-protocol', `${whoOf(place)} answered ${what}.`, {
    cause,
    advice: `Correct the service, or ${settingOf(place, 'document')}.`,
  })
}

export function unavailableFault(place: EndpointPlace, what: string, cause?: unknown): ServiceError {
  return new ServiceError('endpoint-unavailable', `${whoOf(place)} ${what}.`, {
    cause,
    advice: `Check ${settingOf(place, 'base_url')} and that the service is up.`,
  })
}

/** No call is sent for so many milliseconds, since too many in a row have failed. */
export function openFault(place: EndpointPlace, milliseconds: number): ServiceError {
  return new ServiceError('endpoint-unavailable', `${whoOf(place)} has failed too often; no call is sent to it now.`, {
    retryAfterSeconds: Math.ceil(milliseconds / 1_000),
    advice: `Check that the service is up; ${settingOf(place, 'breaker')} says when calls are sent again.`,
  })
}

export function busyFault(place: EndpointPlace): ServiceError {
  return new ServiceError('endpoint-busy', `${whoOf(place)} has as many calls as it may, and as many wait.`, {
    advice: `Raise ${settingOf(place, 'concurrency')} or ${settingOf(place, 'waiting')}, or let groups ask less at a time.`,
  })
}

export function lateFault(place: EndpointPlace, cause?: unknown): ServiceError {
  return new ServiceError('endpoint-timeout', `${whoOf(place)} did not answer in time.`, {
    cause,
    advice: `Check the service, or raise ${settingOf(place, 'timeout_ms')}.`,
  })
}

/** Was there no connection, so that nothing of the call has come to the service? */
export function isUnreached(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const { code, syscall } = thrown as { readonly code?: unknown; readonly syscall?: unknown }
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  return typeof code === 'string' && /^UND_ERR_CONNECT_TIMEOUT$|^ERR_(?:TLS|SSL)_|CERT|^DEPTH_ZERO/.test(code)
}

/** What the connection throws. */
export function connectionFault(place: EndpointPlace, thrown: unknown, signal: AbortSignal): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  if (signal.aborted) {
    const { reason } = signal as { readonly reason: unknown }
    if (reason instanceof ServiceError) return reason
    return new ServiceError('cancelled', 'The call was cancelled.', { cause: reason })
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (/TIMEOUT/.test(code) || (thrown instanceof Error && thrown.name === 'TimeoutError'))
    return lateFault(place, thrown)
  const isNoHttp = code.startsWith('HPE_') || (thrown instanceof Error && thrown.name === 'HTTPParserError')
  if (isNoHttp || /^UND_ERR_(?:HEADERS_OVERFLOW|RES_CONTENT_LENGTH_MISMATCH)$/.test(code)) {
    return protocolFault(place, 'what is not HTTP', thrown)
  }
  return unavailableFault(place, `broke off or cannot be reached${code && ` (${code})`}`, thrown)
}
