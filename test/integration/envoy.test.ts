import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { createKey, serve, type Served } from '../support/cli/sallyport-process.ts'
import { deployed, EnvoyServer, envoyProgram, without } from '../support/envoy/envoy-program.ts'
import { ModelSocket } from '../support/envoy/model-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const page = readFileSync(resolve(import.meta.dirname, '../../docs/deploy/envoy.md'), 'utf8')
const configuration = parse(/^```yaml\n(.*?)^```/ms.exec(page)?.[1] ?? '') as {
  upstreams: Record<string, object>
  gateway: { groups: Record<string, object> }
}
configuration.upstreams['other'] = { kind: 'anthropic', base_url: 'http://127.0.0.1:9/v1', models: ['claude-sonnet-5'] }
configuration.gateway.groups['default'] = { models: ['gpt-5', 'claude-sonnet-5'] }
configuration.gateway.groups['strangers'] = { models: [] }

describe.skipIf('missing' in program)('Envoy with ext_authz alone', () => {
  const socket = join(temporaryFolder('sallyport-envoy-socket-'), 'envoy.sock')
  let model: ModelSocket
  let service: Served
  let envoy: EnvoyServer

  beforeAll(async () => {
    const file = join(temporaryFolder('sallyport-envoy-config-'), 'sallyport.yaml')
    writeFileSync(file, JSON.stringify(configuration))
    model = await ModelSocket.start()
    service = await serve({
      SALLYPORT_CONFIG: file,
      SALLYPORT_ENVOY_LISTEN: `unix:${socket}`,
      SALLYPORT_ENVOY_ROLES: 'ext-authz',
    })
    envoy = await EnvoyServer.start(path, without('ext_proc', deployed({ model: model.path, sallyport: socket })))
  })
  beforeEach(() => model.forget())
  afterAll(async () => {
    await envoy[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })

  const ask = async (
    key: string | null,
    at = '/v1/chat/completions',
    more: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) => {
    const headers = { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) }
    const body = '{"model":"gpt-5","messages":[]}'
    const answer = await fetch(`${envoy.url}${at}`, {
      method: 'POST',
      body,
      ...more,
      headers: { ...headers, ...more.headers },
    })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: JSON.parse(text || 'null') as Record<string, unknown>,
    }
  }

  it('is valid for Envoy', () => {
    verifies('envoy.page')
    const file = resolve(import.meta.dirname, '../../deploy/envoy/envoy.yaml')
    const checked = spawnSync(path, ['--mode', 'validate', '-c', file], { encoding: 'utf8' })
    expect(checked.stdout + checked.stderr).toContain(`configuration '${file}' OK`)
  })

  it('lets a caller through whom Sallyport knows and whose group may ask the model', async () => {
    verifies('envoy.head')
    expect((await ask(service.key)).status).toBe(200)
    expect(model.bodies).toEqual(['{"model":"gpt-5","messages":[]}'])
  })

  it('answers in the form of the API in the place of the model where the head is enough to say no', async () => {
    verifies('envoy.head')
    const stranger = await createKey(service, 'strangers')
    const nobody = await ask('sp-nobody')
    expect(nobody.status).toBe(401)
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="sallyport"')
    expect(nobody.json).toMatchObject({
      code: 'unauthenticated',
      request_id: nobody.headers.get('x-request-id'),
      error: { type: 'authentication_error' },
    })
    const outcome = async (...words: Parameters<typeof ask>) => {
      const { status, json } = await ask(...words)
      return [status, json['code']]
    }
    const encoded = { headers: { 'content-encoding': 'gzip' } }
    const part = { headers: { 'content-range': 'bytes 0-1/31' } }
    expect([
      await outcome(null),
      await outcome(stranger),
      await outcome(service.key, '/v1/files'),
      await outcome(service.key, '/v1/chat/completions', { method: 'PUT' }),
      await outcome(service.key, '/v1/chat/completions', encoded),
      await outcome(service.key, '/v1/chat/completions', part),
      // A model of another upstream is not behind this Envoy.
      await outcome(service.key, '/v1/messages'),
    ]).toEqual([
      [401, 'unauthenticated'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [405, 'method-not-allowed'],
      [415, 'unsupported-media-type'],
      [400, 'invalid-request'],
      [403, 'forbidden'],
    ])
    expect(model.heads).toEqual([])
  })

  it('refuses one whose key was revoked, and passes nothing while Sallyport cannot be asked', async () => {
    verifies('envoy.closed')
    const key = await createKey(service, 'default')
    expect((await ask(key)).status).toBe(200)
    const listed = await sallyportHere(['keys', 'list', '--output', 'json'], { environment: service.environment })
    const last = (JSON.parse(listed.stdout) as { keys: { id: string }[] }).keys.at(-1)
    await sallyportHere(['keys', 'revoke', last?.id ?? ''], { environment: service.environment })
    expect((await ask(key)).status).toBe(401)
    model.forget()
    await using away = await EnvoyServer.start(
      path,
      without('ext_proc', deployed({ model: model.path, sallyport: `${socket}.away` })),
    )
    const answer = await fetch(`${away.url}/v1/chat/completions`, { method: 'POST', body: '{}' })
    expect([answer.status, model.heads]).toEqual([503, []])
  })
})
