import { describe, expect, it } from 'vitest'
import { WindowReader, windowsOf } from '../../../../src/filters/windows/windows.ts'

const sentence = 'Revenue grew by twelve percent in Germany. '
const line = 'Revenue grew by twelve percent\n'

describe('the windows of a text', () => {
  it('are one up to 120 characters', () => {
    for (const text of ['', 'a', 'a'.repeat(120)]) {
      expect([...windowsOf(text)]).toEqual([{ text, from: 0, to: text.length, offset: 0, isLast: true }])
    }
    const text = 'a'.repeat(121)
    expect([...windowsOf(text)]).toEqual([{ text, from: 0, to: 121, offset: 0, isLast: true }])
  })

  it.each([
    ['sentences', sentence.repeat(60)],
    ['lines', line.repeat(80)],
    ['a run without an end', `${sentence.repeat(9)}${'a'.repeat(9_000)}`],
    ['a fenced block', `${sentence.repeat(9)}\n\`\`\`\n${line.repeat(90)}\`\`\`\n${sentence.repeat(9)}`],
  ])('cover it once, each with what stands around it: %s', (_what, text) => {
    const windows = [...windowsOf(text)]
    expect(windows.length).toBeGreaterThan(2)
    expect(windows.map((window) => window.text.slice(window.from, window.to)).join('')).toBe(text)
    let place = 0
    for (const [index, window] of windows.entries()) {
      expect(window.offset + window.from).toBe(place)
      place = window.offset + window.to
      expect(text.startsWith(window.text, window.offset)).toBe(true)
      if (window.isLast) expect(window.offset + window.text.length).toBe(text.length)
      // What follows is the next stretch, whole.
      const next = windows[index + 1]
      expect(window.text.length - window.to).toBe(next === undefined ? 0 : next.to - next.from)
      const reach = window.to - window.from >= 1_024 ? 1_024 : 240
      expect(window.from).toBeLessThanOrEqual(reach)
    }
    expect(windows.at(-1)?.isLast).toBe(true)
    expect(windows.at(-3)?.isLast).toBe(false)
  })

  it('have the 240 characters before, from the beginning of a word or a line on', () => {
    const words = [...windowsOf(sentence.repeat(30))].at(-2)
    expect(words?.text.startsWith('percent in Germany. Revenue')).toBe(true)
    expect(words?.from).toBe(235)
    const lines = [...windowsOf(line.repeat(40))].at(-2)
    expect(lines?.text.startsWith('Revenue grew')).toBe(true)
    expect(lines?.from).toBe(217)
  })

  it('have 1,024 characters before where they are long themselves', () => {
    const text = `${line.repeat(40)}${'a'.repeat(3_000)}`
    expect([...windowsOf(text)].at(-1)?.from).toBe(Math.floor(1_024 / line.length) * line.length)
  })

  it('begin in the middle of a word where nothing else stands before', () => {
    const text = 'a'.repeat(4_096 + 100)
    expect([...windowsOf(text)].map(({ from, to }) => [from, to])).toEqual([
      [0, 4_096],
      [240, 340],
    ])
  })
})

describe('a text that arrives', () => {
  it('is given out a stretch behind: each waits for what follows it', () => {
    const reader = new WindowReader()
    expect([...reader.push(sentence.repeat(4))]).toEqual([])
    const [first, ...more] = reader.push(sentence.repeat(4))
    expect(more).toEqual([])
    expect(first).toEqual({ text: sentence.repeat(8), from: 0, to: 172, offset: 0, isLast: false })
    const rest = [...reader.end()]
    expect(rest.map(({ offset, from, to, isLast }) => [offset + from, offset + to, isLast])).toEqual([[172, 344, true]])
    expect([...reader.end()]).toEqual([])
  })

  it('is read in the windows of the whole', () => {
    const text = `${sentence.repeat(20)}\n${line.repeat(40)}${'a'.repeat(5_000)}`
    const reader = new WindowReader()
    const windows = (text.match(/[^]{1,37}/g) ?? []).flatMap((chunk) => Array.from(reader.push(chunk)))
    expect([...windows, ...reader.end()]).toEqual([...windowsOf(text)])
  })
})
