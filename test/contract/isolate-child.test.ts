import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { encodeFrame, FrameReader, type FromIsolate, type ToIsolate } from '../../src/sandbox/isolates/frames.ts'
import { startIsolateChild } from '../../src/sandbox/isolates/isolate-child.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'

/** One process, spoken to frame by frame. */
function start(options: object) {
  const child = startIsolateChild(isolateOptions.parse(options))
  const reader = new FrameReader(1 << 20)
  const frames: FromIsolate[] = []
  child.stdout.on('data', (chunk: Buffer) => frames.push(...(reader.push(chunk) as FromIsolate[])))
  const next = async (type: FromIsolate['type']) => {
    for (;;) {
      const index = frames.findIndex((frame) => frame.type === type)
      if (index >= 0) return frames.splice(0, index + 1).at(-1)
      await once(child.stdout, 'data')
    }
  }
  const say = (frame: ToIsolate) => child.stdin.write(encodeFrame(frame))
  const run = async (id: number, code: string) => {
    say({ type: 'run', id, code, timeoutMilliseconds: 5_000 })
    return next('done')
  }
  return { child, next, say, run }
}

it('the process of an isolate has its limits, no environment, and ends with its input', async () => {
  const { child, next, say, run } = start({ output_kb: 1, result_kb: 1, sessions_per_isolate: 2 })
  const ended = new Promise<Error>((resolve) => child.onEnd(resolve))
  await next('ready')
  expect(readFileSync(`/proc/${child.pid}/environ`, 'utf8')).toBe('')
  expect(child.residentBytes()).toBeGreaterThan(1_000_000)
  expect(await run(1, "console.log('x'.repeat(2000)); 'y'.repeat(1100)")).toMatchObject({
    id: 1,
    end: 'completed',
    text: 'y'.repeat(1_024),
    json: null,
    truncated: ['stdout', 'results'],
  })
  say({ type: 'reset', id: 2 })
  expect(await next('reset-done')).toEqual({ type: 'reset-done', id: 2 })
  expect(await run(3, '[1, 2]')).toMatchObject({ id: 3, json: '[1,2]', truncated: [] })
  child.stdin.end()
  expect((await ended).message).toBe('the isolate process ended')
  expect(child.residentBytes()).toBeNull()
})

it('is ended at once when it is told so', async () => {
  const { child, next } = start({})
  const ended = new Promise<Error>((resolve) => child.onEnd(resolve))
  await next('ready')
  child.kill()
  expect((await ended).message).toBe('the isolate process ended')
})
