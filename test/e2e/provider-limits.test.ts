import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { ScriptedUpstream } from '../support/routing/scripted-upstream.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const used = (reset: string) => ({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': reset })
const anthropic = (reset: string) => ({
  'anthropic-ratelimit-requests-remaining': '0',
  'anthropic-ratelimit-requests-reset': reset,
})
const year = 365 * 86_400

it('a provider whose limit is used up is asked again when it says, and not at all where that is far', async () => {
  verifies('faults.waits')
  await using upstream = await ScriptedUpstream.start()
  const file = join(temporaryFolder('sallyport-limits-'), 'sallyport.yaml')
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      upstreams: { one: { kind: 'openai', base_url: upstream.baseUrl, models: ['limited'] } },
      gateway: { attempts: { retries: 1 }, groups: { default: { models: ['limited'] } } },
    }),
  )
  await using service = await serve({ SALLYPORT_CONFIG: file })
  const askedWith = async (headers: Readonly<Record<string, string>>) => {
    upstream.startOver()
    upstream.behave = () => (upstream.calls.length === 1 ? { status: 429, headers } : {})
    const { status, headers: told } = await fetch(`${service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'limited', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    return { asked: upstream.calls.length, isAnswered: status === 200, retryAfter: Number(told.get('retry-after')) }
  }
  const again = { asked: 2, isAnswered: true }
  const once = { asked: 1, isAnswered: false }
  expect(await askedWith(used('30ms'))).toMatchObject(again)
  expect(await askedWith(anthropic(new Date().toISOString()))).toMatchObject(again)
  expect(await askedWith(used('1h0m'))).toEqual({ ...once, retryAfter: 3_600 })
  // What is left is not waited for, and neither is what cannot be read.
  expect(await askedWith({ ...used('1h0m'), 'x-ratelimit-remaining-tokens': '7' })).toMatchObject(again)
  expect(await askedWith(used('-1h'))).toMatchObject(again)
  for (const hostile of [`${'9'.repeat(300)}h`, '9999-12-31T00:00:00Z']) {
    expect(await askedWith(used(hostile))).toEqual({ ...once, retryAfter: year })
  }
  // What stands in the headers for it counts first.
  expect(await askedWith({ ...used('1h0m'), 'retry-after-ms': '20' })).toMatchObject(again)
})
