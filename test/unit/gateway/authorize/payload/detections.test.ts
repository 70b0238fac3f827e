import { describe, expect, it } from 'vitest'
import { detectionsOf } from '../../../../../src/gateway/authorize/payload/detections.ts'

const seen = (path: string, category: string, score: number) => ({ path, category, score })
const sourceAt = new Map([
  ['messages[0].content', 'user'],
  ['messages[1].content', 'tool'],
] as const)

describe('what detectors have seen', () => {
  it('is told by kind and place, counted, with whose place it is and how sure the surest was', () => {
    const values = [
      seen('messages[0].content', 'pii/card', 0.7),
      seen('messages[1].content', 'pii/card', 0.6),
      seen('messages[0].content', 'pii/card', 0.9),
      seen('messages[0].content', 'pii/card', 0.8),
      seen('messages[0].content', 'pii/email', 0.95),
      seen('metadata.note', 'pii/email', 0.75),
    ]
    expect(detectionsOf(values, sourceAt)).toEqual([
      { category: 'pii/card', source: 'user', place: 'messages[0].content', count: 3, score: 0.9 },
      { category: 'pii/card', source: 'tool', place: 'messages[1].content', count: 1, score: 0.6 },
      { category: 'pii/email', source: 'user', place: 'messages[0].content', count: 1, score: 0.95 },
      { category: 'pii/email', source: 'other', place: 'metadata.note', count: 1, score: 0.75 },
    ])
  })

  it('is told of the first five hundred places, and counted there to the end', () => {
    const values = Array.from({ length: 501 }, (_, at) => seen(`a[${at}]`, 'pii/email', 0.9))
    const told = detectionsOf([...values, seen('a[0]', 'pii/email', 1)], new Map())
    expect(told).toHaveLength(500)
    expect(told[0]).toEqual({ category: 'pii/email', source: 'other', place: 'a[0]', count: 2, score: 1 })
    expect(told.at(-1)?.place).toBe('a[499]')
  })
})
