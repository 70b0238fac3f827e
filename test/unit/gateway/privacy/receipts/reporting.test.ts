import { describe, expect, it } from 'vitest'
import type { ReportNotice } from '../../../../../src/core/miss-reports.ts'
import { Throttle } from '../../../../../src/gateway/admit/throttle.ts'
import { createReporting } from '../../../../../src/gateway/privacy/receipts/reporting.ts'
import type { PrivacyReceipt } from '../../../../../src/gateway/privacy/receipts/receipts.ts'
import type { ReportedText, ReportVault } from '../../../../../src/gateway/privacy/vault/report-vault.ts'
import { verifies } from '../../../../support/verifies.ts'

const alice = { id: 'alice', kind: 'api-key', group: 'support' } as const
const text: ReportedText = { kind: 'pii/person', value: 'Canary Person', context: '', note: '' }
const given = { receipt: 'prc_of_alice', fault: 'missed', text } as const

function reportingWith({ onReport, full = false }: { onReport?: () => Promise<void>; full?: boolean } = {}) {
  const [notices, kept]: [ReportNotice[], ReportedText[]] = [[], []]
  const receipts = {
    of: (principal: string, id: string) =>
      principal === 'alice' && id === 'prc_of_alice' ? ({ id } as PrivacyReceipt) : null,
  }
  const keep: ReportVault['keep'] = async (facts, reported) => {
    if (full) return null
    kept.push(reported)
    return { ...facts, made: '2026-01-02T03:04:05.000Z', wrappedKey: '', sealed: '' }
  }
  const throttle = new Throttle({ what: 'reports', burst: 3, everyMilliseconds: 1_000, elapsed: () => 0 })
  const onTrail = async (notice: ReportNotice): Promise<void> => {
    notices.push(notice)
    await onReport?.()
  }
  return { notices, kept, reporting: createReporting({ receipts, vault: { keep }, onReport: onTrail, throttle }) }
}

describe('reporting', () => {
  it('keeps what was reported of the caller’s own call, and tells the trail who did, by ids', async () => {
    const { reporting, kept, notices } = reportingWith()
    const report = await reporting.report(alice, given, 'r1')
    expect(report).toMatchObject({ principal: 'alice', receipt: 'prc_of_alice', fault: 'missed' })
    expect(report.id).toMatch(/^prp_[0-9a-f]{32}$/)
    expect(kept).toEqual([text])
    const { id } = report
    const notice = { id, principal: 'alice', group: 'support', receipt: 'prc_of_alice', fault: 'missed' }
    expect(notices).toEqual([{ ...notice, requestId: 'r1' }])
  })

  it('answers for somebody else’s receipt as for one that never was, and keeps nothing', async () => {
    verifies('pii.reports')
    const { reporting, kept, notices } = reportingWith()
    const faultOf = (principal: typeof alice | { id: 'bob'; kind: 'api-key'; group: 'support' }, receipt: string) =>
      reporting.report(principal, { ...given, receipt }, 'r1').then(
        () => null,
        ({ code, message, advice }) => ({ code, message, advice }),
      )
    const never = await faultOf(alice, 'prc_never')
    expect(never).toMatchObject({ code: 'not-found' })
    expect(await faultOf({ ...alice, id: 'bob' }, 'prc_of_alice')).toEqual(never)
    expect([kept, notices]).toEqual([[], []])
  })

  it('takes so many at once of each key, those for no receipt included', async () => {
    verifies('pii.reports-limited')
    const { reporting } = reportingWith()
    await reporting.report(alice, given, 'r1')
    for (const receipt of ['prc_a', 'prc_b']) {
      await expect(reporting.report(alice, { ...given, receipt }, 'r')).rejects.toMatchObject({ code: 'not-found' })
    }
    await expect(reporting.report(alice, given, 'r4')).rejects.toMatchObject({ code: 'rate-limited' })
    await expect(reporting.report({ ...alice, id: 'bob' }, given, 'r')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('refuses more than a key may have waiting', async () => {
    verifies('pii.reports-limited')
    const { reporting } = reportingWith({ full: true })
    await expect(reporting.report(alice, given, 'r1')).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: '1000 reports of this key wait for the operator.',
    })
  })

  it('keeps nothing that the trail does not know', async () => {
    const { reporting, kept } = reportingWith({ onReport: () => Promise.reject(new Error('the trail is full')) })
    await expect(reporting.report(alice, given, 'r1')).rejects.toThrow('the trail is full')
    expect(kept).toEqual([])
  })
})
