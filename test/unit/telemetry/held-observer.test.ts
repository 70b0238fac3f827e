import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { HeldSeen } from '../../../src/core/facts.ts'
import { newId } from '../../../src/core/new-id.ts'
import type { AuditFact } from '../../../src/telemetry/audit/entry.ts'
import { createHeldObserver } from '../../../src/telemetry/held-observer.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { verifies } from '../../support/verifies.ts'

function recorded({ isBroken = false } = {}) {
  const facts: AuditFact[] = []
  const append = async (fact: AuditFact): Promise<void> => {
    if (isBroken) throw new ServiceError('service-unavailable', 'The disk is full.')
    facts.push(fact)
  }
  const digests = { of: (text: string) => `digest of ${text.length}`, name: (text: string) => text }
  const metrics = createMetrics()
  const trail = { audit: { append, note: () => {} }, digests }
  return { facts, metrics, observe: createHeldObserver({ metrics, trail }) }
}

const file = newId('file', 1)
const seen: HeldSeen = {
  requestId: 'r1',
  channel: 'http',
  principal: 'anna',
  group: 'default',
  of: 'file',
  action: 'read',
  id: file,
}

describe('what callers do with what is held for them', () => {
  it('is on the trail before it is done, by ids', async () => {
    verifies('audit.held')
    const { facts, metrics, observe } = recorded()
    const before = await observe.act(seen, async () => facts.length)
    await observe.act({ ...seen, of: 'session', action: 'close', id: null }, async () => undefined)
    await observe.made({ requestId: 'r2', of: 'file', id: file, bytes: 3 })
    expect(before).toBe(1)
    expect(facts).toEqual([
      {
        event: 'stored-file',
        requestId: 'r1',
        channel: 'http',
        principal: 'anna',
        group: 'default',
        action: 'read',
        file,
      },
      expect.objectContaining({ event: 'session', action: 'close', session: null }),
      { event: 'stored-file-made', requestId: 'r2', file, bytes: 3 },
    ])
    expect(await metrics.text()).toContain('sallyport_events_total{part="held",event="file-read"} 1')
  })

  it.each([
    ['file', 'delete', 'my secret.csv'],
    ['file', 'delete', file.toUpperCase()],
    ['conversation', 'export', file],
    ['session', 'close', 'session_x'],
    ['container', 'delete', 'cntr_x'],
  ] as const)('whose id is none of a %s is a digest there', async (of, action, id) => {
    const { facts, observe } = recorded()
    await observe.act({ ...seen, of, action, id } as HeldSeen, async () => undefined)
    expect(facts[0]?.[of]).toBe(`unknown:digest of ${id.length}`)
  })

  it('is followed by its fault, which goes on to the caller', async () => {
    verifies('audit.held')
    const { facts, metrics, observe } = recorded()
    const work = observe.act(seen, () => Promise.reject(new ServiceError('not-found', 'There is none.')))
    await expect(work).rejects.toMatchObject({ code: 'not-found' })
    expect(facts.at(-1)).toEqual({ event: 'fault', requestId: 'r1', code: 'not-found' })
    expect(await metrics.text()).toContain('sallyport_events_total{part="held",event="file-fault"} 1')
  })

  it('is not done where the trail cannot be written', async () => {
    verifies('audit.held')
    const { observe } = recorded({ isBroken: true })
    let isDone = false
    const work = observe.act(seen, async () => {
      isDone = true
    })
    await expect(work).rejects.toMatchObject({ code: 'service-unavailable' })
    expect(isDone).toBe(false)
  })
})
