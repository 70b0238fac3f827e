import { describe, expect, it } from 'vitest'
import { errorCodes, errorTable } from '../../../src/core/error-table.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { problemHeaders, toProblem } from '../../../src/http/problem.ts'
import { verifies } from '../../support/verifies.ts'

describe('a problem', () => {
  it('names the fault and what to do about it, where each client looks for it', () => {
    verifies('errors.problem')
    const fault = new ServiceError('invalid-request', 'messages is missing.', {
      parameter: 'messages',
      advice: 'Send it.',
    })
    expect(toProblem(fault, 'r1')).toEqual({
      type: 'urn:sallyport:error:invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'messages is missing.',
      advice: 'Send it.',
      code: 'invalid-request',
      request_id: 'r1',
      message: 'messages is missing. Send it.',
      error: {
        message: 'messages is missing. Send it.',
        type: 'invalid_request_error',
        code: 'invalid-request',
        param: 'messages',
      },
    })
  })

  it.each([
    ['model-not-found', 404, 'invalid_request_error', 'model_not_found'],
    ['unauthenticated', 401, 'authentication_error', 'invalid_api_key'],
    ['rate-limited', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['quota-exceeded', 403, 'permission_error', 'insufficient_quota'],
  ] as const)("has OpenAI's code for %s", (code, status, type, openaiCode) => {
    verifies('errors.openai-codes')
    const problem = toProblem(new ServiceError(code, 'No.'), 'r1')
    expect(problem).toMatchObject({ status, code, error: { type, code: openaiCode } })
  })

  it.each(['invalid-config', 'internal'] as const)('keeps what %s says for the log', (code) => {
    const secret = 'sources.shop.policies: relation "salaries" in /etc/sallyport.yaml'
    const problem = toProblem(new ServiceError(code, secret, { advice: secret, parameter: secret }), 'r1')
    expect(problem).toMatchObject({
      type: 'urn:sallyport:error:internal',
      status: 500,
      detail: 'Something went wrong inside.',
      code: 'internal',
      error: { code: 'internal', param: null },
    })
    expect(JSON.stringify(problem)).not.toMatch(/salaries|sallyport\.yaml|config/)
  })

  const operators = errorCodes.filter((code) => errorTable[code].audience === 'operator')

  it("S6: is the operator's where it says what stands behind the service", () => {
    expect(operators).toEqual([
      'identity-unavailable',
      'invalid-config',
      'sandbox-unavailable',
      'sandbox-busy',
      'database-unavailable',
      'model-unavailable',
      'model-timeout',
      'model-rejected',
      'model-protocol',
      'model-overloaded',
      'model-busy',
      'endpoint-unavailable',
      'endpoint-timeout',
      'endpoint-protocol',
      'endpoint-busy',
      'service-unavailable',
      'storage-unavailable',
    ])
  })

  it.each(operators)("S6: keeps what %s says, and the operator's advice, from callers", (code) => {
    const secret = '10.0.0.7:11434 answered <html> with a body'
    const fault = new ServiceError(code, secret, { parameter: secret })
    const text = JSON.stringify(toProblem(fault, 'r1')) + JSON.stringify(problemHeaders(fault))
    expect(text).not.toMatch(/10\.0\.0\.7|html|model\.|base_url|doctor|configuration/)
    expect(toProblem(fault, 'r1').message).toContain('the request id')
  })
})

describe('C1: what a client must not repeat', () => {
  it.each(errorCodes)('%s says so, or says when to repeat', (code) => {
    verifies('errors.told-when')
    const headers = problemHeaders(new ServiceError(code, 'No.'))
    if (errorTable[code].retryAfterSeconds === null) {
      expect(headers).toMatchObject({ 'x-should-retry': 'false' })
      expect(headers).not.toHaveProperty('retry-after')
    } else {
      expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(headers).not.toHaveProperty('x-should-retry')
    }
  })

  it('no refusal has a status that clients repeat', () => {
    verifies('errors.refusals-not-repeated')
    const refusals = errorCodes.filter((code) => errorTable[code].status < 500 && code !== 'cancelled')
    const repeated = refusals.filter((code) => ![400, 401, 403, 404, 405, 413, 415].includes(errorTable[code].status))
    // What an Idempotency-Key says is for those who send one: a 409 is to be repeated, and is given the first answer.
    const ofKeys = ['request-in-flight', 'idempotency-mismatch']
    // A 421 tells a balancer to ask another replica, and a client that repeats it may come to that one.
    expect(repeated).toEqual(['wrong-replica', ...ofKeys, 'rate-limited', 'model-overloaded'])
  })

  it('C2: a wait longer than a client keeps to comes with the header not to repeat', () => {
    const headers = (retryAfterSeconds: number) =>
      problemHeaders(new ServiceError('model-unavailable', 'down', { retryAfterSeconds }))
    expect(headers(60)).toMatchObject({ 'retry-after': '60' })
    expect(headers(60)).not.toHaveProperty('x-should-retry')
    expect(headers(61)).toMatchObject({ 'retry-after': '61', 'x-should-retry': 'false' })
    expect(headers(0.4)).toMatchObject({ 'retry-after': '1' })
  })

  it('C2: a quota says when it is renewed', () => {
    verifies('errors.quota-resets')
    const fault = new ServiceError('quota-exceeded', 'Used up.', { resetsAt: new Date('2026-11-28T00:00:00Z') })
    expect(toProblem(fault, 'r1').resets_at).toBe('2026-11-28T00:00:00.000Z')
  })
})

describe('the headers of a fault', () => {
  it('are among those of its answer', () => {
    const fault = new ServiceError('rate-limited', 'Later.', { headers: ['ratelimit', '"a";r=0'] })
    expect(problemHeaders(fault)).toMatchObject({ ratelimit: '"a";r=0', 'retry-after': '1' })
  })
})
