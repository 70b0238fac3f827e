import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFilterChain } from '../../src/filters/chain.ts'
import type { Filter } from '../../src/filters/filter.ts'
import { openKeyFile } from '../../src/files/key-file.ts'
import { createDetectorsFor } from '../../src/gateway/privacy/detectors.ts'
import { privacyKeyPurpose } from '../../src/gateway/privacy/paths.ts'
import { TokenKeys } from '../../src/gateway/privacy/token-keys.ts'
import { startPassService, type PassServiceOptions } from '../support/http/pass-service.ts'
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
