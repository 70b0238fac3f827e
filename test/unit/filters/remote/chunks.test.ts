import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf } from '../../../../src/filters/remote/chunks.ts'

const words = fc
  .array(
    fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom('😀', ' ', '\n', 'x'.repeat(900), '😀'.repeat(700))),
    { minLength: 0, maxLength: 40, size: 'max' },
  )
  .map((pieces) => pieces.join(' ').repeat(12))

const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

describe('chunks', () => {
  it('decide on each place of a text once, with what stands around it, and cut no surrogate pair', () => {
    fc.assert(
      fc.property(words, (text) => {
        let at = 0
        for (const chunk of chunksOf(text)) {
          expect(chunk.offset + chunk.from).toBe(at)
          expect(chunk.text).toBe(text.slice(chunk.offset, chunk.offset + chunk.text.length))
          expect(chunk.text).not.toMatch(halves)
          expect(chunk.text.length).toBeLessThan(5_000)
          at = chunk.offset + chunk.to
        }
        expect(at).toBe(text.length)
      }),
    )
  })

  it('have four hundred characters of what stands before and behind, or all of it', () => {
    const text = 'word '.repeat(4_000)
    for (const { text: chunk, offset, from, to } of chunksOf(text)) {
      expect(from).toBeGreaterThanOrEqual(Math.min(offset + from, 400))
      const rest = text.length - offset - to
      expect(chunk.length - to).toBeGreaterThanOrEqual(Math.min(rest, 200))
    }
  })

  it.each(['\u{1f3ff}', '\u{1f400}', '\u{1f600}', '\u{10ffff}'])(
    'cut no pair in two where there is no blank: %s',
    (pair) => {
      for (const before of ['', 'x']) {
        const chunks = [...chunksOf(before + pair.repeat(9_000))]
        expect(chunks.length).toBeGreaterThan(4)
        for (const { text, from, to } of chunks) {
          expect(text.isWellFormed()).toBe(true)
          expect(text.slice(from, to).isWellFormed()).toBe(true)
        }
      }
    },
  )

  it('are one up to 4,400 characters, and two from there on', () => {
    expect([...chunksOf('x'.repeat(4_400))]).toHaveLength(1)
    expect([...chunksOf('x'.repeat(4_401))].map(({ from, to, text }) => [from, to, text.length])).toEqual([
      [0, 4_000, 4_400],
      [400, 801, 801],
    ])
  })

  it('cut between words', () => {
    const text = 'Kim Wexler lives in Albuquerque. '.repeat(600)
    for (const { text: chunk, from, to } of chunksOf(text)) {
      expect(chunk.slice(from, to)).toMatch(/^\S/)
      expect(chunk.slice(from, to)).toMatch(/\s$/)
    }
  })
})
