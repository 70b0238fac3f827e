import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PolicyNotice } from '../../../src/core/facts.ts'
import type { AuditEntry } from '../../../src/telemetry/audit/entry.ts'
import { telemetryOptions } from '../../../src/telemetry/options.ts'
import { Telemetry } from '../../../src/telemetry/telemetry.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const who = { principal: 'k1', group: 'interns', revision: 'rules-1', milliseconds: 0.1 } as const
const allowed: PolicyNotice = { ...who, decision: 'grant', requestId: 'r1', allowed: true, rules: ['a/b'], fault: null }
const refused: PolicyNotice = { ...allowed, decision: 'payload', allowed: false }
const cause = new Error('it read pear-4711')
const faulty: PolicyNotice = { ...refused, decision: 'action', rules: [], fault: { what: 'it was late', cause } }

/** The decisions that stand on the trail of a service which was told of these. */
async function trailOf(settings: object, notices: readonly PolicyNotice[]): Promise<AuditEntry['fact'][]> {
  const folder = temporaryFolder('telemetry-')
  const config = {
    telemetry: telemetryOptions.parse({ log_level: 'silent', ...settings }),
    state_directory: folder,
    secrets_directory: folder,
  }
  {
    await using telemetry = new Telemetry(config, [])
    await telemetry.beginService()
    for (const notice of notices) telemetry.policy.onDecision(notice)
  }
  const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => (JSON.parse(line) as AuditEntry).fact).filter(({ event }) => event === 'policy-decision')
}

describe('decisions of policy on the audit trail', () => {
  it('are all there, by who asked, the revision and the rules, and without what was thrown', async () => {
    verifies('policy.told')
    const told = { event: 'policy-decision', requestId: 'r1', principal: 'k1', group: 'interns', revision: 'rules-1' }
    expect(await trailOf({}, [allowed, refused, faulty])).toEqual([
      { ...told, decision: 'grant', outcome: 'allowed', rules: ['a/b'] },
      { ...told, decision: 'payload', outcome: 'refused', rules: ['a/b'] },
      { ...told, decision: 'action', outcome: 'fault', rules: [], fault: 'it was late' },
    ])
  })

  it('are only those that refused, where that is configured', async () => {
    const settings = { audit_decisions: 'refused' }
    const outcomes = (await trailOf(settings, [allowed, refused, faulty])).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['refused', 'fault'])
  })

  it('stand there without a request where they are about none', async () => {
    expect(await trailOf({}, [{ ...allowed, requestId: null }])).toMatchObject([{ requestId: '', outcome: 'allowed' }])
  })
})
