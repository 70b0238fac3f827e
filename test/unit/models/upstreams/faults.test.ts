import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { answerFault, connectionFault } from '../../../../src/models/upstreams/faults.ts'
import { toProblem } from '../../../../src/http/problem.ts'
import { verifies } from '../../../support/verifies.ts'

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

  it.each<[string, number, object]>([
    ["OpenAI's of a prompt", 400, { error: { message: 'm', code: 'invalid_prompt' } }],
    ["Azure's", 400, { error: { message: 'm', code: 'content_filter' } }],
    ["Azure's inside", 400, { error: { message: 'm', innererror: { code: 'ResponsibleAIPolicyViolation' } } }],
    [
      "Anthropic's of an output",
      400,
      { error: { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' } },
    ],
    [
      "OpenRouter's",
      403,
      { error: { code: 403, message: 'm', metadata: { reasons: ['violence'], flagged_input: 'x' } } },
    ],
    ["xAI's", 403, { code: 'denied', error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_X' }],
    ["DashScope's", 400, { error: { message: 'm', code: 'data_inspection_failed' } }],
    ["DeepSeek's", 400, { error: { message: 'Content Exists Risk', type: 'invalid_request_error' } }],
  ])('is a refusal by policy in whatever form, which is asked of nobody else: %s', (_by, status, body) => {
    verifies('faults.never-again')
    const expected = { code: 'model-refused', repeat: 'never', isPolicy: true, answered: { status } }
    expect(failed(status, JSON.stringify(body))).toMatchObject(expected)
  })

  it('is no refusal by policy where a breakdown says back what a caller wrote', () => {
    const echo = openaiError({ message: 'Failed at "our usage policy".', type: 'server_error' })
    expect(failed(500, echo)).toMatchObject({ code: 'model-unavailable', repeat: 'again', isPolicy: false })
  })

  it.each<[number, string, object]>([
    // What a caller sends may bring these about: they say nothing of the target to others.
    [403, openaiError({ message: 'No.' }), { repeat: 'elsewhere', mayBeCallers: true }],
    [413, '<html>nginx</html>', { repeat: 'elsewhere', mayBeCallers: true }],
    [404, '', { repeat: 'elsewhere', mayBeCallers: true }],
    [
      429,
      openaiError({ message: 'Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 20000.' }),
      { repeat: 'elsewhere', mayBeCallers: true },
    ],
    [422, '{"detail":[{"msg":"field required"}]}', { repeat: 'never' }],
    [400, '<html>nginx</html>', { repeat: 'never' }],
    // These are the operator's.
    [401, '', { repeat: 'elsewhere', mayBeCallers: false }],
    [402, '', { repeat: 'elsewhere', mayBeCallers: false }],
    [429, openaiError({ message: 'Slow down.' }), { repeat: 'again', mayBeCallers: false }],
  ])('of HTTP %i says whether it may be its caller that brought it about: %s', (status, body, expected) => {
    expect(failed(status, body)).toMatchObject(expected)
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
    for (const none of ['-5', 'NaN', '1e3', 'Infinity', 'soon', '5, 10', '0x10']) {
      expect([none, failed(429, '', { 'retry-after': none }).retryAfterSeconds]).toEqual([none, undefined])
    }
    expect(failed(429, '', { 'retry-after': '9'.repeat(400) }).retryAfterSeconds).toBe(365 * 86_400)
    expect(failed(429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }).retryAfterSeconds).toBe(0)
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
