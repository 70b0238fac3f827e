import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { createKey, type Served } from '../support/cli/sallyport-process.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { writes } from '../support/moderation/written-answers.ts'
import { verifies } from '../support/verifies.ts'

const card = 'My card is 4111 1111 1111 1111.'
const mail = 'Write to maria.schneider@example.org, please.'
const filters = {
  version: 4,
  inbound: { pii: { action: 'allow' }, 'pii/card': { action: 'block' }, 'pii/email': { action: 'human' } },
  outbound: { pii: { action: 'allow' }, 'pii/card': { action: 'block' }, link: { action: 'allow' } },
}

let upstream: UpstreamServer
let service: Served
beforeAll(async () => {
  upstream = await UpstreamServer.start({ kind: 'openai' })
  service = await serveModels({ origins: { openai: upstream.origin }, filters, metrics: true })
})
beforeEach(() => upstream.startOver())
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

async function ask(content: string, key = service.key, extra: object = {}) {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], ...extra }),
  })
  const text = await response.text()
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  const { headers, status } = response
  return {
    status,
    decision: headers.get('x-sallyport-decision'),
    answer: headers.get('x-sallyport-answer'),
    text,
    body,
  }
}

const trail = (): readonly Record<string, unknown>[] =>
  readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly fact: Record<string, unknown> }).fact)

const command = (...words: string[]) => sallyportHere(words, { environment: service.environment })

describe('calls of a group with a profile for their content', () => {
  it('are blocked before a model is asked, on the trail and in the metrics, without a text', async () => {
    verifies('content.records')
    const asked = await ask(card)
    expect(asked).toMatchObject({ status: 400, body: { code: 'content-blocked', decision_id: asked.decision } })
    expect(upstream.requests).toEqual([])
    const fact = trail().find(({ decision }) => decision === asked.decision)
    expect(fact).toMatchObject({
      event: 'content-decision',
      direction: 'inbound',
      action: 'block',
      profile: { name: 'callers', version: 4 },
      findings: [{ category: 'pii/card', effective: 'block', count: 1 }],
    })
    expect(Object.keys(fact?.['detectors'] as object)).toContain('pii-patterns')
    expect(JSON.stringify(trail())).not.toContain('4111')
    const metrics = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${service.key}` } })
    expect(await metrics.text()).toContain(
      'sallyport_content_decisions_total{direction="inbound",category="pii/card",action="block",mode="enforce"} 1',
    )
  })

  it.each([false, true])('have a blocked answer in its place, streamed: %s', async (stream) => {
    verifies('content.blocked-output')
    upstream.answer = (request) => writes(request, { pieces: ['Yours is ', '4111 1111 ', '1111 1111', ', I believe.'] })
    const { status, decision, text } = await ask('Which card is mine?', service.key, { stream })
    expect(status).toBe(200)
    expect(text).toContain('"finish_reason":"content_filter"')
    expect(text).not.toContain('4111')
    expect(text).toContain(`"decision_id":"${decision}"`)
    expect(trail().find((fact) => fact['decision'] === decision)).toMatchObject({
      direction: 'outbound',
      action: 'block',
    })
  })

  it('pass once, for the same caller, when a person has allowed exactly this body', async () => {
    verifies('content.human')
    const first = await ask(mail)
    expect(first).toMatchObject({ status: 403, body: { code: 'approval-required' } })
    const { id } = first.body['approval'] as { readonly id: string }
    const shown = await command('approvals', 'show', id)
    expect(shown.stdout).toContain('maria.schneider@example.org')
    expect(shown.stdout).toContain('The request holds pii/email.')
    expect(upstream.requests).toEqual([])
    expect(await command('approvals', 'allow', id)).toMatchObject({ code: 0 })
    const stranger = await createKey(service, 'default')
    expect((await ask(mail, stranger)).status).toBe(403)
    expect((await ask(`${mail} `)).status).toBe(403)
    expect((await ask(mail)).status).toBe(200)
    expect((await ask(mail)).status).toBe(403)
    expect(upstream.requests).toHaveLength(1)
  })

  it('are appealed from where they were blocked, by their own callers alone, and stand until somebody has looked', async () => {
    verifies('feedback.appeal-told', 'feedback.own-alone')
    const blocked = await ask(card)
    const { appeal: path, decision_id: decision } = blocked.body as Readonly<Record<string, string>>
    const send = async (by: string, to: string, body?: object) => {
      const response = await fetch(`${service.url}${to}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const appeal = { decision, reason: 'harmless', comment: 'Zyanya made the card up.' }
    const made = await send(service.key, path ?? '', appeal)
    expect(made).toMatchObject({ status: 200, body: { object: 'appeal', decision, state: 'waiting', outcome: null } })
    const stranger = await createKey(service, 'default')
    expect(await send(stranger, path ?? '', appeal)).toMatchObject({ status: 404 })
    const own = `${path}/${String(made.body['id'])}`
    expect((await send(service.key, own)).body).toEqual(made.body)
    expect((await send(stranger, own)).status).toBe(404)
    const dismissed = await command('tuning', 'dismiss', String(made.body['id']), '--why', 'a test')
    expect(dismissed).toMatchObject({ code: 0 })
    expect((await send(service.key, own)).body).toMatchObject({ state: 'dismissed', outcome: null })
    expect(JSON.stringify(trail())).not.toContain('Zyanya')
  })

  it('are spoken of by their own callers, in words that no trail has', async () => {
    verifies('feedback.names', 'feedback.own-alone', 'feedback.quiet')
    upstream.answer = (request) => writes(request, { pieces: ['As you like.'] })
    const { answer } = await ask('Which one is mine?')
    const say = async (by: string) => {
      const response = await fetch(`${service.url}/v1/feedback`, {
        method: 'POST',
        headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
        body: JSON.stringify({ about: answer, verdict: 'down', reason: 'wrong', comment: 'Zyanya is named.' }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const said = await say(service.key)
    expect(said).toMatchObject({ status: 200, body: { object: 'feedback', answer, verdict: 'down', reason: 'wrong' } })
    expect((await say(service.key)).body).toEqual(said.body)
    expect(await say(await createKey(service, 'default'))).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(trail()).toContainEqual(
      expect.objectContaining({ event: 'complaint', complaint: said.body['id'], answer, reason: 'wrong' }),
    )
    expect(JSON.stringify(trail())).not.toContain('Zyanya')
    const metrics = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${service.key}` } })
    expect(await metrics.text()).toContain('sallyport_complaints_total{kind="thumb",verdict="down",reason="wrong"} 1')
  })

  it('cannot be configured by a profile that is not there', async () => {
    const checked = await sallyportHere(['config', 'check'], {
      environment: {
        ...service.environment,
        SALLYPORT_GATEWAY_GROUPS: JSON.stringify({ default: { call_filter_profile: 'caller' } }),
      },
    })
    expect(checked.code).toBe(2)
    expect(checked.stderr + checked.stdout).toContain('there is no filter profile "caller"; did you mean "callers"?')
  })
})
