import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { completion, startFakeLlamaGuard } from '../support/filters/remote/fake-judge.ts'
import { sendJson, type FakeServer } from '../support/filters/remote/fake-server.ts'
import { startFakeWebhook, webhookKey } from '../support/filters/remote/fake-webhook.ts'
import { ScriptedUpstream } from '../support/routing/scripted-upstream.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

interface Beside {
  readonly judge: FakeServer
  readonly webhook: FakeServer
  readonly upstream: ScriptedUpstream
}

/** A service whose callers are filtered by a judge and a webhook, both of which have to answer. */
function serveBeside({ judge, webhook, upstream }: Beside): Promise<Served> {
  const folder = temporaryFolder('sallyport-detectors-')
  const [file, signing] = [join(folder, 'sallyport.yaml'), join(folder, 'signing-key')]
  writeFileSync(signing, webhookKey)
  const configuration = {
    upstreams: { one: { kind: 'openai', base_url: upstream.baseUrl, models: ['talks'] } },
    filters: {
      detectors: {
        guard: { kind: 'judge', url: `${judge.url}/v1`, model: 'guard', verdict: 'llama-guard' },
        own: {
          kind: 'webhook',
          url: webhook.url,
          categories: ['guard/threat'],
          signing_key: { file: signing },
        },
      },
      profiles: {
        strict: { inbound: { 'toxicity/hate': { action: 'block' }, 'guard/threat': { action: 'block' } } },
      },
    },
    gateway: { groups: { default: { models: ['talks'], call_filter_profile: 'strict' } } },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  return serve({ SALLYPORT_CONFIG: file })
}

describe('a service with detectors that are other programs', () => {
  it('sends a model what they let pass, and nothing else, nor what they gave no verdict on', async () => {
    verifies('detectors.take-part')
    await using judge = await startFakeLlamaGuard()
    await using webhook = await startFakeWebhook()
    await using upstream = await ScriptedUpstream.start()
    await using service = await serveBeside({ judge, webhook, upstream })
    const ask = async (content: string) => {
      upstream.startOver()
      const { status } = await fetch(`${service.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'talks', messages: [{ role: 'user', content }] }),
      })
      return [status, upstream.calls.length]
    }
    expect(await ask('Good morning')).toEqual([200, 1])
    expect(await ask('You vermin')).toEqual([400, 0])
    expect(await ask('I will hurt you')).toEqual([400, 0])
    judge.answer = (response) => sendJson(response, { status: 200, body: completion('I think this is safe.') })
    expect(await ask('Good evening')).toEqual([400, 0])
    judge.answer = null
    expect(await ask('Good night')).toEqual([200, 1])
  })

  it('is ready only while those that have to answer can be asked, and says in its log which cannot', async () => {
    verifies('detectors.take-part')
    await using judge = await startFakeLlamaGuard()
    await using webhook = await startFakeWebhook()
    await using upstream = await ScriptedUpstream.start()
    judge.answer = (response) => void response.writeHead(500).end()
    await using service = await serveBeside({ judge, webhook, upstream })
    const ready = async () => (await fetch(`${service.url}/readyz`)).text()
    await expect.poll(ready).toContain('texts cannot be looked through')
    expect(service.log()).toContain('The judge answered with status 500')
    judge.answer = null
    await expect.poll(ready).not.toContain('texts cannot be looked through')
  })
})
