import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { metricsOf, type Served } from '../support/cli/sallyport-process.ts'
import { filesIn, found } from '../support/http/leak-search.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const written = {
  value: 'value-canary Zyanya Quetzalli',
  context: 'context-canary: Zyanya “é”',
  note: 'note-canary 078-05-1120',
  kind: 'custom/kind-canary',
}
const oldKey = 'a'.repeat(64)
const newKey = 'b'.repeat(64)

let upstream: UpstreamServer
let service: Served
let receipt: string
const folder = temporaryFolder('sallyport-reports-')
beforeAll(async () => {
  upstream = await UpstreamServer.start({ kind: 'openai' })
  upstream.answer = echoModel({ say: () => ({ words: 'Fine.', calls: [] }) })
  const environment = {
    SALLYPORT_STATE_DIRECTORY: folder,
    SALLYPORT_SECRETS_DIRECTORY: join(folder, 'secrets'),
    SALLYPORT_TELEMETRY_LOG_LEVEL: 'trace',
    SALLYPORT_PRIVACY_KEY: oldKey,
  }
  service = await serveModels({ origins: { openai: upstream.origin }, privacy: {}, environment })
  const call = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] }
  receipt = (await post('/v1/chat/completions', call)).headers.get('x-sallyport-privacy-receipt') ?? 'none'
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

async function post(path: string, body: unknown): Promise<Response & { readonly written?: string }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${service.key}` }
  return fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function report(): Promise<string> {
  const response = await post('/v1/privacy/reports', { receipt, fault: 'missed', ...written })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}

const run = (words: readonly string[], changes: Readonly<Record<string, string>> = {}) =>
  sallyportHere(['pii', 'reports', ...words], { environment: { ...service.environment, ...changes } })
const shown = async (id: string, changes: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await run(['show', id, '--show-values', '--output', 'json'], changes)
  return code === 0 ? (JSON.parse(stdout) as object) : { code, stderr }
}
const trail = () => readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')

describe('a report of a miss', () => {
  it('is read by an operator with the key of the service, its texts only where they are asked for', async () => {
    verifies('pii.reports-read')
    const id = await report()
    const listed = await run(['list'])
    expect(listed.stdout).toContain(`${id}  `)
    expect(JSON.parse((await run(['list', '--output', 'json'])).stdout)).toMatchObject({
      reports: expect.arrayContaining([expect.objectContaining({ id, fault: 'missed', receipt })]) as object[],
    })
    const quiet = await run(['show', id])
    expect(quiet.stdout).toContain('kind     custom/kind-canary')
    expect(quiet.stdout).toContain('value    29 characters (--show-values prints them)')
    expect(quiet.stdout).not.toMatch(/Zyanya|078/)
    expect((await run(['show', id, '--show-values'])).stdout).toContain(`value    ${written.value}`)
    expect(await shown(id)).toMatchObject({ id, ...written })
    expect(trail()).toContain(`"event":"privacy-report-show","report":"${id}","values":false`)
    expect(trail()).toContain(`"event":"privacy-report-show","report":"${id}","values":true`)
  })

  it('is in no file, log, metric, trail or list as anything that can be read', async () => {
    verifies('pii.reports')
    const id = await report()
    const refused = await post('/v1/privacy/reports', { receipt: 'prc_none', fault: 'missed', ...written })
    const texts = {
      ...filesIn([folder, dirname(service.environment['SALLYPORT_STORAGE_PATH'] ?? '')]),
      log: service.log(),
      metrics: await metricsOf(service),
      refused: await refused.text(),
      list: (await run(['list', '--output', 'json'])).stdout,
    }
    expect(refused.status).toBe(400)
    expect(found(texts, written)).toEqual([])
    // The search finds what is there.
    expect(found(texts, { id }).length).toBeGreaterThan(2)
  })

  it('is opened by the key that replaces the one it was sealed with, and by no other', async () => {
    verifies('pii.reports-sealed')
    const id = await report()
    const withFormer = { SALLYPORT_PRIVACY_KEY: newKey, SALLYPORT_PRIVACY_FORMER_KEYS: oldKey }
    expect(await shown(id, { SALLYPORT_PRIVACY_KEY: newKey })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('sealed with a key that is not there') as string,
    })
    expect(await shown(id, withFormer)).toMatchObject(written)
    expect(await shown(id, { SALLYPORT_PRIVACY_KEY: newKey })).toMatchObject(written)
    expect(await shown(id)).toMatchObject({ code: 1 })
  })

  it('is not opened where the key is not there, and no other key is made in its place', async () => {
    const id = await report()
    const { SALLYPORT_PRIVACY_KEY: _key, ...environment } = service.environment
    const secrets = join(folder, 'no-secrets')
    const { code, stderr } = await sallyportHere(['pii', 'reports', 'show', id], {
      environment: { ...environment, SALLYPORT_SECRETS_DIRECTORY: secrets },
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not there') as string])
    expect(() => readFileSync(join(secrets, 'privacy.key'))).toThrow(/ENOENT/)
  })

  it('is closed for good, all that are named or none, and a backup has none of them', async () => {
    verifies('pii.reports-forgotten')
    const [one, other] = [await report(), await report()]
    const wrong = await run(['close', one, 'prp_none'])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('There is no report "prp_none"') as string])
    expect(await shown(one)).toMatchObject({ id: one })
    const backup = join(folder, 'backup.db')
    const { environment } = service
    expect(await sallyportHere(['storage', 'backup', backup], { environment })).toMatchObject({ code: 0 })
    expect((await run(['close', one, other])).stdout).toBe('Closed 2 reports.\n')
    for (const id of [one, other]) {
      expect(await shown(id)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('There is no report') as string,
      })
      expect(readFileSync(backup, 'latin1')).not.toContain(id)
    }
    expect(await sallyportHere(['storage', 'restore', backup], { environment })).toMatchObject({ code: 0 })
    expect(await shown(one)).toMatchObject({ code: 2 })
    expect(trail()).toContain(`"event":"privacy-report-close","reports":["${one}","${other}"]`)
    rmSync(backup)
  })
})
