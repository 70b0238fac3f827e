import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { storageStates } from '../../../../src/storage/storage-failure.ts'
import { Readiness } from '../../../../src/surfaces/native/readiness.ts'
import { createLog } from '../../../../src/telemetry/log.ts'
import { createMetrics } from '../../../../src/telemetry/metrics.ts'
import { PolicyWatch } from '../../../../src/telemetry/policy-watch.ts'
import { SpanWatch } from '../../../../src/telemetry/spans/span-watch.ts'
import { verifies } from '../../../support/verifies.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/operations.md'), 'utf8')
const [, section = ''] = text.split('\n## What `/readyz` says\n')
const [table = ''] = section.split('\n## ')
const told = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, state = '']) => state),
)

/** What `/readyz` says where one thing is missing. */
async function missing(parts: Partial<ConstructorParameters<typeof Readiness>[0]>): Promise<string> {
  const readiness = new Readiness({
    storageState: async () => 'ready',
    sandboxesAvailable: null,
    onUnready: () => undefined,
    ...parts,
  })
  readiness.warmed()
  return (await readiness.state()).detail
}

const gone = async () => Promise.reject(new Error('gone'))

describe('the table of what /readyz says', () => {
  it('has every state of a storage, and no other', () => {
    verifies('serve.ready-states')
    const states = storageStates.filter((state) => state !== 'ready').map((state) => `storage: ${state}`)
    expect(told.filter((state) => state.startsWith('storage: '))).toEqual(states)
  })

  it('has everything else that is missing', async () => {
    verifies('serve.ready-states')
    expect(told).toContain(await missing({ auditAvailable: gone }))
    expect(told).toContain(await missing({ detectorsAvailable: gone }))
    expect(told).toContain(await missing({ sandboxesAvailable: gone }))
  })

  it('has what is degraded, in the words of whoever says so', () => {
    verifies('serve.ready-states')
    const log = createLog({ level: 'silent', format: () => 'json' })
    const parts = { log, metrics: createMetrics(), audit: null, audited: 'all' } as const
    const spans = new SpanWatch(parts)
    spans.onExported(new Error('down'))
    expect(spans.faults).toHaveLength(1)
    for (const fault of spans.faults) expect(told).toContain(`degraded: ${fault}`)
    const policy = new PolicyWatch(() => parts)
    policy.onChange(new Error('broken'))
    policy.onShadow(new Error('broken'))
    expect(policy.faults()).toHaveLength(2)
    for (const fault of policy.faults()) expect(told).toContain(`degraded: ${fault}`)
  })
})
