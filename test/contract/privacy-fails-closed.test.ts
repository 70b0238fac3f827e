import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import type { MaskedConversations } from '../../src/core/masked-conversations.ts'
import { createFilterChain } from '../../src/filters/chain.ts'
import type { Filter } from '../../src/filters/filter.ts'
import { openKeyFile } from '../../src/files/key-file.ts'
import { createDetectorsFor } from '../../src/gateway/privacy/detect/detectors.ts'
import { privacyKeyPurpose } from '../../src/gateway/privacy/keys/paths.ts'
import { TokenKeys } from '../../src/gateway/privacy/keys/token-keys.ts'
import { key } from '../support/http/http-service.ts'
import { maskedConversationsInMemory } from '../support/http/masked-conversations-in-memory.ts'
import { startPassService, type PassServiceOptions } from '../support/http/pass-service.ts'
import { upstreamFaults, type UpstreamFault } from '../support/http/upstream/upstream-faults.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'
const fault = new Error(`at ${email}`)

const detectorsOf = (inspect: Filter['inspect'], deadlineMilliseconds = 20_000) => {
  const filters = [{ name: 'broken@1', onFailure: 'closed', inspect }] as const
  const chain = createFilterChain({ deadlineMilliseconds, filters })
  return () => ({ chain, answerChain: chain, beginnings: null })
}

function damagedKey(): string {
  const path = join(temporaryFolder('sallyport-key-'), 'privacy.key')
  writeFileSync(path, 'no key')
  return path
}

interface Fault {
  readonly name: string
  readonly status: number
  readonly options?: PassServiceOptions
  readonly content?: string
}

const faults: readonly Fault[] = [
  {
    name: 'a detector that fails',
    status: 400,
    options: { detectorsFor: detectorsOf(async () => Promise.reject(fault)) },
  },
  {
    name: 'a detector that never answers',
    status: 400,
    options: { detectorsFor: detectorsOf(() => new Promise(() => {}), 50) },
  },
  { name: 'no key of the tokens', status: 500, options: { tokenKeys: () => Promise.reject(fault) } },
  {
    name: 'a damaged file of the key',
    status: 500,
    options: { tokenKeys: async () => new TokenKeys(await openKeyFile(damagedKey(), privacyKeyPurpose)) },
  },
  { name: 'a profile that is not there', status: 500, options: { group: { privacy_profile: 'nobody' } } },
  {
    name: 'JSON in a text that is nested too deep',
    status: 400,
    content: `${'['.repeat(9_000)}"${email}"${']'.repeat(9_000)}`,
  },
  {
    name: 'a value that the profile refuses',
    status: 400,
    options: { privacy: { profiles: { default: { rules: { pii: { action: 'block' } } } } } },
  },
]

const slow = createDetectorsFor({ deadline_ms: 1, profiles: {}, presidio: null })

it('names its own setting where looking through a text takes too long', async () => {
  await using at = await startPassService({ group: { privacy_profile: 'default' }, detectorsFor: slow })
  const content = `Mail ${email} or 4111 1111 1111 1111. `.repeat(20_000)
  const response = await at.service.post(
    { model: 'gpt-5', messages: [{ role: 'user', content }] },
    {},
    '/v1/chat/completions',
  )
  expect([response.status, at.openai.requests.length]).toEqual([400, 0])
  expect(await response.text()).toMatch(/took longer than 1 ms \(privacy\.deadline_ms\).*raise privacy\.deadline_ms/)
})

describe('nothing is sent, and no value is said, because of', () => {
  it.each(faults)('$name', async ({ status, options, content = `Mail ${email}` }) => {
    verifies('pii.fail-closed')
    await using at = await startPassService({ group: { privacy_profile: 'default' }, ...options })
    const message = { role: 'user', content }
    for (const [path, body] of [
      ['/v1/chat/completions', { model: 'gpt-5', messages: [message] }],
      ['/v1/chat/completions', { model: 'gpt-5', stream: true, messages: [message] }],
      ['/v1/responses', { model: 'gpt-5', input: [message] }],
      ['/v1/messages', { model: 'claude-sonnet-5', max_tokens: 9, messages: [message] }],
      ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'a', metadata: { a: content } }],
    ] as const) {
      const response = await at.service.post(body, { 'anthropic-version': '2023-06-01' }, path)
      const text = await response.text()
      expect([path, response.status, text.includes(email)]).toEqual([path, status, false])
    }
    expect([...at.openai.requests, ...at.anthropic.requests]).toEqual([])
  })
})

describe('a conversation that the provider is to keep', () => {
  const path = '/v1/responses'
  const down = new ServiceError('storage-unavailable', 'The storage has no room left on its disk.')
  const failing = (...methods: readonly (keyof MaskedConversations)[]): MaskedConversations => ({
    ...maskedConversationsInMemory(),
    ...Object.fromEntries(methods.map((method) => [method, () => Promise.reject(down)])),
  })

  it.each([
    ['begin where its values cannot be kept', failing('keep'), { input: `Mail ${email}` }],
    ['begin where its values cannot be kept, streamed', failing('keep'), { input: `Mail ${email}`, stream: true }],
  ])('does not %s', async (_what, maskedConversations, body) => {
    verifies('pii.fail-closed')
    await using at = await startPassService({ group: { privacy_profile: 'default' }, maskedConversations })
    const response = await at.service.post({ model: 'gpt-5', ...body }, {}, path)
    const text = await response.text()
    expect([response.status, at.openai.requests.length, text.includes(email)]).toEqual([503, 0, false])
    expect(text).toContain('storage-unavailable')
    // What needs no storage goes on.
    const other = await at.service.post({ model: 'gpt-5', ...body, store: false }, {}, path)
    expect([other.status, at.openai.requests.length]).toEqual([200, 1])
  })

  it('does not go on where its values cannot be read, or the key that sealed them is not there', async () => {
    verifies('pii.fail-closed')
    const stored = maskedConversationsInMemory()
    const faults = { find: false, key: false }
    const maskedConversations: MaskedConversations = {
      ...stored,
      find: (answer) => (faults.find ? Promise.reject(down) : stored.find(answer)),
    }
    const tokenKeys = async () => {
      if (faults.key) throw new Error('the file of the key is gone')
      return new TokenKeys(Buffer.alloc(32, 7))
    }
    await using at = await startPassService({ group: { privacy_profile: 'default' }, maskedConversations, tokenKeys })
    const begun = await at.service.post({ model: 'gpt-5', input: `Mail ${email}` }, {}, path)
    const { id } = (await begun.json()) as { readonly id: string }
    at.openai.requests.length = 0
    for (const [fault, status] of [
      ['find', 503],
      ['key', 500],
    ] as const) {
      Object.assign(faults, { find: false, key: false, [fault]: true })
      for (const input of ['And?', `And ${email}?`]) {
        const response = await at.service.post({ model: 'gpt-5', input, previous_response_id: id }, {}, path)
        expect([fault, response.status, (await response.text()).includes(email)]).toEqual([fault, status, false])
      }
    }
    expect(at.openai.requests).toEqual([])
    Object.assign(faults, { find: false, key: false })
    const after = await at.service.post({ model: 'gpt-5', input: 'And?', previous_response_id: id }, {}, path)
    expect([after.status, at.openai.requests.length]).toEqual([200, 1])
  })

  it.each([false, true])(
    'tells nobody of an answer that could not be noted as its own, streamed: %s',
    async (stream) => {
      const maskedConversations = failing('answered')
      await using at = await startPassService({ group: { privacy_profile: 'default' }, maskedConversations })
      const response = await at.service.post({ model: 'gpt-5', stream, input: `Mail ${email}` }, {}, path)
      const text = await response.text()
      expect([response.status, at.openai.requests.length]).toEqual([503, 1])
      expect(text).not.toContain('resp_')
      expect(text).not.toContain(email)
    },
  )
})

describe('an answer', () => {
  it.each([false, true])('is not given where a detector fails on what the model says, streamed: %s', async (stream) => {
    const detectorsFor = detectorsOf(async (parts) => {
      if (parts.some(({ provenance }) => provenance === 'model')) throw fault
      return []
    })
    await using at = await startPassService({ group: { privacy_profile: 'default' }, detectorsFor })
    at.openai.answer = echoModel({ say: () => ({ words: `I know ${email} and card 4111 1111 1111 1111.`, calls: [] }) })
    const body = { model: 'gpt-5', stream, messages: [{ role: 'user', content: 'Hello' }] }
    const response = await at.service.post(body)
    const text = await response.text()
    expect(text).not.toContain('hamlin')
    expect(text).not.toContain('4111')
    expect(text).toContain('did not finish its check')
    expect(text).not.toContain('[DONE]')
  })
})

describe('a call that fails at the upstream', () => {
  const faults = Object.keys(upstreamFaults) as UpstreamFault[]

  it.each(faults)('names its receipt, where the upstream has: %s', async (fault) => {
    verifies('pii.receipts')
    const upstream = { timeout_ms: 200, idle_timeout_ms: 200 }
    await using at = await startPassService({ group: { privacy_profile: 'default' }, upstream })
    at.openai.fault = fault
    for (const stream of [false, true]) {
      const body = { model: 'gpt-5', stream, messages: [{ role: 'user', content: `Mail ${email}` }] }
      const response = await at.service.post(body)
      await response.text().catch(() => '')
      const id = response.headers.get('x-sallyport-privacy-receipt') ?? 'none'
      const told = await fetch(`${at.service.url}/v1/privacy/receipts/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      expect(await told.json()).toMatchObject({ id, masked: { count: 1, by_kind: { 'pii/email': 1 } } })
    }
  })

  it('has none where nothing was sent', async () => {
    await using at = await startPassService({ group: { privacy_profile: 'default' } })
    const content = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }]
    const response = await at.service.post({ model: 'gpt-5', messages: [{ role: 'user', content }] })
    expect([response.status, response.headers.get('x-sallyport-privacy-receipt')]).toEqual([400, null])
  })
})

describe('a profile that annotates', () => {
  it.each(['/v1/chat/completions', '/v1/responses', '/v1/messages', '/v1/embeddings'])(
    'sends what it finds as it is, and says so in the receipt of each call of %s',
    async (path) => {
      verifies('pii.rules')
      const profiles = { default: { rules: { pii: { action: 'annotate' } } } }
      await using at = await startPassService({ group: { privacy_profile: 'default' }, privacy: { profiles } })
      const content = `Mail ${email} or 4111 1111 1111 1111`
      const bodies: Readonly<Record<string, object>> = {
        '/v1/chat/completions': { model: 'gpt-5', messages: [{ role: 'user', content }] },
        '/v1/responses': { model: 'gpt-5', input: content },
        '/v1/messages': { model: 'claude-sonnet-5', max_tokens: 9, messages: [{ role: 'user', content }] },
        '/v1/embeddings': { model: 'text-embedding-3-small', input: content },
      }
      for (let call = 0; call < 3; call += 1) {
        const response = await at.service.post(bodies[path], { 'anthropic-version': '2023-06-01' }, path)
        await response.text()
        const id = response.headers.get('x-sallyport-privacy-receipt') ?? 'none'
        const told = await fetch(`${at.service.url}/v1/privacy/receipts/${id}`, {
          headers: { authorization: `Bearer ${key}` },
        })
        expect(await told.json()).toMatchObject({
          masked: { count: 0 },
          annotated: { count: 2, by_kind: { 'pii/email': 1, 'pii/card': 1 } },
        })
      }
      const sent = [...at.openai.requests, ...at.anthropic.requests]
      expect(sent.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual(Array(3).fill(bodies[path]))
    },
  )
})
