import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../../../src/telemetry/log.ts'
import { createBoundedQueue } from '../../../../src/telemetry/spans/bounded-queue.ts'
import { SpanWatch } from '../../../../src/telemetry/spans/span-watch.ts'
import { verifies } from '../../../support/verifies.ts'

/** A receiver that answers each batch when it is told to. */
function slowReceiver() {
  const given: { readonly spans: readonly ReadableSpan[]; readonly done: (result: ExportResult) => void }[] = []
  const exporter = {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => void given.push({ spans, done }),
    shutdown: async () => undefined,
  }
  return { given, exporter }
}

function watched(most: number) {
  const counted: [string, string, number][] = []
  const lines: string[] = []
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } })
  const metrics = { count: (part: string, event: string, times = 1) => void counted.push([part, event, times]) }
  const watch = new SpanWatch({ log, metrics })
  const { given, exporter } = slowReceiver()
  const queue = createBoundedQueue(exporter, watch, most)
  const tracer = new TracerProvider({ spanProcessors: [queue] }).getTracer('test')
  const spans = (count: number) => {
    for (let index = 0; index < count; index += 1) tracer.startSpan('span').end()
  }
  return { counted, lines, watch, given, queue, spans }
}

describe('the queue of spans', () => {
  it('keeps no more than its bound while the receiver is slow, and counts each span beyond', async () => {
    verifies('spans.receiver-down')
    const { counted, given, queue, spans } = watched(4)
    spans(4)
    const flushed = queue.forceFlush()
    await expect.poll(() => given.length).toBe(1)
    // On their way they count as waiting, too.
    spans(3)
    expect(counted).toEqual(Array.from({ length: 3 }, () => ['spans', 'lost', 1]))
    given[0]?.done({ code: ExportResultCode.SUCCESS })
    await flushed
    spans(1)
    expect(counted).toHaveLength(3)
  })

  it('counts a batch that is not taken, says so once, and that it is over', async () => {
    verifies('spans.receiver-down')
    const { counted, given, queue, spans, lines, watch } = watched(8)
    const batch = async (code: ExportResultCode, count: number) => {
      spans(2)
      const flushed = queue.forceFlush().catch(() => undefined)
      await expect.poll(() => given.length).toBe(count)
      const error = Object.assign(new Error('the words of a receiver'), { code: 503 })
      given.at(-1)?.done(code === ExportResultCode.SUCCESS ? { code } : { code, error })
      await flushed
    }
    await batch(ExportResultCode.FAILED, 1)
    await batch(ExportResultCode.FAILED, 2)
    expect(counted).toEqual([
      ['spans', 'lost', 2],
      ['spans', 'lost', 2],
    ])
    expect(watch.faults).toEqual(['spans do not arrive at telemetry.traces.endpoint'])
    expect(lines.filter((line) => line.includes('spans do not arrive'))).toHaveLength(1)
    expect(lines.join('')).not.toContain('the words of a receiver')
    await batch(ExportResultCode.SUCCESS, 3)
    expect(watch.faults).toEqual([])
    expect(lines.at(-1)).toContain('spans arrive again')
  })
})
