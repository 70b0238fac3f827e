import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { CanaryModel } from '../support/sessions/canary-model.ts'
import { newCanary, readCanaryStream } from '../support/sessions/canary-stream.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const count = 12

it('twelve callers who stream at the same time have each their own question, program, result and answer, and nothing of another', async () => {
  verifies('bench.sessions-apart')
  await using model = await CanaryModel.start({ pieces: 30, pause: 20 })
  const file = join(temporaryFolder('sallyport-streams-'), 'sallyport.yaml')
  const pool = { maximum_ready: 4, maximum: count, maximum_per_tenant: count }
  const configuration = {
    model: { base_url: model.baseUrl, name: 'canary', retries: 0 },
    gateway: { groups: { default: { concurrent_requests: count } } },
    sandbox: { driver: 'runsc', pool },
  }
  writeFileSync(file, JSON.stringify(configuration))
  await using service = await serve({ SALLYPORT_CONFIG: file, SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '2' })
  const streams = await Promise.all(Array.from({ length: count }, () => readCanaryStream(service, newCanary())))
  for (const { canary, seen, printed, status } of streams) {
    expect({ status, printed, seen: [...seen] }).toEqual({
      status: 'completed',
      printed: `${canary} 499500\n`,
      seen: [canary],
    })
  }
  expect(new Set(streams.map(({ canary }) => canary)).size).toBe(count)
})
