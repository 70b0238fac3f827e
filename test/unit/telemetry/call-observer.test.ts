import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { AdmittedCall, ReceivedCall } from '../../../src/core/model-call.ts'
import { ServiceTrail } from '../../../src/telemetry/audit/service-trail.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { createCallObserver } from '../../../src/telemetry/call-observer.ts'
import { createDigests } from '../../../src/telemetry/digests.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const received: ReceivedCall = {
  requestId: 'r1',
  channel: 'http',
  credential: null,
  api: 'responses',
  method: 'POST',
  path: '/responses',
  headers: [],
  body: Buffer.from('Ada Lovelace'),
  facts: { model: 'gpt-5', streamed: false, outputTokens: null, hostedTools: [], ids: [], itemIds: [] },
}

const admitted = {
  ...received,
  principal: { id: 'k1', kind: 'api-key', group: 'default' },
  target: { upstream: 'first', model: 'gpt-5', renamed: false },
} as AdmittedCall

async function observing() {
  const path = join(temporaryFolder('call-observer-'), 'audit.jsonl')
  const audit = new ServiceTrail(await AuditTrail.open(path), { failure: 'refuse', onLost: () => undefined })
  const trail = { audit, digests: createDigests(Buffer.alloc(32, 7)) }
  const log = createLog({ level: 'silent' })
  const metrics = createMetrics()
  const observe = createCallObserver({ log, metrics, trail, models: new Set(['gpt-5']) })
  const facts = () =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { fact: object }).fact)
  return { audit, observe, facts, metrics }
}

describe('a call that is refused', () => {
  it('is a fault on the trail before its caller is told: a crash right after loses nothing', async () => {
    verifies('audit.before-answer')
    const { audit, observe, facts } = await observing()
    await using _ = audit
    const refused = observe(received, () => Promise.reject(new ServiceError('model-not-found', 'no')))
    await expect(refused).rejects.toMatchObject({ code: 'model-not-found' })
    expect(facts()).toEqual([
      { event: 'fault', requestId: 'r1', code: 'model-not-found', api: 'responses', model: 'gpt-5' },
    ])
  })

  it('is answered with the fault of the trail where that cannot be written', async () => {
    verifies('audit.before-answer')
    const { audit, observe } = await observing()
    await audit[Symbol.asyncDispose]()
    const refused = observe(received, () => Promise.reject(new ServiceError('model-not-found', 'no')))
    await expect(refused).rejects.not.toMatchObject({ code: 'model-not-found' })
  })
})

describe('a call that is passed on', () => {
  it('is on the trail before it is sent, by digest, and its end moments after', async () => {
    verifies('audit.before-answer')
    const { audit, observe, facts } = await observing()
    let before: unknown = null
    await observe(received, async (tell) => {
      await tell(admitted, null)
      before = facts()
      return { status: 200, usage: { inputTokens: 1, outputTokens: 2 } }
    })
    expect(before).toMatchObject([{ event: 'call', principal: 'k1', upstream: 'first', model: 'gpt-5' }])
    await audit[Symbol.asyncDispose]()
    expect(facts()).toMatchObject([{ event: 'call' }, { event: 'call-end', status: 200 }])
    expect(JSON.stringify(facts())).not.toContain('Lovelace')
  })

  it('is on the trail again before each further attempt, with where that goes and why', async () => {
    verifies('faults.told')
    const { audit, observe, facts, metrics } = await observing()
    await observe(received, async (tell) => {
      await tell(admitted, null)
      await tell({ ...admitted, target: { ...admitted.target, upstream: 'second' } }, 'model-timeout')
      expect(facts()).toHaveLength(2)
      return { status: 200, usage: null }
    })
    await audit[Symbol.asyncDispose]()
    expect(facts()).toMatchObject([
      { event: 'call', upstream: 'first' },
      { event: 'call-again', requestId: 'r1', upstream: 'second', model: 'gpt-5', after: 'model-timeout' },
      { event: 'call-end' },
    ])
    expect(await metrics.text()).toContain(
      'sallyport_call_failed_attempts_total{upstream="first",code="model-timeout"} 1',
    )
  })

  it('and fails then has its fault behind it', async () => {
    const { audit, observe, facts } = await observing()
    const failed = observe(received, async (tell) => {
      await tell(admitted, null)
      throw new ServiceError('model-timeout', 'late')
    })
    await expect(failed).rejects.toMatchObject({ code: 'model-timeout' })
    await audit[Symbol.asyncDispose]()
    expect(facts()).toMatchObject([{ event: 'call' }, { event: 'fault', code: 'model-timeout' }])
  })
})
