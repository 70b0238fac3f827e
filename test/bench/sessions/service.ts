import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { metricsOf, serve, type Served } from '../../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { room } from '../pass-through/gateway.ts'

/** So many sandboxes that stand ready, and some more for what ends meanwhile. */
export function poolOf(ready: number): object {
  const most = ready + 8
  return {
    minimum_ready: ready,
    maximum_ready: ready,
    maximum: most,
    maximum_per_tenant: most,
    queue: most,
    starts_at_once: 4,
  }
}

interface SessionService {
  readonly ready: number
  /** Up to `/v1`; absent where no model is asked. */
  readonly model?: string
}

/** `sallyport serve` with its usual settings but for room for the load, under the `runsc` driver. */
export async function startSessionService({ ready, model }: SessionService): Promise<Served> {
  const file = join(temporaryFolder('sallyport-bench-'), 'sallyport.yaml')
  const configuration = {
    ...(model === undefined ? {} : { model: { base_url: model, name: 'canary', retries: 0 } }),
    gateway: { groups: { default: { ...room } } },
    sandbox: { driver: 'runsc', pool: poolOf(ready) },
  }
  writeFileSync(file, JSON.stringify(configuration))
  return await serve({ SALLYPORT_CONFIG: file })
}

/** Resolves when so many sandboxes stand ready. */
export async function untilReady(service: Served, count: number): Promise<void> {
  const until = performance.now() + 180_000
  for (;;) {
    const ready = /^sallyport_sandboxes\{state="ready"\} (\d+)/m.exec(await metricsOf(service))?.[1]
    if (Number(ready) >= count) return
    if (performance.now() > until) throw new Error(`${ready} of ${count} sandboxes stand ready after three minutes.`)
    await sleep(500)
  }
}

/** Memory of the service's own process that is in use, bytes; what its sandboxes are made of are other processes. */
export function serviceBytes({ process: { pid } }: Served): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1_024
}
