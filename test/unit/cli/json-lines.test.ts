import { PassThrough, Readable } from 'node:stream'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { forEachConcurrently, readJsonLines } from '../../../src/cli/json-lines.ts'

const never = new AbortController().signal

describe('lines of JSON', () => {
  const read = async (text: string) => {
    const stream = new PassThrough()
    stream.end(text)
    const lines = []
    for await (const line of readJsonLines(stream, z.object({ id: z.number() }))) lines.push(line)
    return lines
  }

  it('are read one by one, bad ones reported with their number', async () => {
    const lines = await read('{"id":1}\n\n{"id":"x"}\n{\n{"id":2}')
    expect(lines.map((line) => [line.number, line.kind])).toEqual([
      [1, 'value'],
      [3, 'malformed'],
      [4, 'malformed'],
      [5, 'value'],
    ])
  })

  it('may begin with a byte order mark, and are never read with other characters than were sent', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\uFEFF{"id":1}\n{"id":2,"text":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n'),
    ])
    const lines = []
    for await (const line of readJsonLines(Readable.from([bytes]), z.object({ id: z.number() }))) lines.push(line)
    expect(lines).toMatchObject([
      { kind: 'value', value: { id: 1 } },
      { kind: 'malformed', number: 2, reason: 'line 2 is not UTF-8' },
    ])
  })

  it('are refused one by one above the most that is read of one, wherever the pieces are cut', async () => {
    const long = `{"id":2,"text":"${'x'.repeat(100)}"}`
    for (const size of [1, 7, 1000]) {
      const text = Buffer.from(`{"id":1}\r\n${long}\n{"id":3,"text":"ü\u2028"}`)
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.subarray(index * size, (index + 1) * size),
      )
      const lines = []
      for await (const line of readJsonLines(Readable.from(pieces), z.object({ id: z.number() }), 60)) lines.push(line)
      expect(lines).toMatchObject([
        { kind: 'value', number: 1, value: { id: 1 } },
        { kind: 'malformed', number: 2, reason: expect.stringContaining('line 2 is longer than 60 bytes'), id: null },
        { kind: 'value', number: 3, value: { id: 3 } },
      ])
    }
  })

  it('are worked on at the given concurrency and no more', async () => {
    let [running, most] = [0, 0]
    const items = (async function* () {
      for (let item = 0; item < 20; item += 1) yield item
    })()
    await forEachConcurrently(items, { concurrency: 3, signal: never }, async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    })
    expect({ running, most }).toEqual({ running: 0, most: 3 })
  })

  it('stop at the first task that throws, after those under way ended', async () => {
    const done: number[] = []
    const items = (async function* () {
      for (let item = 0; item < 10; item += 1) yield item
    })()
    const work = forEachConcurrently(items, { concurrency: 2, signal: never }, async (item) => {
      if (item === 1) throw new Error('broken')
      await new Promise((resolve) => setImmediate(resolve))
      done.push(item)
    })
    await expect(work).rejects.toThrow('broken')
    expect(done.length).toBeLessThan(5)
  })

  it('end at an abort also where nobody closes the pipe', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const items = (async function* () {
      yield 1
      await new Promise(() => {})
    })()
    await forEachConcurrently(items, { concurrency: 2, signal: stop.signal }, async (item) => {
      seen.push(item)
      setImmediate(() => stop.abort())
    })
    expect(seen).toEqual([1])
  })
})
