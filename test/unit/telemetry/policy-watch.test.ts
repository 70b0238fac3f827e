import { describe, expect, it } from 'vitest'
import type { ShadowNotice } from '../../../src/core/facts.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { PolicyWatch } from '../../../src/telemetry/policy-watch.ts'
import { verifies } from '../../support/verifies.ts'

const side = { outcome: 'allowed', revision: 'r1', rules: ['a'] } as const
const notice: ShadowNotice = {
  decision: 'payload',
  requestId: 'r1',
  principal: 'k1',
  group: 'interns',
  result: 'different',
  inForce: side,
  shadow: { outcome: 'refused', revision: 'r2', rules: ['b'] },
  fault: null,
}
const faulty: ShadowNotice = {
  ...notice,
  result: 'fault',
  shadow: { outcome: 'fault', revision: null, rules: [] },
  fault: { what: 'it was late', cause: null },
}

function watching() {
  const facts: object[] = []
  const metrics = createMetrics()
  const parts = { log: createLog({ level: 'silent', format: () => 'json' }), metrics }
  const audit = { note: (fact: object) => facts.push(fact) }
  const watch = new PolicyWatch(() => ({ ...parts, audit, audited: 'all' }))
  const counted = async () =>
    Object.fromEntries(
      [
        ...(await metrics.text()).matchAll(/^sallyport_events_total\{part="([\w-]+)",event="(\w+)"\} ([1-9]\d*)$/gm),
      ].map(([, part, event, count]) => [`${part} ${event}`, Number(count)]),
    )
  return { watch, facts, counted }
}

describe('what is told of shadow rules', () => {
  it('is counted, and what they would have decided otherwise stands on the trail by rules and revisions', async () => {
    verifies('policy.shadow')
    const { watch, facts, counted } = watching()
    for (const result of ['same', 'different', 'skipped'] as const) watch.onCompared({ ...notice, result })
    watch.onCompared(faulty)
    expect(await counted()).toEqual({
      'policy-shadow same': 1,
      'policy-shadow different': 1,
      'policy-shadow skipped': 1,
      'policy-shadow fault': 1,
    })
    const told = { event: 'policy-shadow', requestId: 'r1', decision: 'payload', principal: 'k1', group: 'interns' }
    expect(facts).toEqual([
      { ...told, inForce: side, shadow: notice.shadow },
      { ...told, inForce: side, shadow: faulty.shadow },
    ])
  })

  it('is a named state of the service until they decide again', () => {
    const { watch } = watching()
    const faults = [watch.faults()]
    for (const each of [faulty, { ...notice, result: 'skipped' } as const, notice]) {
      watch.onCompared(each)
      faults.push(watch.faults())
    }
    const named = ['the shadow rules of policy gave no decision; nothing is decided by them']
    expect(faults).toEqual([[], named, named, []])
  })

  it('is a named state while they cannot be used', () => {
    const { watch, facts } = watching()
    watch.onShadow(new Error('no archive'))
    watch.onCompared(faulty)
    // Said once, and not for each question.
    expect(facts).toEqual([])
    const before = watch.faults()
    watch.onShadow(null)
    watch.onCompared({ ...notice, result: 'same' })
    expect([before, watch.faults()]).toEqual([
      ['the shadow rules of policy cannot be used; nothing is decided by them'],
      [],
    ])
  })
})

describe('what is told of rules that change', () => {
  it('is a named state while new ones cannot be used', () => {
    verifies('policy.reload')
    const { watch } = watching()
    watch.onChange(new Error('no archive'))
    const before = watch.faults()
    watch.onChange(null)
    expect([before, watch.faults()]).toEqual([
      ['the new rules of policy cannot be used, and the last good ones are in force'],
      [],
    ])
  })
})

describe('what is told of provenance', () => {
  it('is counted, and what is asked about or refused stands on the trail by rules and reads', async () => {
    verifies('analyst.told')
    const { watch, facts, counted } = watching()
    const reads = [{ id: 'r1/read-1', callId: 'c1', origin: 'row' }]
    const rules = ['provenance/table-outside-plan']
    const about = { requestId: 'r1', principal: 'k1', group: 'interns', tool: 'run_sql', mode: 'enforce' } as const
    watch.onProvenance({ ...about, outcome: 'allowed', rules: [], reads: [], milliseconds: 1 })
    watch.onProvenance({ ...about, outcome: 'asked', rules, reads, milliseconds: 1 })
    expect(await counted()).toEqual({ 'provenance allowed': 1, 'provenance asked': 1 })
    expect(facts).toEqual([{ event: 'provenance-decision', ...about, outcome: 'asked', rules, reads }])
  })
})
