import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { Received } from '../../../src/core/request.ts'
import { ServiceTrail } from '../../../src/telemetry/audit/service-trail.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../../src/telemetry/audit/verify.ts'
import { createDigests } from '../../../src/telemetry/digests.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { createObserver } from '../../../src/telemetry/observer.ts'
import { verifies } from '../../support/verifies.ts'

const received: Received = {
  requestId: 'r1',
  channel: 'http',
  credential: null,
  model: 'analyst',
  messages: [{ role: 'user', content: 'How much did Ada Lovelace buy?' }],
  dataSource: null,
  sessionId: null,
}

const end: AgentEvent = {
  type: 'end',
  ending: 'answer',
  message: null,
  usage: { inputTokens: 10, outputTokens: 5 },
  steps: 2,
  milliseconds: 1200,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-observer-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function* stream(events: readonly AgentEvent[], fault?: Error): AsyncIterable<AgentEvent> {
  yield* events
  if (fault !== undefined) throw fault
}

const digests = createDigests(Buffer.alloc(32, 7))

async function observed(events: AsyncIterable<AgentEvent>, takeOnly = Infinity, asked = received) {
  const path = join(folder, 'audit.jsonl')
  const metrics = createMetrics()
  const lines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } })
  const seen: AgentEvent[] = []
  let thrown: unknown = null
  {
    await using audit = new ServiceTrail(await AuditTrail.open(path), { failure: 'refuse', onLost: () => undefined })
    const observe = createObserver({ log, metrics, trail: { audit, digests }, models: new Set(['analyst']) })
    try {
      for await (const event of observe(asked, events)) {
        seen.push(event)
        if (seen.length >= takeOnly) break
      }
    } catch (error) {
      thrown = error
    }
  }
  const trail = readFileSync(path, 'utf8')
  const kinds = trail
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fact: { event: string } }).fact.event)
  return { seen, thrown, trail, kinds, path, log: lines.join(''), text: await metrics.text() }
}

describe('the observer', () => {
  it('passes events on unchanged and counts them', async () => {
    const refusal: AgentEvent = { type: 'tool-refusal', callId: 'c', tool: 'run_sql', findings: [], message: 'no' }
    const { seen, text, kinds, path, log, trail } = await observed(stream([refusal, end]))
    expect(seen).toEqual([refusal, end])
    expect(kinds).toEqual(['request', 'tool-refusal', 'end'])
    expect(text).toContain('sallyport_requests_total{channel="http",ending="answer"} 1')
    expect(text).toContain('sallyport_tool_calls_total{tool="run_sql",result="refused"} 1')
    expect(text).toContain('sallyport_model_tokens_total{direction="input"} 10')
    expect([log, trail]).toEqual([
      expect.stringContaining('"durationMs":1200'),
      expect.stringContaining('"durationMs":1200'),
    ])
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it('keeps what a run was made of, of a long session a bounded part that names nothing which is not there', async () => {
    const thing = (number: number) =>
      ({
        id: `call-${number}`,
        kind: 'read',
        origins: ['row'],
        from: number === 0 ? [] : [`call-${number - 1}`],
      }) as const
    const graphOf = async (count: number) => {
      const lineage = Array.from({ length: count }, (_, number) => thing(number))
      const { trail, path } = await observed(stream([{ ...end, lineage }]))
      expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact' })
      const lines = trail.trim().split('\n')
      return (JSON.parse(lines.at(-1) ?? '') as { fact: { lineage: { things: readonly object[]; left: number } } }).fact
        .lineage
    }
    expect(await graphOf(2)).toEqual({ things: [thing(0), thing(1)], left: 0 })
    rmSync(join(folder, 'audit.jsonl'))
    const { things, left } = await graphOf(1_000)
    expect([things.length, left]).toEqual([200, 800])
    expect(things[50]).toEqual({ ...thing(850), from: [] })
  })

  it('keeps neither the question nor the code on the trail', async () => {
    verifies('audit.no-texts')
    const call: AgentEvent = {
      type: 'tool-call',
      callId: 'c',
      tool: 'run_python',
      source: { language: 'python', text: 'print("Ada Lovelace")' },
    }
    const { trail } = await observed(stream([call, { type: 'text-delta', step: 1, text: 'Ada Lovelace' }, end]))
    expect(trail).not.toContain('Lovelace')
    expect(trail).toContain('"digest"')
  })

  it('S11: keeps of names that a caller or a model made up a keyed digest only, on the trail and in the log', async () => {
    verifies('audit.unknown-names')
    const words = 'Ada Lovelace has diabetes'
    const asked = { ...received, model: words, sessionId: words }
    const result = { callId: words, tool: words }
    const events: AgentEvent[] = [
      { type: 'tool-call', ...result, source: null },
      { type: 'tool-refusal', ...result, findings: [], message: words },
      { type: 'tool-failure', ...result, message: words },
    ]
    const fault = new ServiceError('model-not-found', `There is no model "${words}".`, { parameter: words })
    const { trail, log, path } = await observed(stream(events, fault), Infinity, asked)
    expect(trail + log).not.toMatch(/Lovelace|diabetes/)
    expect(trail).toContain(`"model":"unknown:${digests.of(words)}"`)
    expect(trail).toContain(`"tool":"unknown:${digests.of(words)}"`)
    expect(log).toContain('"code":"model-not-found"')
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact' })
  })

  it('S11: keeps the names of models and tools that there are', async () => {
    const { trail } = await observed(stream([{ type: 'tool-call', callId: 'c', tool: 'run_sql', source: null }, end]))
    expect(trail).toContain('"model":"analyst"')
    expect(trail).toContain('"tool":"run_sql"')
  })

  it('gives a tool that a model made up no label of its own', async () => {
    const { text } = await observed(
      stream([{ type: 'tool-failure', callId: 'c', tool: 'x9'.repeat(50), message: 'm' }]),
    )
    expect(text).toContain('tool="unknown"')
    expect(text).not.toContain('x9')
  })

  it('keeps a fault and lets it through', async () => {
    const { thrown, kinds, text } = await observed(stream([], new ServiceError('model-unavailable', 'down')))
    expect(thrown).toMatchObject({ code: 'model-unavailable' })
    expect(kinds).toEqual(['request', 'fault'])
    expect(text).toContain('ending="failed"} 1')
  })

  it('keeps that a caller went away', async () => {
    const { kinds } = await observed(stream([{ type: 'step-start', step: 1 }, end]), 1)
    expect(kinds).toEqual(['request', 'abandoned'])
  })
})
