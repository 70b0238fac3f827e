import { describe, expect, it } from 'vitest'
import { problemOf, ProblemError, toProblem, unreachable } from '../../../../src/web/api/problem.ts'

describe('what a refused call says', () => {
  it('is the problem document of the service', () => {
    const text = JSON.stringify({
      code: 'quota-exceeded',
      title: 'Quota exceeded',
      detail: 'The budget of the day is used up.',
      advice: 'Ask again tomorrow.',
      request_id: 'req_1',
      resets_at: '2026-12-01T00:00:00Z',
    })
    const problem = problemOf(429, text, 'req_2')
    expect(problem).toMatchObject({
      code: 'quota-exceeded',
      status: 429,
      message: 'The budget of the day is used up.',
      advice: 'Ask again tomorrow.',
      requestId: 'req_1',
      document: { resets_at: '2026-12-01T00:00:00Z' },
    })
  })

  it.each(['<html>Bad gateway</html>', '', 'null', '[]', '"no"', '{"detail":7}', '{"error":"x"}'])(
    'says so where something else answers: %j',
    (text) => {
      expect(problemOf(502, text, null)).toMatchObject({ code: 'unreadable', status: 502, requestId: null })
    },
  )

  it('is told as it is, and everything else as a problem, too', () => {
    const problem = unreachable(new TypeError('fetch failed'))
    expect(toProblem(problem)).toBe(problem)
    expect(problem.cause).toBeInstanceOf(TypeError)
    expect(toProblem(new Error('broken'))).toMatchObject({ code: 'internal', message: 'broken' })
    expect(toProblem('broken')).toBeInstanceOf(ProblemError)
  })
})
