import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { toProblem } from '../../../src/http/problem.ts'

describe('a problem', () => {
  it('names the fault and what to do about it', () => {
    const fault = new ServiceError('invalid-request', 'messages is missing', { parameter: 'messages' })
    expect(toProblem(fault, 'r1')).toMatchObject({
      type: 'urn:sallyport:error:invalid-request',
      status: 400,
      detail: 'messages is missing',
      error: { code: 'invalid-request', param: 'messages' },
    })
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
})
