import { describe, expect, it } from 'vitest'
import { exhausted, failed, outputAllowance } from '../../../src/agent/stop.ts'
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

describe('a run whose tokens are held by direction', () => {
  const budget = { maximumSteps: 9, maximumTokens: 1_000, wallMilliseconds: 1_000, maximumCorrections: 1 }
  const spent = (inputTokens: number, outputTokens: number) => ({
    steps: 1,
    corrections: 0,
    usage: { inputTokens, outputTokens },
  })

  it.each([
    [{ maximumInputTokens: 300 }, 300, 10, 'The limit of 300 input tokens was reached'],
    [{ maximumOutputTokens: 50 }, 100, 50, 'The limit of 50 output tokens was reached'],
    [{}, 900, 100, 'The limit of 1000 tokens was reached'],
  ])('ends when one is used up: %j', (own, input, output, message) => {
    const held = { ...budget, ...own }
    expect(exhausted(spent(input, output), held)?.message).toContain(message)
    expect(exhausted(spent(input - 1, output - 1), held)).toBeNull()
  })

  it('lets no turn write more than is left of what it may write', () => {
    expect(outputAllowance(spent(100, 20), { ...budget, maximumOutputTokens: 50 }, 400)).toBe(30)
    expect(outputAllowance(spent(100, 20), budget, 400)).toBe(400)
    expect(outputAllowance(spent(300, 20), { ...budget, maximumInputTokens: 310 }, 400)).toBe(400)
  })
})
