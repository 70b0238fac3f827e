import { afterEach, describe, expect, it } from 'vitest'
import { endPart, startPart } from '../../setup/kubernetes/parts.mjs'
import { unvetted } from '../contract/sandbox-contract.ts'
import { patientSettings } from '../contract/sandbox-programs.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'

const never = new AbortController().signal
const isMissing = withoutCluster(process.env) !== null
const long = unvetted('import time\ntime.sleep(300)')

function objects(kind: 'pods' | 'leases'): string[] {
  const { ok, stdout } = kubectl('administrator', ['-n', 'sallyport-sandboxes', 'get', kind, '-o', 'name'])
  return (ok ? stdout : 'unanswered')
    .split('\n')
    .filter((line) => !ok || line.includes(kind === 'pods' ? '/sbx-' : '/sallyport-'))
}

const start = (startMilliseconds = 60_000) =>
  createTestClusterEngine({
    settings: { ...patientSettings, sweep_ms: 2000, pool: { queue_ms: 120_000 } },
    startMilliseconds,
  })

/** A part that was just started answers others first, and the node says that it is there a while later. */
async function untilServing(): Promise<void> {
  const serves = () => kubectl('service', ['-n', 'sallyport-sandboxes', 'get', 'pods']).ok
  await expect.poll(serves, { interval: 500 }).toBe(true)
}

afterEach(async () => {
  for (const part of ['kube-apiserver', 'kubelet'] as const) {
    await startPart(part)
  }
  await untilServing()
})

describe.skipIf(isMissing)('a run during which a part of the cluster is killed', () => {
  it.each(['kube-apiserver', 'kubelet'] as const)(
    'ends as a loss where that is %s, and nothing is left once it is back',
    async (part) => {
      await using engine = start()
      await using sandbox = await engine.claim({ tenant: 'outage', language: 'python' }, never)
      const running = sandbox.run(long, { timeoutMilliseconds: 300_000 }, never)
      await endPart(part, 'SIGKILL')
      expect((await running).outcome).toBe('sandbox-lost')
      expect(sandbox.alive).toBe(false)
      await startPart(part)
      await untilServing()
      await using next = await engine.claim({ tenant: 'outage', language: 'python' }, never)
      expect((await next.run(unvetted('print(1)'), {}, never)).outcome).toBe('ok')
      await next[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
      await expect.poll(() => objects('pods')).toEqual([])
      await engine[Symbol.asyncDispose]()
      await expect.poll(() => objects('leases')).toEqual([])
    },
  )

  it('is refused or lost while its node answers nobody, and says so in bounded time', async () => {
    await using engine = start(5000)
    await endPart('kubelet', 'SIGKILL')
    const claimed = engine.claim({ tenant: 'gone', language: 'python' }, AbortSignal.timeout(100_000))
    await expect(claimed).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/did not run within 5 s|No node of the cluster took a sandbox/),
    })
    await startPart('kubelet')
    await expect.poll(() => objects('pods')).toEqual([])
  })
})
