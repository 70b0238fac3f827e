import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionId, listening, recordedDecision } from '../../../support/feedback/complaining.ts'
import { key, startService, type TestService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

const secret = 'Zyanya Quetzalli'
const heard = listening({ decisions: [recordedDecision(), recordedDecision({ id: decisionId('b'), principal: 'k2' })] })

let service: TestService
beforeAll(async () => {
  service = await startService({ complaints: heard })
})
afterAll(() => service[Symbol.asyncDispose]())

async function seen(asked: Promise<Response>) {
  const response = await asked
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, unknown> }
}
const post = (path: string, body: unknown, by: string = key) =>
  seen(service.post(body, { authorization: `Bearer ${by}` }, path))
const get = (id: string, by: string = key) =>
  seen(fetch(`${service.url}/v1/appeals/${id}`, { headers: { authorization: `Bearer ${by}` } }))
const appealOf = (own: object = {}) => ({ decision: decisionId('a'), reason: 'harmless', ...own })

describe('POST /v1/appeals', () => {
  it('takes an appeal, says how it stands to its maker, and nothing of its comment to anybody', async () => {
    verifies('feedback.quiet')
    const made = await post('/v1/appeals', appealOf({ comment: secret }))
    const appeal = {
      id: expect.stringMatching(/^cmp_[0-9a-f]{32}$/) as string,
      object: 'appeal',
      decision: decisionId('a'),
      reason: 'harmless',
      state: 'waiting',
      outcome: null,
      made_at: '2026-01-02T03:04:05.000Z',
    }
    expect([made.status, made.headers.get('cache-control'), made.body]).toEqual([200, 'no-store', appeal])
    const again = await post('/v1/appeals', appealOf({ comment: 'other words' }))
    expect([again.status, again.body]).toEqual([200, made.body])
    const id = String(made.body['id'])
    const shown = await get(id)
    expect([shown.status, shown.headers.get('cache-control'), shown.body]).toEqual([200, 'no-store', made.body])
    expect(heard.stored.rows.get(id)?.comment).toBe(secret)
    expect([made.text, again.text, shown.text, JSON.stringify(heard.notices)].join()).not.toContain('Zyanya')
    heard.labels.push({ decision: decisionId('a'), rule: 'toxicity', truth: 'harmless', complaint: id } as never)
    heard.stored.settle(id, 'labelled')
    const settled = { ...made.body, state: 'labelled', outcome: 'upheld' }
    expect([(await get(id)).body, (await post('/v1/appeals', appealOf())).body]).toEqual([settled, settled])
  })

  it('answers anybody but the caller as for one that never was', async () => {
    verifies('feedback.own-alone')
    const rows = heard.stored.rows.size
    const pairs = [
      await Promise.all(['b', 'c'].map((digit) => post('/v1/appeals', appealOf({ decision: decisionId(digit) })))),
      await Promise.all(
        [[...heard.stored.rows.keys()][0], `cmp_${'0'.repeat(32)}`].map((id) => get(String(id), 'sp-monitoring')),
      ),
    ]
    for (const seenTwice of pairs) {
      expect(seenTwice.map(({ status }) => status)).toEqual([404, 404])
      for (const { body } of seenTwice) delete body['request_id']
      expect(seenTwice[0]?.body).toEqual(seenTwice[1]?.body)
    }
    expect(heard.stored.rows.size).toBe(rows)
  })

  it('is for callers with a key', async () => {
    for (const path of ['/v1/appeals', '/v1/feedback']) {
      const response = await fetch(`${service.url}${path}`, { method: 'POST', body: '{}' })
      const other = await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${key}` } })
      expect([response.status, other.status]).toEqual([401, 405])
    }
    expect((await fetch(`${service.url}/v1/appeals/cmp_1`)).status).toBe(401)
  })
})

describe('POST /v1/feedback', () => {
  it('takes an opinion of an answer by its name, and of a decision', async () => {
    const answer = heard.nameAnswer({ id: 'k1' }, null)
    const up = await post('/v1/feedback', { about: answer, verdict: 'up' })
    expect([up.status, up.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(up.body).toEqual({
      id: expect.stringMatching(/^cmp_/) as string,
      object: 'feedback',
      answer,
      decision: null,
      verdict: 'up',
      reason: 'other',
      made_at: '2026-01-02T03:04:05.000Z',
    })
    const changed = await post('/v1/feedback', { about: answer, verdict: 'down', reason: 'wrong', comment: secret })
    expect([changed.status, changed.body['code']]).toEqual([400, 'conflict'])
    expect(changed.text).not.toContain('Zyanya')
    const of = await post(
      '/v1/feedback',
      { about: decisionId('b'), verdict: 'down', reason: 'harmful' },
      'sp-monitoring',
    )
    expect(of.body).toMatchObject({ answer: null, decision: decisionId('b'), reason: 'harmful' })
  })

  it('says of an answer that nobody can place by which name it could be', async () => {
    const { status, body } = await post('/v1/feedback', { about: 'chatcmpl-Bq7', verdict: 'down' })
    expect([status, body['code']]).toEqual([404, 'not-found'])
    expect(body['advice']).toContain('x-sallyport-answer')
  })
})

describe('what is no opinion and no appeal', () => {
  const thumb = { about: 'ans_1', verdict: 'down' }
  it.each<readonly [string, string, unknown]>([
    ['a comment that is too long', '/v1/appeals', appealOf({ comment: `${secret}${'x'.repeat(2_000)}` })],
    ['a comment that is no text', '/v1/appeals', appealOf({ comment: [secret] })],
    ['a reason that is none', '/v1/appeals', appealOf({ reason: secret })],
    ['an appeal without a reason', '/v1/appeals', { decision: decisionId('a'), comment: secret }],
    ['a decision that is none', '/v1/appeals', appealOf({ decision: secret })],
    ['a member that is named by a comment', '/v1/appeals', appealOf({ [secret]: 1 })],
    ['a verdict that is none', '/v1/feedback', { ...thumb, verdict: secret }],
    ['an opinion of what is no id', '/v1/feedback', { ...thumb, about: secret }],
    ['a text', '/v1/feedback', JSON.stringify(secret)],
    ['a body that breaks off', '/v1/feedback', `{"about":"ans_1","comment":"${secret}`],
    ['a name that stands twice', '/v1/feedback', `{"comment":"a","comment":"${secret}"}`],
  ])('is refused without being said again: %s', async (_what, path, body) => {
    verifies('feedback.quiet')
    const { status, text } = await post(path, body)
    expect([status, text.includes('Zyanya')]).toEqual([400, false])
    expect(JSON.stringify([service.faults, service.responses])).not.toContain('Zyanya')
  })
})

it('is not taken by a service that nobody listens to, whose answers have no names', async () => {
  verifies('feedback.names')
  await using deaf = await startService()
  const response = await deaf.post({ about: 'ans_1', verdict: 'up' }, {}, '/v1/feedback')
  expect(await response.json()).toMatchObject({ status: 404, code: 'not-found' })
  const answer = await deaf.post({ model: 'analyst', messages: [{ role: 'user', content: 'How many?' }] })
  expect([answer.status, answer.headers.get('x-sallyport-answer')]).toEqual([200, null])
})
