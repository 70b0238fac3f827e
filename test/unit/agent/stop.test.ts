import { describe, expect, it } from 'vitest'
import { failed } from '../../../src/agent/stop.ts'
import { ServiceError } from '../../../src/core/errors.ts'

describe('the end of a run that failed', () => {
  it('C4: keeps when it makes sense to ask again', () => {
    const fault = new ServiceError('model-unavailable', 'It is busy', { retryAfterSeconds: 42 })
    expect(failed(fault)).toMatchObject({ ending: 'failed', code: 'model-unavailable', retryAfterSeconds: 42 })
    expect(failed(new ServiceError('model-unavailable', 'It is busy'))).not.toHaveProperty('retryAfterSeconds')
  })

  it('tells the operator what only callers may not know, and nobody what is for the log', () => {
    expect(failed(new ServiceError('model-unavailable', '10.0.0.7 is down')).message).toContain('10.0.0.7 is down.')
    expect(failed(new ServiceError('internal', 'a secret')).message).not.toContain('secret')
  })
})
