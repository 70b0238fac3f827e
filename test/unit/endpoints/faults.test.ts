import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import {
  busyFault,
  connectionFault,
  isUnreached,
  lateFault,
  openFault,
  protocolFault,
  unavailableFault,
} from '../../../src/endpoints/faults.ts'

const place = { name: 'classifier', host: 'inside.example:8000' }
const who = 'The endpoint "classifier" (inside.example:8000)'
const coded = (code: string, more: object = {}) => Object.assign(new Error('secret'), { code, ...more })
const signal = new AbortController().signal

describe('what a fault of an endpoint says to its operator', () => {
  it.each([
    [protocolFault(place, 'nothing'), 'endpoint-protocol', `${who} answered nothing.`, 'endpoints.classifier.document'],
    [unavailableFault(place, 'is gone'), 'endpoint-unavailable', `${who} is gone.`, 'endpoints.classifier.base_url'],
    [
      openFault(place, 1_001),
      'endpoint-unavailable',
      `${who} has failed too often; no call is sent to it now.`,
      'endpoints.classifier.breaker',
    ],
    [
      busyFault(place),
      'endpoint-busy',
      `${who} has as many calls as it may, and as many wait.`,
      'endpoints.classifier.concurrency',
    ],
    [busyFault(place), 'endpoint-busy', `${who} has`, 'endpoints.classifier.waiting'],
    [lateFault(place), 'endpoint-timeout', `${who} did not answer in time.`, 'endpoints.classifier.timeout_ms'],
  ])('%s', (fault, code, message, advice) => {
    expect([fault.code, fault.message, fault.advice]).toEqual([
      code,
      expect.stringContaining(message),
      expect.stringContaining(advice),
    ])
  })

  it.each([
    [1, 1],
    [1_000, 1],
    [1_001, 2],
  ])('and when to ask again: %i ms are %i s', (milliseconds, seconds) => {
    expect(openFault(place, milliseconds).retryAfterSeconds).toBe(seconds)
  })
})

describe('a connection that fails', () => {
  it.each([
    [coded('ECONNREFUSED', { syscall: 'connect' }), true],
    [coded('ENOTFOUND', { syscall: 'getaddrinfo' }), true],
    [coded('ECONNRESET', { syscall: 'read' }), false],
    [coded('UND_ERR_CONNECT_TIMEOUT'), true],
    [coded('X_UND_ERR_CONNECT_TIMEOUT'), false],
    [coded('UND_ERR_CONNECT_TIMEOUT_2'), false],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), true],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), true],
    [coded('CERT_HAS_EXPIRED'), true],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), true],
    [coded('DEPTH_ZERO_SELF_SIGNED'), true],
    [coded('UND_ERR_SOCKET'), false],
    [new Error('secret'), false],
    [{ code: 'CERT', syscall: 'connect' }, false],
    [null, false],
    [Object.assign(new Error('secret'), { code: 7 }), false],
  ])('has not reached the service: %s', (thrown, is) => {
    expect(isUnreached(thrown)).toBe(is)
  })

  it.each([
    [coded('UND_ERR_HEADERS_TIMEOUT'), 'endpoint-timeout', 'did not answer in time'],
    [coded('UND_ERR_BODY_TIMEOUT'), 'endpoint-timeout', 'did not answer in time'],
    [Object.assign(new Error('secret'), { name: 'TimeoutError' }), 'endpoint-timeout', 'did not answer in time'],
    [coded('HPE_INVALID_CONSTANT'), 'endpoint-protocol', 'answered what is not HTTP.'],
    [
      Object.assign(new Error('secret'), { name: 'HTTPParserError' }),
      'endpoint-protocol',
      'answered what is not HTTP.',
    ],
    [coded('UND_ERR_HEADERS_OVERFLOW'), 'endpoint-protocol', 'answered what is not HTTP.'],
    [coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), 'endpoint-protocol', 'answered what is not HTTP.'],
    [coded('X_HPE_'), 'endpoint-unavailable', 'broke off or cannot be reached (X_HPE_).'],
    [coded('ECONNRESET'), 'endpoint-unavailable', 'broke off or cannot be reached (ECONNRESET).'],
    [new Error('secret'), 'endpoint-unavailable', 'broke off or cannot be reached.'],
    ['secret', 'endpoint-unavailable', 'broke off or cannot be reached.'],
  ])('is told without what it says: %s', (thrown, code, message) => {
    const fault = connectionFault(place, thrown, signal)
    expect([fault.code, fault.cause]).toEqual([code, thrown])
    expect(fault.message).toContain(message)
    expect(fault.message).not.toContain('secret')
  })

  it('is told as it is where it is known, and as the reason of whoever broke it off', () => {
    const known = new ServiceError('endpoint-busy', 'Busy.')
    const reason = new ServiceError('shutting-down', 'Stopping.')
    expect(connectionFault(place, known, AbortSignal.abort())).toBe(known)
    expect(connectionFault(place, coded('ECONNRESET'), AbortSignal.abort(reason))).toBe(reason)
    expect(connectionFault(place, coded('ECONNRESET'), AbortSignal.abort('gone'))).toMatchObject({
      code: 'cancelled',
      message: 'The call was cancelled.',
      cause: 'gone',
    })
  })
})
