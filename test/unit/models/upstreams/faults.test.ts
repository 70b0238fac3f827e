import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { answerFault, connectionFault } from '../../../../src/models/upstreams/faults.ts'
import { toProblem } from '../../../../src/http/problem.ts'

const place = { name: 'main', host: 'models.internal:8443', prefix: '/team-7', apiKey: new Secret('sk-live-abcdefgh') }
const openSignal = new AbortController().signal

const failed = (status: number, body = '', headers: Record<string, string> = {}) =>
  answerFault(place, { status, body, contentType: 'application/json', request: null, headers: new Headers(headers) }, 0)

const openaiError = (error: object) => JSON.stringify({ error })

describe('an answer that is no success', () => {
  it.each([
    [301, 'model-protocol'],
    [401, 'model-rejected'],
    [403, 'model-rejected'],
    [402, 'model-protocol'],
    [408, 'model-timeout'],
    [429, 'model-overloaded'],
    [500, 'model-unavailable'],
    [504, 'model-timeout'],
    [529, 'model-overloaded'],
  ] as const)('of HTTP %i is %s', (status, code) => {
    expect(failed(status, openaiError({ message: 'No.' })).code).toBe(code)
  })

  it.each([400, 404, 409, 413, 415, 422])("of HTTP %i is said to the caller in the provider's own words", (status) => {
    const error = { message: 'Invalid value.', type: 'invalid_request_error', param: 'temperature', code: 'bad_value' }
    const fault = failed(status, openaiError(error))
    expect(fault).toMatchObject({ code: 'model-refused', message: 'Invalid value.', parameter: 'temperature' })
    expect(toProblem(fault, 'r1')).toMatchObject({ status, message: 'Invalid value.', error })
  })

  it('reads what Anthropic says of a request, too', () => {
    const body = JSON.stringify({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'max_tokens: missing' },
    })
    expect(toProblem(failed(400, body), 'r1')).toMatchObject({
      status: 400,
      error: { message: 'max_tokens: missing', type: 'invalid_request_error', code: null },
    })
  })

  it.each([
    ['a page', '<html>nginx at models.internal</html>'],
    ['nothing', ''],
    ['another shape', '{"detail":"models.internal failed"}'],
    ['no text', '{"error":{"message":{"a":1}}}'],
  ])("of HTTP 400 with %s is the operator's", (_, body) => {
    const fault = failed(400, body)
    expect(fault.code).toBe('model-protocol')
    expect(JSON.stringify(toProblem(fault, 'r1'))).not.toContain('models.internal')
  })

  it.each([
    'sk-live-abcdefgh',
    'models.internal:8443',
    'models.internal',
    'sk-proj-****wxyz',
    '/team-7',
    '10.20.30.40:8000',
    'worker-3.pool.svc.cluster.local',
  ])('says nothing of %s, whoever reads it', (canary) => {
    const statuses = [400, 401, 404, 422, 429, 500, 503]
    for (const status of statuses) {
      const fault = failed(
        status,
        openaiError({ message: `Failed at ${canary}!`, param: canary, type: canary, code: canary }),
      )
      expect(JSON.stringify(toProblem(fault, 'r1'))).not.toContain(canary)
      if (canary.startsWith('sk-')) expect(fault.message).not.toContain(canary)
    }
  })

  it('keeps terminals and logs from what they would act on', () => {
    const fault = failed(400, openaiError({ message: 'a\u001b[31m\u202eb\nc' }))
    expect(fault.message).toBe('a [31m b c')
  })

  it('says how long to wait as the provider does', () => {
    expect(failed(429, '', { 'retry-after': '7' }).retryAfterSeconds).toBe(7)
    expect(failed(503, '', { 'retry-after-ms': '1500' }).retryAfterSeconds).toBe(1.5)
    expect(failed(429).retryAfterSeconds).toBeUndefined()
    const used = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m2s' }
    expect(failed(429, '', used).retryAfterSeconds).toBe(62)
    expect(failed(429, '', { ...used, 'retry-after': '7' }).retryAfterSeconds).toBe(7)
    expect(failed(503, '', used).retryAfterSeconds).toBeUndefined()
  })
})

describe('a connection that fails', () => {
  const thrown = (code: string) => Object.assign(new Error('Went wrong at models.internal.'), { code })

  it.each([
    ['UND_ERR_HEADERS_TIMEOUT', 'model-timeout', 'upstreams.main.timeout_ms'],
    ['UND_ERR_BODY_TIMEOUT', 'model-timeout', 'upstreams.main.idle_timeout_ms'],
    ['UND_ERR_CONNECT_TIMEOUT', 'model-timeout', 'upstreams.main.timeout_ms'],
    ['ECONNREFUSED', 'model-unavailable', 'upstreams.main.base_url'],
    ['UND_ERR_SOCKET', 'model-unavailable', 'upstreams.main.base_url'],
    ['HPE_INVALID_CONSTANT', 'model-protocol', 'upstreams.main.base_url'],
  ] as const)('with %s is %s, and the operator reads about %s', (code, expected, setting) => {
    const fault = connectionFault(place, thrown(code), openSignal)
    expect(fault).toMatchObject({ code: expected, advice: expect.stringContaining(setting) })
    expect(JSON.stringify(toProblem(fault, 'r1'))).not.toMatch(/models\.internal|upstreams\./)
  })

  it('because its caller went away is the reason of that', () => {
    const gone = AbortSignal.abort(connectionFault(place, thrown('ECONNREFUSED'), openSignal))
    expect(connectionFault(place, thrown('UND_ERR_ABORTED'), gone)).toBe(gone.reason)
    expect(connectionFault(place, thrown('UND_ERR_ABORTED'), AbortSignal.abort()).code).toBe('cancelled')
  })
})
