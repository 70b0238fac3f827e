import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { formed } from '../../../../src/filters/remote/answer-faults.ts'
import { RemoteFault } from '../../../../src/filters/remote/remote-fault.ts'

const form = z.object({ results: z.array(z.object({ category_scores: z.record(z.string(), z.number()) })) })

const messageOf = (answer: unknown): string => {
  try {
    formed('It', form, answer)
    return 'none'
  } catch (error) {
    if (!(error instanceof RemoteFault)) throw error
    return `${error.word}: ${error.message}`
  }
}

describe('an answer of another form', () => {
  it('is told with the place where that begins', () => {
    expect(messageOf(null)).toBe('wrong-form: It answered with JSON of another form.')
    expect(messageOf({ results: 1 })).toBe('wrong-form: It answered with JSON of another form at ["results"].')
    const second = { results: [{ category_scores: {} }, {}] }
    expect(messageOf(second)).toContain('form at ["results"][1]["category_scores"].')
    expect(messageOf({ results: [{ category_scores: { hate: 0.1 } }] })).toBe('none')
  })

  it('is told without a name of its own, whatever that looks like', () => {
    for (const name of ['kim@hamlin.example', 'kim_wexler', 'hurt', '__proto__x', '0']) {
      const message = messageOf({ results: [{ category_scores: { [name]: 'high' } }] })
      expect(message).toBe('wrong-form: It answered with JSON of another form at ["results"][0]["category_scores"].')
    }
  })
})
