import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../support/databases/postgres-cluster.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { Load } from '../support/replicas/load.ts'
import { TcpBalancer } from '../support/replicas/tcp-balancer.ts'
import { KilledService } from '../support/surfaces/killed/killed-service.ts'
import { figure, report } from './figures.ts'

const rounds = 5
const milliseconds = 6_000
/** Callers of each kind at a time. */
const callers = 4
/** USER_HZ of Linux. */
const ticksPerSecond = 100

/** Processor time that a process has taken, milliseconds. */
function processorOf({ pid }: KilledService): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

interface Round {
  readonly perSecond: number
  /** Processor time of all replicas for each answer, milliseconds. */
  readonly processor: number
}

async function measure(replicas: readonly KilledService[], key: string): Promise<Round> {
  await using balancer = await TcpBalancer.start(replicas, 1_000)
  while (balancer.ready < replicas.length) await sleep(100)
  const before = replicas.reduce((sum, replica) => sum + processorOf(replica), 0)
  const began = performance.now()
  const load = Load.begin(balancer.url, key, callers)
  await sleep(milliseconds)
  await load.end()
  const seconds = (performance.now() - began) / 1_000
  const processor = replicas.reduce((sum, replica) => sum + processorOf(replica), 0) - before
  if (load.failed.length > 0) throw new Error(`what was measured failed: ${load.failed[0]}`)
  return { perSecond: load.answered / seconds, processor: processor / load.answered }
}

/**
 * What a second replica costs: the same callers before one process and before two, in turn, over one PostgreSQL on the same machine. Sandboxes are doubles, so that
 * what is measured is the service.
 */
export async function benchReplicas(): Promise<void> {
  const problem = ensureServer()
  if (problem !== null) throw new Error(problem)
  await using cluster = await startCluster(undefined, { isDurable: true })
  const name = `replicas_${randomUUID().replaceAll('-', '')}`
  await cluster.execute(`CREATE DATABASE ${name}`)
  const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
  const variables = { SALLYPORT_SOURCES: '{}' }
  await using one = await KilledService.start({ storageUrl, hasRealSandboxes: false, variables })
  await using other = await one.beside()
  const [alone, both]: [Round[], Round[]] = [[], []]
  // What is compiled by use is not measured.
  for (let round = 0; round < 3; round += 1) await measure([one, other], one.key)
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await measure([one], one.key))
    both.push(await measure([one, other], one.key))
  }
  const samples = (of: readonly Round[], what: keyof Round) => of.map((round) => round[what])
  report('replicas', {
    'replicas.two_answers': figure(samples(both, 'perSecond'), {
      unit: 'per second',
      reference: { name: 'one replica', samples: samples(alone, 'perSecond') },
    }),
    'replicas.two_processor_per_answer': figure(samples(both, 'processor'), {
      reference: { name: 'one replica', samples: samples(alone, 'processor') },
    }),
  })
}
