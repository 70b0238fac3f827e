import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import type { Served as ServedByUpstream } from '../support/http/upstream/served.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const mebibyte = 1_048_576

/** Memory of a service's process by a line of the kernel's account of it, in MiB. */
function memoryOf({ process: { pid } }: Served, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024
}

/** By how many MiB the most that the process ever had grows beyond what it had before. */
async function growthBy(service: Served, work: () => Promise<void>): Promise<number> {
  const before = memoryOf(service, 'VmRSS')
  // The kernel counts the most anew from here on.
  writeFileSync(`/proc/${service.process.pid}/clear_refs`, '5')
  await work()
  return memoryOf(service, 'VmHWM') - before
}

async function serveUpstream(upstream: UpstreamServer): Promise<Served> {
  const file = join(temporaryFolder('sallyport-models-'), 'sallyport.yaml')
  const upstreams = { first: { kind: 'openai', base_url: upstream.baseUrl, models: ['gpt-5'] } }
  const group = { models: ['gpt-5'], concurrent_requests: 64, tokens_per_day: 1_000_000_000 }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ upstreams, gateway: { groups: { default: group } } }))
  return serve({ SALLYPORT_CONFIG: file })
}

const ask = ({ url, key }: Served, stream: boolean) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', stream, messages: [{ role: 'user', content: 'Hello.' }] }),
  })

/** An answer of 100 MB without the end of a value, or of an event. */
const endless = (contentType: string, beginning: string) => (): ServedByUpstream => ({
  steps: [
    { do: 'head', status: 200, headers: { 'content-type': contentType } },
    { do: 'write', bytes: Buffer.from(beginning) },
    { do: 'repeat', bytes: Buffer.alloc(mebibyte, 'x'), times: 100 },
    { do: 'write', bytes: Buffer.from('"}\n\n') },
  ],
})

describe('an upstream that sends 100 MB as one', () => {
  // What is held of it, twice while the buffer grows, and room for what is not collected yet.
  it.each([
    ['event of a stream', true, endless('text/event-stream', 'data: {"choices":[],"padding":"'), 128],
    ['plain answer', false, endless('application/json', '{"choices":[],"padding":"'), 224],
  ] as const)(
    '%s is refused, and costs the service no more than what it may hold of it',
    async (_, stream, answer, most) => {
      verifies('models.bounded-memory')
      await using upstream = await UpstreamServer.start({ kind: 'openai', key: null })
      await using service = await serveUpstream(upstream)
      for (let call = 0; call < 20; call += 1) await (await ask(service, stream)).text()
      upstream.answer = answer
      const growth = await growthBy(service, async () => {
        for (let call = 0; call < 3; call += 1) {
          const response = await ask(service, stream)
          expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('"error":{')])
        }
      })
      expect(growth).toBeLessThan(most)
    },
    120_000,
  )
})
