import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventData } from '../../src/cli/remote/response-events.ts'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { createKey, sallyport, serve, type Served } from '../support/cli/sallyport-process.ts'
import { rulesWithTerms } from '../support/policy/rules-with-terms.ts'
import { verifies } from '../support/verifies.ts'

const question = 'Who are our ten best customers, and how do we reach them?'
const term = { touches: ['public.customers.email'], ask: 'Somebody has to look at it.' }
const bundle = rulesWithTerms({ actions: { 'mail-addresses': term } })

interface Asked {
  readonly status: number
  readonly body: { readonly code?: string; readonly approval?: { readonly id: string; readonly expires_at: string } }
  readonly text: string
}

let service: Served
beforeAll(async () => {
  service = await serve({ SALLYPORT_POLICY_BUNDLE: bundle })
})
afterAll(() => service[Symbol.asyncDispose]())

async function ask(key = service.key, extra: object = {}): Promise<Asked> {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'analyst', messages: [{ role: 'user', content: question }], ...extra }),
  })
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Asked['body']) : {} }
}

const command = (...words: string[]) => sallyportHere(words, { environment: service.environment })
const askAtCommandLine = (...words: string[]) => sallyport(['ask', ...words], { environment: service.environment })

async function approvalOver(method: string, { id, key, body }: { id: string; key: string; body?: object }) {
  const response = await fetch(`${service.url}/v1/approvals${id === '' ? '' : `/${id}`}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function waiting(key = service.key): Promise<string> {
  const { body } = await ask(key)
  if (body.approval === undefined) throw new Error(`nothing waits: ${JSON.stringify(body)}`)
  return body.approval.id
}

describe('a statement that a rule wants a person to allow', () => {
  it('waits with an id, is shown and allowed at the command line, and runs once', async () => {
    verifies('policy.asks-a-person', 'policy.approved-once')
    const first = await ask()
    expect(first).toMatchObject({ status: 403, body: { code: 'approval-required' } })
    const { id = '', expires_at: expires = '' } = first.body.approval ?? {}
    expect(Date.parse(expires)).toBeGreaterThan(Date.now())
    expect((await ask()).body.approval?.id).toBe(id)
    const shown = await command('approvals', 'show', id)
    expect(shown.stdout).toContain('SELECT')
    expect(shown.stdout).toContain('Somebody has to look at it.')
    expect(await command('approvals', 'allow', id)).toMatchObject({ code: 0 })
    expect(await ask()).toMatchObject({ status: 200 })
    const again = await ask()
    expect(again).toMatchObject({ status: 403, body: { code: 'approval-required' } })
    expect(again.body.approval?.id).not.toBe(id)
    expect(await command('approvals', 'allow', id)).toMatchObject({ code: 1 })
  })

  it('is not allowed for another caller by what was allowed to one', async () => {
    verifies('policy.approved-exactly')
    const other = await createKey(service, 'default')
    const id = await waiting()
    await command('approvals', 'allow', id)
    expect(await ask(other)).toMatchObject({ status: 403, body: { code: 'approval-required' } })
    expect(await ask()).toMatchObject({ status: 200 })
  })

  it('says in a stream what waits, in an event without a finish', async () => {
    verifies('policy.asks-a-person')
    const { text } = await ask(service.key, { stream: true })
    expect(text).toMatch(/"code":"approval-required".*"approval":\{"id":"apr-/)
    expect(text).not.toContain('[DONE]')
  })

  it('ends a question at the command line with its own exit code, and says what waits in JSON', async () => {
    verifies('policy.asks-a-person')
    const asked = await askAtCommandLine(question, '--output', 'json')
    expect(asked.code).toBe(3)
    const { code, approval } = JSON.parse(asked.stdout) as { code: string; approval: { id: string } }
    expect(code).toBe('approval-required')
    expect(await command('approvals', 'allow', approval.id)).toMatchObject({ code: 0 })
    expect(await askAtCommandLine(question)).toMatchObject({ code: 0 })
    expect((await askAtCommandLine(question)).code).toBe(3)
  })
})

describe('approvals over HTTP', () => {
  it('are decided with the scope for it, within the group, and shown to whoever asked', async () => {
    verifies('policy.approvers')
    const approver = await keyWith(['--group', 'default', '--scopes', 'approve'])
    const stranger = await keyWith(['--group', 'monitoring', '--scopes', 'approve'])
    const id = await waiting()
    const body = { verdict: 'allow' }
    expect(await approvalOver('GET', { id, key: service.key })).toMatchObject({
      status: 200,
      body: { state: 'pending' },
    })
    expect(await approvalOver('POST', { id, key: service.key, body })).toMatchObject({ status: 403 })
    expect(await approvalOver('GET', { id, key: stranger })).toMatchObject({ status: 404 })
    expect(await approvalOver('POST', { id, key: stranger, body })).toMatchObject({ status: 404 })
    const other = await createKey(service, 'default')
    expect(await approvalOver('GET', { id, key: other })).toMatchObject({ status: 404 })
    const text = expect.stringContaining('SELECT')
    expect(await approvalOver('GET', { id, key: approver })).toMatchObject({ status: 200, body: { text } })
    const listed = await approvalOver('GET', { id: '', key: approver })
    expect(listed).toMatchObject({
      status: 200,
      body: { data: expect.arrayContaining([expect.objectContaining({ id })]) },
    })
    expect(JSON.stringify(listed)).not.toContain('SELECT')
    expect(await approvalOver('GET', { id: '', key: other })).toMatchObject({ status: 200, body: { data: [] } })
    expect(await approvalOver('POST', { id, key: approver, body: { verdict: 'perhaps' } })).toMatchObject({
      status: 400,
    })
    expect(await approvalOver('POST', { id, key: approver, body })).toMatchObject({
      status: 200,
      body: { state: 'allowed' },
    })
    const late = await approvalOver('POST', { id, key: approver, body: { verdict: 'refuse' } })
    expect(late).toMatchObject({ status: 400, body: { code: 'conflict' } })
    expect(await ask()).toMatchObject({ status: 200 })
  })

  it.each([
    ['allow', { type: 'response.completed', response: { sallyport: { ending: 'answer' } } }],
    ['refuse', { type: 'response.completed' }],
  ])('are told in a stream that waits for them, and what is decided there goes on: %s', async (verdict, last) => {
    verifies('responses.approvals')
    const key = await keyWith(['--group', 'default', '--scopes', 'ask,sessions,approve'])
    const response = await fetch(`${service.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'analyst', input: question, stream: true, approvals: { wait_ms: 600_000 } }),
    })
    expect(response.status).toBe(200)
    const asked: string[] = []
    const numbers: unknown[] = []
    let latest: Record<string, unknown> = {}
    for await (const data of eventData(response.body ?? new ReadableStream())) {
      latest = JSON.parse(data) as Record<string, unknown>
      if (latest['type'] !== 'sallyport.approval_requested') {
        numbers.push(latest['sequence_number'])
        continue
      }
      const { id } = latest['approval'] as { readonly id: string }
      asked.push(id)
      // Nothing of the call has run: it was told, and what comes of it was not.
      expect(await approvalOver('GET', { id, key })).toMatchObject({ status: 200, body: { state: 'pending' } })
      expect(await approvalOver('POST', { id, key, body: { verdict } })).toMatchObject({ status: 200 })
    }
    expect(asked.length).toBeGreaterThan(0)
    expect(numbers).toEqual(numbers.map((_number, at) => at))
    expect(latest).toMatchObject(last)
    const states = await Promise.all(asked.map((id) => approvalOver('GET', { id, key })))
    expect(states[0]?.body['state']).toBe(verdict === 'allow' ? 'used' : 'refused')
  })

  it('are edited by whoever asked, with the scope to write statements, and the answer goes on with what passes the gate', async () => {
    verifies('policy.edited-by-the-asker', 'responses.approvals')
    const key = await keyWith(['--group', 'default', '--scopes', 'ask,sessions,approve,sql'])
    const others = await keyWith(['--group', 'default', '--scopes', 'approve,sql'])
    const response = await fetch(`${service.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'analyst', input: question, stream: true, approvals: { wait_ms: 600_000 } }),
    })
    const asked: string[] = []
    const told: string[] = []
    for await (const data of eventData(response.body ?? new ReadableStream())) {
      told.push(data)
      const event = JSON.parse(data) as Record<string, unknown>
      if (event['type'] !== 'sallyport.approval_requested') continue
      const { id } = event['approval'] as { readonly id: string }
      asked.push(id)
      if (asked.length > 1) {
        // What touches the same column is asked about as well, under its own name.
        expect(await approvalOver('POST', { id, key, body: { verdict: 'refuse' } })).toMatchObject({ status: 200 })
        continue
      }
      const edit = { verdict: 'edit', text: 'SELECT email FROM customers ORDER BY email DESC LIMIT 1' }
      const { body } = await approvalOver('GET', { id, key })
      expect(body).toMatchObject({ editable: body['text'], changed_to: null })
      expect(await approvalOver('GET', { id, key: others })).toMatchObject({ status: 200, body: { editable: null } })
      expect(await approvalOver('POST', { id, key: others, body: edit })).toMatchObject({ status: 403 })
      for (const wrong of [{ verdict: 'edit' }, { verdict: 'edit', text: '' }, { ...edit, verdict: 'allow' }]) {
        expect(await approvalOver('POST', { id, key, body: wrong })).toMatchObject({
          status: 400,
          body: { error: { param: 'text' } },
        })
      }
      expect(await approvalOver('POST', { id, key, body: edit })).toMatchObject({
        status: 200,
        body: { state: 'refused' },
      })
      expect(await approvalOver('POST', { id, key, body: edit })).toMatchObject({
        status: 400,
        body: { code: 'conflict' },
      })
    }
    const states = await Promise.all(asked.map(async (id) => (await approvalOver('GET', { id, key })).body))
    expect(states.slice(0, 2)).toMatchObject([
      { state: 'refused', changed_to: expect.stringContaining('DESC') },
      { state: 'refused', changed_to: null, text: expect.stringMatching(/DESC/) },
    ])
    // The script of the demo’s model knows no such turn, and ends here; a real one is told what was written.
    expect(told.join('')).toContain('A person changed what this call runs')
  })

  it('are not allowed any more once they were refused', async () => {
    verifies('policy.approvers')
    const approver = await keyWith(['--group', 'default', '--scopes', 'approve'])
    const id = await waiting()
    await approvalOver('POST', { id, key: approver, body: { verdict: 'refuse' } })
    const late = await approvalOver('POST', { id, key: approver, body: { verdict: 'allow' } })
    expect(late).toMatchObject({ status: 400, body: { code: 'conflict' } })
    expect(await ask()).toMatchObject({ status: 403 })
  })

  it('leave a line on the trail for each thing that happened, and no word of the statement', async () => {
    verifies('policy.approved-told')
    const id = await waiting()
    await command('approvals', 'allow', id)
    expect(await ask()).toMatchObject({ status: 200 })
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    const lines = trail.split('\n').filter((line) => line.includes(id))
    const events = lines.map((line) => (JSON.parse(line) as { fact: { event: string } }).fact.event)
    for (const event of ['approval-asked', 'approval-allowed', 'approval-used']) expect(events).toContain(event)
    expect(trail).not.toContain('SELECT')
    expect(await command('audit', 'verify')).toMatchObject({ code: 0 })
  })
})

async function keyWith(terms: readonly string[]): Promise<string> {
  const made = await command('keys', 'create', 'test', ...terms)
  return /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
}
