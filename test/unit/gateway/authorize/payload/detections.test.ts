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

  it('is of whom the text is that it stands in as JSON, or the object that it is a number of', () => {
    const seenAt = (path: string) => detectionsOf([seen(path, 'pii/card', 1)], sourceAt)[0]?.source
    expect(seenAt('messages[1].content.rows[3].*')).toBe('tool')
    expect(seenAt('messages[0].content[2]')).toBe('user')
    expect(seenAt('messages[11].content')).toBe('other')
    expect(seenAt('')).toBe('other')
  })

  it('is told of the first five hundred places, and after them once for each kind and source, with the surest', () => {
    const values = Array.from({ length: 502 }, (_, at) => seen(`a[${at}]`, 'pii/email', at === 501 ? 0.99 : 0.9))
    const inTool = [seen('messages[1].content', 'pii/email', 0.5), seen('messages[1].content', 'pii/card', 0.6)]
    const told = detectionsOf([...values, ...inTool, seen('a[0]', 'pii/email', 1)], sourceAt)
    expect(told[0]).toEqual({ category: 'pii/email', source: 'other', place: 'a[0]', count: 2, score: 1 })
    expect(told.slice(499)).toEqual([
      { category: 'pii/email', source: 'other', place: 'a[499]', count: 1, score: 0.9 },
      { category: 'pii/email', source: 'other', place: 'a[500]', count: 2, score: 0.99 },
      { category: 'pii/email', source: 'tool', place: 'messages[1].content', count: 1, score: 0.5 },
      { category: 'pii/card', source: 'tool', place: 'messages[1].content', count: 1, score: 0.6 },
    ])
  })
})
