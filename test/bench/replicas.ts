import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../support/databases/postgres-cluster.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { Load } from '../support/replicas/load.ts'
import { TcpBalancer } from '../support/replicas/tcp-balancer.ts'
import { KilledService } from '../support/surfaces/killed/killed-service.ts'
import { figure, report } from './figures.ts'
import { processorMillisecondsOf, processors } from './pass-through/pinned-process.ts'

const rounds = 4
const milliseconds = 6_000
/** Callers of each kind at a time: as many as keep a processor at work all the time. */
const callers = 8
/** As many as leave it idle for a part of the time. */
const fewCallers = 2
const idleMilliseconds = 6_000

/** Keeps a process and its threads on one processor; what it starts from now on is there, too. */
function pin(pid: number, processor: number): void {
  execFileSync('taskset', ['-apc', String(processor), String(pid)], { stdio: 'ignore' })
}

interface Round {
  readonly perSecond: number
  /** Processor time of all replicas for each answer, milliseconds. */
  readonly processor: number
  /** Processor time of all replicas in each second, milliseconds: 1,000 where the one that they share was theirs all the time. */
  readonly busy: number
}

const processorOf = (replicas: readonly KilledService[]) =>
  replicas.reduce((sum, { pid }) => sum + processorMillisecondsOf(pid), 0)

async function measure(replicas: readonly KilledService[], key: string, count = callers): Promise<Round> {
  await using balancer = await TcpBalancer.start(replicas, 1_000)
  while (balancer.ready < replicas.length) await sleep(100)
  const before = processorOf(replicas)
  const began = performance.now()
  const load = Load.begin(balancer.url, key, count)
  await sleep(milliseconds)
  await load.end()
  const seconds = (performance.now() - began) / 1_000
  const processor = processorOf(replicas) - before
  if (load.failed.length > 0) throw new Error(`what was measured failed: ${load.failed[0]}`)
  const round = {
    perSecond: load.answered / seconds,
    processor: processor / load.answered,
    busy: processor / seconds,
  }
  const [answers, each, busy] = [round.perSecond, round.processor, round.busy].map((value) => value.toPrecision(3))
  process.stderr.write(`${replicas.length} × ${count}: ${answers} answers/s, ${each} ms each, ${busy} ms/s\n`)
  return round
}

/**
 * What a second replica costs: the same callers before one process and before two, over one PostgreSQL on the same machine, in the order one, two, two, other one, so that what
 * drifts is on both sides. All replicas share one processor, which the callers keep at work, and all the rest has the other one: so both have the same total, and an idle
 * processor hides nothing. One process with few callers shows what an answer costs where it wakes for each message alone. Sandboxes are doubles, so that what is measured is
 * the service.
 */
export async function benchReplicas(): Promise<void> {
  const problem = ensureServer()
  if (problem !== null) throw new Error(problem)
  pin(process.pid, processors.rest)
  await using cluster = await startCluster(undefined, { isDurable: true })
  const name = `replicas_${randomUUID().replaceAll('-', '')}`
  await cluster.execute(`CREATE DATABASE ${name}`)
  const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
  const variables = { SALLYPORT_SOURCES: '{}' }
  await using one = await KilledService.start({ storageUrl, hasRealSandboxes: false, variables })
  await using other = await one.beside()
  for (const { pid } of [one, other]) pin(pid, processors.measured)
  const [alone, both, few, idle]: [Round[], Round[], Round[], number[]] = [[], [], [], []]
  // What is compiled by use is not measured: a process that gets half of the calls is longer at it.
  for (let round = 0; round < 3; round += 1) {
    for (const replica of [one, other]) await measure([replica], one.key)
  }
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await measure([one], one.key))
    both.push(await measure([one, other], one.key))
    both.push(await measure([one, other], one.key))
    alone.push(await measure([other], one.key))
    few.push(await measure([round % 2 === 0 ? one : other], one.key, fewCallers))
    const before = processorOf([one, other])
    await sleep(idleMilliseconds)
    idle.push((processorOf([one, other]) - before) / 2 / (idleMilliseconds / 1_000))
  }
  const samples = (of: readonly Round[], what: keyof Round) => of.map((round) => round[what])
  const against = (what: keyof Round) => ({ name: 'one replica', samples: samples(alone, what) })
  report('replicas', {
    'replicas.two_answers': figure(samples(both, 'perSecond'), {
      unit: 'per second',
      reference: against('perSecond'),
    }),
    'replicas.two_processor_per_answer': figure(samples(both, 'processor'), { reference: against('processor') }),
    // Where either is far below 1,000, their processor was not kept at work, and answers per second say nothing.
    'replicas.busy': figure(samples(both, 'busy'), { reference: against('busy') }),
    'replicas.few_callers_processor_per_answer': figure(samples(few, 'processor'), { reference: against('processor') }),
    'replicas.few_callers_busy': figure(samples(few, 'busy'), { reference: against('busy') }),
    // Of a process that nobody asks, in each second.
    'replicas.idle_processor': figure(idle),
  })
}
