import { describe, expect, it } from 'vitest'
import { RunCollector } from '../../../../src/sandbox/session/collector.ts'
import { createLimits } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'

const limits = { ...createLimits(sandboxLimitOptions.parse({})), outputBytes: 10, results: 2, resultBytes: 100 }

function collect() {
  const heard: string[] = []
  const collector = new RunCollector(limits, (stream, text) => heard.push(`${stream}: ${text}`))
  return {
    collector,
    heard,
    say: (stream: 'stdout' | 'stderr', text: string) => collector.output({ type: 'output', id: 1, stream, text }),
    show: (index: number, more: object = { item: { text: `item ${index}` } }) =>
      collector.display({ type: 'display', id: 1, index, main: false, ...more }),
    announce: (index: number, stream: number, bytes: number | null = null) =>
      collector.display({ type: 'display', id: 1, index, main: true, stream, bytes }),
  }
}

const item = Buffer.from('{"text":"large"}')

describe('the output of a run', () => {
  it('is kept by stream, handed on at once, and shown as a terminal shows it', () => {
    const { collector, heard, say } = collect()
    say('stdout', 'ab')
    say('stderr', 'no')
    say('stdout', '\u001b[1mc')
    expect(heard).toEqual(['stdout: ab', 'stderr: no', 'stdout: \u001b[1mc'])
    expect(collector.captured(['stderr'])).toEqual({
      stdout: { text: 'abc', truncated: false },
      stderr: { text: 'no', truncated: true },
    })
  })

  it('may be twice its cap on each stream, and one character more breaks the protocol', () => {
    const { collector, heard, say } = collect()
    say('stdout', 'x'.repeat(20))
    say('stderr', 'x'.repeat(19))
    say('stderr', 'x')
    expect(() => say('stdout', 'y')).toThrow('too much output')
    expect(() => say('stderr', 'y')).toThrow(expect.objectContaining({ code: 'sandbox-lost' }))
    expect(heard).toHaveLength(3)
    expect(collector.captured([]).stdout.text).toBe('x'.repeat(20))
  })
})

describe('the displays of a run', () => {
  it('stand in the order of their indices, however they come, and the last of an index is the one', () => {
    const { collector, show } = collect()
    for (const index of [10, 2]) expect(show(index)).toBeNull()
    show(2, { item: { text: 'again' } })
    show(1)
    expect(collector.results().map(({ text }) => text)).toEqual(['item 1', 'again', 'item 10'])
    expect(collector.malformed).toBe(false)
  })

  it('may be twice as many as are kept, and one more breaks the protocol', () => {
    const { show } = collect()
    for (const index of [1, 2, 3, 4]) show(index)
    expect(() => show(5)).toThrow('too many displays')
  })

  it('may follow in chunks, and are items once they have ended', () => {
    const { collector, announce } = collect()
    expect(announce(3, 2 ** 31, item.length)).toBe(2 ** 31)
    collector.chunk(2 ** 31, item.subarray(0, 5))
    expect(collector.malformed).toBe(true)
    collector.chunk(2 ** 31, item.subarray(5))
    collector.end(2 ** 31)
    expect(collector.results()).toEqual([{ isMain: true, text: 'large' }])
    expect(collector.malformed).toBe(false)
  })

  it('are no longer than was announced', () => {
    const { collector, announce } = collect()
    announce(1, 2 ** 31, 3)
    collector.chunk(2 ** 31, Buffer.from('abc'))
    expect(() => collector.chunk(2 ** 31, Buffer.from('d'))).toThrow('a display longer than announced')
    announce(2, 2 ** 31 + 1)
    expect(() => collector.chunk(2 ** 31 + 1, Buffer.from('d'))).toThrow('a display longer than announced')
  })

  it('announce twice the bytes that are kept at most, all together', () => {
    const { announce } = collect()
    announce(1, 2 ** 31, 150)
    announce(2, 2 ** 31 + 1, 50)
    expect(() => announce(3, 2 ** 31 + 2, 1)).toThrow('too many bytes of displays')
  })

  it('have chunks and an end of their own', () => {
    const { collector, announce } = collect()
    expect(() => collector.chunk(2 ** 31, item)).toThrow('a chunk of no display')
    expect(() => collector.end(2 ** 31)).toThrow('the end of no display')
    announce(1, 2 ** 31, item.length)
    collector.chunk(2 ** 31, item)
    collector.end(2 ** 31)
    expect(() => collector.end(2 ** 31)).toThrow('the end of no display')
  })

  it.each([
    ['an item of nothing known', { item: { video: 'x' } }, 0],
    ['no item', { item: null }, 0],
    ['an item of which a part is not known', { item: { text: 'x', png: '!' } }, 1],
  ])('say so where one is left out: %s', (_what, more, kept) => {
    const { collector, show } = collect()
    show(1, more)
    expect(collector.malformed).toBe(true)
    expect(collector.results()).toHaveLength(kept)
  })

  it('say so where what came in chunks is not JSON', () => {
    const { collector, announce } = collect()
    announce(1, 2 ** 31, 3)
    collector.chunk(2 ** 31, Buffer.from('{{{'))
    collector.end(2 ** 31)
    expect(collector.malformed).toBe(true)
    expect(collector.results()).toEqual([])
  })
})
