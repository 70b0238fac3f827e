import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../../../../src/sealed/key-ring.ts'
import { ReportVault } from '../../../../src/gateway/privacy/vault/report-vault.ts'
import { missReportsInMemory } from '../../../support/http/miss-reports-in-memory.ts'
import { otherKey, startPassService, type PassService } from '../../../support/http/pass-service.ts'
import { echoModel } from '../../../support/privacy/echo-model.ts'
import { verifies } from '../../../support/verifies.ts'

const path = '/v1/privacy/reports'
const canary = 'Zyanya Quetzalli'
const stored = missReportsInMemory()
const vault = new ReportVault(stored, async () => new KeyRing(Buffer.alloc(32, 7), []))

let at: PassService
let receipt: string
beforeAll(async () => {
  at = await startPassService({ group: { privacy_profile: 'default' }, missReports: stored })
  at.openai.answer = echoModel({ say: () => ({ words: 'Fine.', calls: [] }) })
  const messages = [{ role: 'user', content: `Tell ${canary} that it is done.` }]
  const response = await at.service.post({ model: 'gpt-5', messages }, {}, '/v1/chat/completions')
  await response.text()
  receipt = response.headers.get('x-sallyport-privacy-receipt') ?? 'none'
})
afterAll(() => at[Symbol.asyncDispose]())

const reportOf = (own: object = {}) => ({ receipt, fault: 'missed', kind: 'pii/person', value: canary, ...own })
async function post(body: unknown, by: string | null = null) {
  const response = await at.service.post(body, by === null ? {} : { authorization: `Bearer ${by}` }, path)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, unknown> }
}

describe('POST /v1/privacy/reports', () => {
  it('takes a report, and answers with its id and nothing of its text', async () => {
    verifies('pii.reports')
    const context = `Tell ${canary} that it is done.`
    const { status, headers, text, body } = await post(reportOf({ context, note: 'a “name”' }))
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store'])
    expect(body).toEqual({
      id: expect.stringMatching(/^prp_[0-9a-f]{32}$/) as string,
      object: 'privacy-report',
      receipt,
      fault: 'missed',
      made_at: '2026-01-02T03:04:05.000Z',
    })
    expect(text).not.toContain('Zyanya')
    expect(await vault.open(String(body['id']))).toMatchObject({
      principal: 'k1',
      text: { kind: 'pii/person', value: canary, context, note: 'a “name”' },
    })
    expect(JSON.stringify([...stored.rows])).not.toMatch(/Zyanya|pii|name/)
    expect(JSON.stringify(at.notices)).not.toMatch(/Zyanya|pii\//)
    expect(at.notices.at(-1)).toMatchObject({ principal: 'k1', receipt, id: body['id'] })
  })

  it('takes one of a harmless text, without context and note', async () => {
    const { status, body } = await post(reportOf({ fault: 'harmless', kind: 'secret', value: 'a'.repeat(1_000) }))
    expect([status, body['fault']]).toEqual([201, 'harmless'])
  })

  it('answers anybody but the caller as for a receipt that never was, and keeps nothing', async () => {
    verifies('pii.reports')
    const before = stored.rows.size
    const other = await post(reportOf(), otherKey)
    const none = await post(reportOf({ receipt: `prc_${'0'.repeat(32)}` }), otherKey)
    for (const { body } of [other, none]) delete body['request_id']
    expect(other.body).toEqual(none.body)
    expect([other.status, none.status]).toEqual([404, 404])
    expect(stored.rows.size).toBe(before)
    const closed = await fetch(`${at.service.url}${path}`, { method: 'POST', body: '{}' })
    const listed = await fetch(`${at.service.url}${path}`, { headers: { authorization: `Bearer ${otherKey}` } })
    expect([closed.status, listed.status]).toEqual([401, 405])
  })

  it.each<readonly [string, number, unknown]>([
    ['a value that is too long', 400, { value: `${canary}${'x'.repeat(1_000)}` }],
    ['a context that is too long', 400, { context: canary.repeat(200) }],
    ['a note that is too long', 400, { note: canary.repeat(100) }],
    ['an empty value', 400, { value: '' }],
    ['a value that is no text', 400, { value: [canary] }],
    ['a kind that is none', 400, { kind: canary }],
    ['a fault that is none', 400, { fault: canary }],
    ['a receipt that is none', 400, { receipt: canary }],
    ['a member that is named by what was missed', 400, { [canary]: 1 }],
  ])('refuses %s without saying it again', async (_what, status, own) => {
    verifies('pii.reports-limited')
    const before = stored.rows.size
    const { status: answered, text } = await post(reportOf(own as object), otherKey)
    expect(answered).toBe(status)
    expect(text).not.toContain('Zyanya')
    expect(stored.rows.size).toBe(before)
  })

  it.each<readonly [string, number, (report: string) => string]>([
    ['a name that stands twice', 400, (report) => report.replace('{', `{"${canary}":1,"${canary}":2,`)],
    ['a body that breaks off', 400, (report) => report.slice(0, -2)],
    ['a body that is a text', 400, () => JSON.stringify(canary)],
    ['a body that is larger than any report', 413, (report) => `${report}${' '.repeat(40_000)}`],
    ['a body that is nested', 400, (report) => report.replace('{', '{"a":[[[[[["Zyanya"]]]]]],')],
  ])('refuses %s without saying it again', async (_what, status, change) => {
    const { status: answered, text } = await post(change(JSON.stringify(reportOf())), otherKey)
    expect(answered).toBe(status)
    expect(text).not.toContain('Zyanya')
    expect(JSON.stringify([at.service.faults, at.service.responses])).not.toContain('Zyanya')
  })

  it('takes no more of one key than it gives in a time, and goes on for another', async () => {
    verifies('pii.reports-limited')
    const statuses: number[] = []
    let wait: string | null = null
    while (!statuses.includes(429) && statuses.length < 30) {
      const { status, headers } = await post(reportOf())
      statuses.push(status)
      wait = headers.get('retry-after')
    }
    expect(statuses.at(-1)).toBe(429)
    expect(Number(wait)).toBeGreaterThan(0)
    expect((await post(reportOf(), otherKey)).status).toBe(404)
  })
})
