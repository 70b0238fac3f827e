import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { ServiceTrail } from '../../../src/telemetry/audit/service-trail.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../../src/telemetry/audit/verify.ts'
import { createDigests } from '../../../src/telemetry/digests.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { createStatementObserver, type StatementSeen } from '../../../src/telemetry/statement-observer.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-statements-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const digests = createDigests(Buffer.alloc(32, 7))

const seen: StatementSeen = {
  requestId: 'r1',
  channel: 'http',
  action: 'run',
  principal: { id: 'k1', kind: 'api-key', group: 'default' },
  source: 'shop',
  statement: "SELECT id FROM customers WHERE name = 'Ada Lovelace'",
}

async function observed<T extends { kind: 'refused'; findings: [] } | { kind: 'result' }>(work: () => Promise<T>) {
  const path = join(folder, 'audit.jsonl')
  const metrics = createMetrics()
  let thrown: unknown = null
  {
    await using audit = new ServiceTrail(await AuditTrail.open(path), { failure: 'refuse', onLost: () => undefined })
    const observe = createStatementObserver({ log: createLog({ level: 'silent' }), metrics, trail: { audit, digests } })
    await observe(seen, work).catch((error: unknown) => (thrown = error))
  }
  const text = readFileSync(path, 'utf8')
  const facts = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fact: { event: string } }).fact)
  return { text, facts, thrown, path, metrics: await metrics.text() }
}

describe('the trail of statements', () => {
  it('has who sent what to which source before it runs, and what became of it', async () => {
    const { facts, text, path, metrics } = await observed(async () => ({ kind: 'result' as const }))
    expect(facts.map(({ event }) => event)).toEqual(['statement', 'statement-result'])
    expect(facts[0]).toMatchObject({
      requestId: 'r1',
      action: 'run',
      source: 'shop',
      principal: 'k1',
      group: 'default',
    })
    expect(text).not.toContain('Lovelace')
    expect((await verifyAuditTrail(path)).kind).toBe('intact')
    expect(metrics).toContain('sallyport_events_total{part="sql",event="run-result"} 1')
  })

  it('has the rules of a refusal', async () => {
    const findings = [{ rule: 'sql/not-select', line: 1, column: 1, message: 'x' }] as unknown as []
    const { facts } = await observed(async () => ({ kind: 'refused' as const, findings }))
    expect(facts[1]).toMatchObject({ event: 'statement-refused', rules: ['sql/not-select'] })
  })

  it('has the code of a fault, which is passed on', async () => {
    const fault = new ServiceError('database-unavailable', 'down')
    const { facts, thrown } = await observed(() => Promise.reject<{ kind: 'result' }>(fault))
    expect(thrown).toBe(fault)
    expect(facts[1]).toEqual({ event: 'fault', requestId: 'r1', code: 'database-unavailable' })
  })
})
