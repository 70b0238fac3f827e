import { expect } from 'vitest'
import type { TunedService } from '../feedback/tuned-service.ts'

const place = { group: 'support', direction: 'outbound', rule: 'toxicity' } as const

/** The place that is tuned, as queries name it. */
export const query = new URLSearchParams(place).toString()

/** From 0.35 on those below 0.7 are harmless, so that a threshold of 0.5 blocks some that did nothing wrong. */
const scores = Array.from({ length: 40 }, (_, at) => Number((0.35 + at * 0.015).toFixed(3)))

export interface Rollouts {
  readonly data: readonly { readonly rollout: { readonly steps: readonly { to: string; why: string }[] } }[]
}

interface Drawn {
  readonly data: readonly {
    readonly decision: { readonly id: string; readonly scores: readonly { score: number }[] }
  }[]
}

/** Asks for a text of each score. */
export async function askForAll(service: TunedService): Promise<void> {
  for (const score of scores) await service.ask(score)
}

/** Labels what is drawn, as somebody does who has read all of it. */
export async function labelTheRest(service: TunedService): Promise<void> {
  const { data } = await service.admin<Drawn>('GET', `tuning/queue?${query}&kind=audit&limit=60`)
  for (const { decision } of data) {
    const truth = (decision.scores[0]?.score ?? 0) >= 0.7 ? 'harmful' : 'harmless'
    await service.admin('POST', 'tuning/labels', { item: decision.id, rule: 'toxicity', truth, why: 'read' })
  }
}

/** Proposes a looser threshold so many times, by labels of what was asked for; the ids of the proposals. */
export async function proposed(service: TunedService, count: number): Promise<readonly string[]> {
  await askForAll(service)
  await labelTheRest(service)
  const { name: set, version } = await service.admin<{ readonly name: string; readonly version: number }>(
    'POST',
    'tuning/sets',
    { name: 'december', ...place },
  )
  const wish = { set, version, false_positive_rate: 0.25, confidence: 0.95 }
  const ids: string[] = []
  while (ids.length < count) {
    ids.push((await service.admin<{ readonly id: string }>('POST', 'tuning/proposals', wish)).id)
  }
  return ids
}

/** Asks until the service has counted some requests of the rollout that is on its way in its stage. */
export async function traffic(service: TunedService, stage: string): Promise<void> {
  const { rollouts } = await service.admin<{ rollouts: readonly { id: string }[] }>('GET', 'tuning')
  const counted = async () => {
    await service.ask(0.2)
    const { counts } = await service.admin<{ counts: readonly { stage: string; requests: number }[] }>(
      'GET',
      `tuning/rollouts/${rollouts[0]?.id}`,
    )
    return counts.filter((each) => each.stage === stage).reduce((sum, { requests }) => sum + requests, 0)
  }
  await expect.poll(counted, { interval: 200 }).toBeGreaterThanOrEqual(3)
}
