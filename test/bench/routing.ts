import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { figure, report, type Figures } from './figures.ts'
import {
  added,
  costOf,
  inRounds,
  most,
  optionOf,
  percentiles,
  slowUpstream,
  untilCompiled,
  type Cost,
  type Measured,
} from './pass-through.ts'
import { Callers } from './pass-through/load.ts'
import { chosenPeers, type Peer } from './pass-through/peers.ts'
import { processors } from './pass-through/pinned-process.ts'
import { startBare, startUpstream, type Subject } from './pass-through/subjects.ts'
import { traffic } from './pass-through/traffic.ts'
import { leaks } from './pii-gateway.ts'
import { startRoutingGateway } from './routing/gateway.ts'

const checkout = join(import.meta.dirname, '../..')
const bare = 'a bare pass-through'

/** What callers say: the same in every call, or something new with three values to be hidden in each. */
const said = ['plain', 'personal'] as const

/** Rounds of a release, and calls of each. */
const [rounds, perRound] = [15, 1_000]

/** The upstream, the bare pass-through, this gateway with everything on, and other gateways as they are without filters. */
async function startAll(upstream: string, stack: AsyncDisposableStack, peers: readonly Peer[]): Promise<Measured[]> {
  const measured: Measured[] = []
  const add = (name: string, subject: Subject, share = 1) => {
    stack.use(subject.process)
    measured.push({ ...subject, name, callers: stack.use(new Callers(subject.target, most)), share })
  }
  const [profile, strategy] = [optionOf('profile'), optionOf('strategy') === 'latency' ? 'latency' : 'cost'] as const
  add('bare', await startBare(upstream))
  add('own', await startRoutingGateway({ checkout, upstream, strategy, profile }))
  for (const { name, start, share } of peers) add(name, await start(upstream), share)
  for (const { name, process: subject, target } of measured) {
    await subject.settled()
    if (name === 'own') await mustRoute(target)
  }
  return measured
}

/** Rejects where the answer to a call does not say that a route was chosen among. */
async function mustRoute({ origin, path, headers }: Subject['target']): Promise<void> {
  const { body } = traffic.personal
  const answer = await fetch(origin + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: new Uint8Array(body),
  })
  const [route, receipt] = ['x-sallyport-route', 'x-sallyport-privacy-receipt'].map((name) => answer.headers.get(name))
  await answer.text()
  if (route?.includes(';answered') !== true) throw new Error(`The gateway chose no target: ${answer.status} ${route}`)
  if (receipt === null) throw new Error('The gateway looked for nothing to hide.')
}

/** Processor time a request and requests a second of all that were measured, this gateway beside each of the others. */
function costFigures(name: string, costs: ReadonlyMap<string, readonly Cost[]>): Figures {
  const figures: Figures = {}
  const samples = (subject: string, read: (cost: Cost) => number) => (costs.get(subject) ?? []).map(read)
  for (const other of [...costs.keys()].filter((each) => each !== 'own')) {
    const [label, suffix] = other === 'bare' ? [bare, ''] : [other, `.${other}`]
    const [milliseconds, perSecond] = [(cost: Cost) => cost.milliseconds, (cost: Cost) => cost.perSecond]
    figures[`routing_${name}_processor${suffix}`] = figure(samples('own', milliseconds), {
      reference: { name: label, samples: samples(other, milliseconds) },
    })
    figures[`routing_${name}_rate${suffix}`] = figure(samples('own', perSecond), {
      unit: 'per second',
      reference: { name: label, samples: samples(other, perSecond) },
    })
  }
  return figures
}

/** Throughput and processor time before an upstream that answers at once, and memory after it. */
async function throughput(): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const upstream = await startUpstream(0)
  stack.use(upstream.process)
  const subjects = await startAll(upstream.target.origin, stack, chosenPeers())
  const figures: Figures = {}
  const [count, before] = [Number(optionOf('rounds') ?? rounds), Number(optionOf('requests') ?? untilCompiled / 2)]
  for (const name of said) {
    for (const { callers, share } of subjects) {
      const requests = Math.ceil(before * share)
      await callers.load({ traffic: traffic[name], requests, concurrency: most })
    }
    const options = { traffic: traffic[name], requests: perRound, concurrency: most }
    Object.assign(figures, costFigures(name, await inRounds(count, subjects, (subject) => costOf(subject, options))))
  }
  for (const subject of subjects) {
    const passed = await leaks(upstream.target.origin, subject)
    if (subject.name === 'own' && passed > 0) throw new Error('The gateway lets a value through.')
  }
  return { ...figures, ...memory(subjects) }
}

/** Memory after all of its load. */
function memory(subjects: readonly Measured[]): Figures {
  const bytesOf = (name: string) =>
    subjects.flatMap((subject) => (subject.name === name ? [subject.process.residentBytes()] : []))
  const figures: Figures = {}
  for (const { name } of subjects.filter((subject) => subject.name !== 'own')) {
    const [label, suffix] = name === 'bare' ? [bare, ''] : [name, `.${name}`]
    const reference = { name: label, samples: bytesOf(name) }
    figures[`routing_memory${suffix}`] = figure(bytesOf('own'), { unit: 'bytes', reference })
  }
  return figures
}

/** What the way through adds to a direct call of an upstream that answers after 20 ms. */
async function delays(): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const upstream = await startUpstream(slowUpstream)
  stack.use(upstream.process)
  const callers = stack.use(new Callers(upstream.target, most))
  const direct = { ...upstream, name: 'direct', callers, share: 1 }
  const subjects = [direct, ...(await startAll(upstream.target.origin, stack, []))]
  const figures: Figures = {}
  for (const name of said) {
    for (const subject of subjects) {
      await subject.callers.load({ traffic: traffic[name], requests: 1_500, concurrency: most })
    }
    for (const concurrency of [1, 4, most]) {
      const options = { traffic: traffic[name], requests: concurrency * 10, concurrency }
      const taken = await inRounds(
        Number(optionOf('rounds') ?? 40),
        subjects,
        async (subject) => (await subject.callers.load(options)).taken,
      )
      const of = (subject: string) => percentiles((taken.get(subject) ?? []).flat(), ({ whole }) => whole)
      figures[`routing_${name}_added_${concurrency}`] = added(of('own'), of('direct'), of('bare'))
    }
  }
  return figures
}

/**
 * What a call costs with routing, ledger, policy and masking on, beside the bare pass-through and beside other gateways
 * without filters (`--peer portkey --peer litellm`): the gateway has one processor for itself, callers and upstream the other.
 * `--only costs` leaves out what is added to an upstream of 20 ms, `--only added` the rest; `--strategy latency` routes by
 * latency in the place of cost; `--rounds N` are measured, after `--requests N` calls of each kind; `--profile FOLDER` keeps the
 * gateway's processor profile.
 */
export async function benchRouting(): Promise<void> {
  execFileSync('taskset', ['-a', '-cp', String(processors.rest), String(process.pid)])
  const only = optionOf('only')
  const figures: Figures = {}
  if (only !== 'added') Object.assign(figures, await throughput())
  if (only !== 'costs') Object.assign(figures, await delays())
  report('routing', figures)
}
