import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as send, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import Anthropic, { PermissionDeniedError as DeniedByAnthropic } from '@anthropic-ai/sdk'
import OpenAI, { PermissionDeniedError } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { payloadsOf, ruleAttacks } from '../support/waf/rule-attacks.ts'
import { ScannedUpstream } from '../support/waf/scanned-upstream.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { verifies } from '../support/verifies.ts'

const program = wafProgram()
if ('missing' in program)
  process.stderr.write(`SKIPPED: the firewall of deploy/waf cannot be had: ${program.missing}\n`)
const exclusions = join(wafFolder, 'exclusions.conf')
const json = { 'content-type': 'application/json' }

describe.skipIf('missing' in program)('an exchange through the firewall', () => {
  const path = 'missing' in program ? '' : program.path
  let upstream: ScannedUpstream
  let waf: WafServer
  let refused: string

  beforeAll(async () => {
    if ('missing' in program) return
    upstream = await ScannedUpstream.start()
    const flags = ['-body-limit', '20000', '-argument-limit', '200', '-scan-limit', '3000']
    waf = await WafServer.start(path, upstream.url, { exclusions, flags })
    for (const payload of payloadsOf(ruleAttacks(program.ruleTests))) {
      const answer = await fetch(`${waf.url}/v1/sql`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ a: payload }),
      })
      if (answer.status !== 403) continue
      refused = payload
      break
    }
  })
  afterAll(async () => {
    await waf[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  it('passes each piece of a stream on before the next one is written', async () => {
    verifies('waf.streams')
    let next: (() => void) | undefined
    upstream.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      let written = 0
      next = () => (written === 3 ? response.end() : response.write(`data: ${(written += 1)}\n\n`))
      next()
    }
    const answer = await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers: json, body: '{}' })
    const pieces: string[] = []
    for await (const piece of answer.body ?? []) {
      pieces.push(Buffer.from(piece).toString())
      next?.()
    }
    expect(pieces).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'])
  })

  it('tells the service when a caller has gone', async () => {
    verifies('waf.streams')
    const leaving = new AbortController()
    const gone = new Promise((tell) => {
      upstream.answer = (_request, response) => {
        response.once('close', tell)
        response.write('data: 1\n\n')
      }
    })
    const { signal } = leaving
    const answer = await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers: json, body: '{}', signal })
    await answer.body?.getReader().read()
    leaving.abort()
    await gone
    upstream.answer = (_request, response) => void response.end('{}')
    expect((await fetch(`${waf.url}/v1/models`)).status).toBe(200)
  })

  it('hands on the bytes of a body, its host and from where it came', async () => {
    const body = '{ "messages": [ {"role":"user", "content":"caf\\u00e9 ☕"} ] }'
    const seen = new Promise<readonly unknown[]>((tell) => {
      upstream.answer = ({ headers }, response, received) => {
        tell([received.toString(), headers.host, headers['x-forwarded-for'], headers['content-length']])
        response.end('{}')
      }
    })
    const headers = { ...json, 'x-forwarded-for': '192.0.2.7' }
    await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers, body })
    const host = new URL(waf.url).host
    expect(await seen).toEqual([body, host, '192.0.2.7, 127.0.0.1', String(Buffer.byteLength(body))])
  })

  it.each([
    ['a body', `{"messages":[{"role":"user","content":"${'x'.repeat(20_000)}"}]}`],
    ['a number of members', JSON.stringify({ messages: Array.from({ length: 201 }, () => ({ role: 'user' })) })],
    ['an amount of text outside positions', JSON.stringify({ metadata: { note: 'words '.repeat(600) } })],
    ['names without end', JSON.stringify({ metadata: { ['x'.repeat(3_100)]: 1 } })],
  ])('refuses %s over its limit whole', async (_kind, body) => {
    verifies('waf.limits')
    const before = upstream.passed
    const answer = await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers: json, body })
    expect([answer.status, await answer.json()]).toEqual([
      413,
      expect.objectContaining({
        type: 'urn:sallyport:waf:payload-too-large',
        request_id: expect.any(String) as string,
      }),
    ])
    expect(upstream.passed).toBe(before)
  })

  it.each([
    ['no JSON', '{"messages":'],
    ['two values', '{"messages":[]}{"messages":[]}'],
    ['nesting without end', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ])('refuses a body of %s', async (_kind, body) => {
    verifies('waf.limits')
    const before = upstream.passed
    const answer = await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers: json, body })
    expect([answer.status, upstream.passed]).toEqual([400, before])
  })

  it('takes a history of many long turns at positions, which do not count as scanned', async () => {
    upstream.answer = (_request, response) => void response.end('{}')
    const messages = Array.from({ length: 30 }, () => ({ role: 'user', content: 'const x = 1; '.repeat(40) }))
    const body = JSON.stringify({ messages })
    const answer = await fetch(`${waf.url}/v1/chat/completions`, { method: 'POST', headers: json, body })
    expect(answer.status).toBe(200)
  })

  it('has a picture in a form, which is no argument; one in JSON at no position counts as text that is scanned', async () => {
    verifies('waf.limits')
    upstream.answer = (_request, response, received) => void response.end(String(received.length > 10_000))
    const form = new FormData()
    form.set('image', new Blob([randomBytes(15_000)], { type: 'image/jpeg' }), 'photo.jpg')
    const sent = await fetch(`${waf.url}/endpoints/classifier`, { method: 'POST', body: form })
    expect([sent.status, await sent.text()]).toEqual([200, 'true'])
    const body = JSON.stringify({ image: randomBytes(3_000).toString('base64') })
    const inJson = await fetch(`${waf.url}/endpoints/classifier`, { method: 'POST', headers: json, body })
    expect(inJson.status).toBe(413)
  })

  it('is not begun where it expects to be told to go on, as the rule set has it', async () => {
    const outgoing = send(`${waf.url}/v1/sql`, { method: 'POST', headers: { ...json, expect: '100-continue' } })
    outgoing.end('{"statement":"SELECT 1"}')
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(403)
  })

  it('is refused to clients of OpenAI and Anthropic in the form of their API; the rules are in the log alone', async () => {
    verifies('waf.refusals')
    const openai = new OpenAI({ baseURL: `${waf.url}/v1`, apiKey: 'sp-x' })
    const anthropic = new Anthropic({ baseURL: waf.url, apiKey: 'sp-x' })
    const asked = [
      openai.chat.completions.create({ model: refused, messages: [] }),
      openai.responses.create({ model: refused, input: 'Hello' }),
      openai.embeddings.create({ model: refused, input: 'Hello' }),
      anthropic.messages.create({ model: refused, max_tokens: 1, messages: [] }),
    ]
    const before = waf.lines.length
    const [chat, responses, embeddings, message] = await Promise.all(
      asked.map((each) => each.catch((error: unknown) => error)),
    )
    for (const error of [chat, responses, embeddings]) {
      expect(error).toBeInstanceOf(PermissionDeniedError)
      expect(error).toMatchObject({
        status: 403,
        code: 'request-blocked',
        type: 'permission_error',
        requestID: expect.stringMatching(/^waf_[0-9a-f]{32}$/) as string,
      })
    }
    expect(message).toBeInstanceOf(DeniedByAnthropic)
    expect(message).toMatchObject({
      status: 403,
      error: { type: 'error', error: { type: 'permission_error' }, problem: 'urn:sallyport:waf:request-blocked' },
    })
    const paths = new Set(['/v1/chat/completions', '/v1/responses', '/v1/embeddings', '/v1/messages'])
    const newLines = () => waf.lines.slice(before).filter((line) => paths.has(line.path ?? ''))
    await expect.poll(newLines).toHaveLength(asked.length)
    const lines = newLines()
    expect(lines.map(({ msg, status, rules = [] }) => [msg, status, rules.length > 0])).toEqual(
      asked.map(() => ['refused', 403, true]),
    )
    expect(JSON.stringify(waf.lines)).not.toContain(JSON.stringify(refused).slice(1, -1))
    const answered = JSON.stringify([chat, message])
    for (const rule of lines.flatMap(({ rules = [] }) => rules)) expect(answered).not.toContain(String(rule))
  })

  it('reaches Sallyport, whose refusals come back as they are, and those of the firewall read alike', async () => {
    verifies('waf.refusals')
    await using service = await serve()
    await using front = await WafServer.start(path, service.url, { exclusions })
    const client = new OpenAI({ baseURL: `${front.url}/v1`, apiKey: service.key })
    const listed = await client.models.list()
    expect(listed.data.map(({ id }) => id)).toContain('analyst')
    const ask = async (model: string) =>
      client.chat.completions
        .create({ model, messages: [{ role: 'user', content: refused }] })
        .catch((error: unknown) => error)
    expect(await ask('no-such-model')).toMatchObject({ status: 404, code: 'model_not_found' })
    const blocked = await ask(refused)
    expect(blocked).toBeInstanceOf(PermissionDeniedError)
    expect(blocked).toMatchObject({
      status: 403,
      code: 'request-blocked',
      message: expect.stringContaining('request id') as string,
    })
    const headers = { ...json, authorization: `Bearer ${service.key}` }
    const body = JSON.stringify({ statement: `SELECT count(*) FROM orders -- ${refused.replaceAll('\n', ' ')}` })
    const checked = await fetch(`${front.url}/v1/sql/check`, { method: 'POST', headers, body })
    expect([checked.status, await checked.json()]).toEqual([
      200,
      expect.objectContaining({ verdict: expect.any(String) as string }),
    ])
    const members = (error: unknown) => Object.keys((error as { error: object }).error).toSorted()
    expect(members(blocked)).toEqual(members(await ask('no-such-model')))
  })

  it('is answered by the firewall where the service is not there', async () => {
    verifies('waf.refusals')
    await using alone = await WafServer.start(path, 'http://127.0.0.1:1', { exclusions })
    const answer = await fetch(`${alone.url}/v1/messages`, { method: 'POST', headers: json, body: '{}' })
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      502,
      '5',
      expect.objectContaining({ type: 'error', error: expect.objectContaining({ type: 'api_error' }) as object }),
    ])
    const health = await fetch(`${alone.url}/waf/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
  })

  it('ends before the firewall does, which takes no new ones once it is told to stop', async () => {
    await using leaving = await WafServer.start(path, upstream.url, { exclusions })
    let finish: (() => void) | undefined
    upstream.answer = (_request, response) => {
      response.write('data: 1\n\n')
      finish = () => response.end('data: 2\n\n')
    }
    const answer = await fetch(`${leaving.url}/v1/chat/completions`, { method: 'POST', headers: json, body: '{}' })
    const ended = once(leaving.process, 'exit')
    leaving.process.kill('SIGTERM')
    await expect
      .poll(async () =>
        fetch(`${leaving.url}/waf/health`).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused')
    finish?.()
    expect([await answer.text(), (await ended)[0]]).toEqual(['data: 1\n\ndata: 2\n\n', 0])
  })

  it.each([
    [['-upstream', 'here'], '-upstream "here" must be an address'],
    [['-exclusions', '/nowhere'], '/nowhere'],
    [['-body-limit', '0'], 'must be 1 or more'],
    [['serve'], '"serve" is no flag'],
    [['-listen', '127.0.0.1:1', '-check'], 'connection refused'],
  ])('does not begin where the firewall was started with %j', (flags, said) => {
    const { status, stderr } = spawnSync(path, flags, { encoding: 'utf8', env: {} })
    expect([status, stderr]).toEqual([1, expect.stringContaining(said) as string])
  })

  it('is asked for by a container with the flag -check, by variables too', () => {
    const { status, stderr } = spawnSync(path, ['-check'], {
      encoding: 'utf8',
      env: { WAF_LISTEN: new URL(waf.url).host },
    })
    expect([status, stderr]).toEqual([0, ''])
  })
})
