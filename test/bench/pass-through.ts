import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { figure, report, type Figure, type Figures } from './figures.ts'
import { againstPath } from './subject.ts'
import { startGateway } from './pass-through/gateway.ts'
import { Callers, type LoadOptions, type Taken } from './pass-through/load.ts'
import { chosenPeers, type Peer } from './pass-through/peers.ts'
import { processors } from './pass-through/pinned-process.ts'
import { startBare, startUpstream, type Subject } from './pass-through/subjects.ts'
import { traffic, type TrafficName } from './pass-through/traffic.ts'

const own = join(import.meta.dirname, '../..')
export const most = 16
export const slowUpstream = 20
/** Requests after which a program is as fast as it gets: the engine compiles more for each of the first ones than they take. */
export const untilCompiled = 20_000

/** A program that is measured, under the name its figures have. */
export interface Measured extends Subject {
  readonly name: string
  readonly callers: Callers
  /** A slower program is given less to do in each round. */
  readonly share: number
}

/** What comes of `--NAME VALUE`; null without. */
export function optionOf(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? null : (process.argv[at + 1] ?? null)
}

/** Every program that stands before one upstream, the bare pass-through first, other gateways last. */
async function startAll(upstream: string, stack: AsyncDisposableStack, peers: readonly Peer[]): Promise<Measured[]> {
  const profile = optionOf('profile')
  const measured: Measured[] = []
  const add = (name: string, subject: Subject, share = 1) => {
    stack.use(subject.process)
    const callers = stack.use(new Callers(subject.target, most))
    measured.push({ ...subject, name, callers, share })
  }
  add('bare', await startBare(upstream))
  add('own', await startGateway({ checkout: own, upstream, profile }))
  const other = againstPath()
  if (other !== null) add('other', await startGateway({ checkout: other, upstream, profile: null }))
  for (const { name, start, share } of peers) add(name, await start(upstream), share)
  for (const { process: subject } of measured) await subject.settled()
  return measured
}

/** Rounds of the same work for each in turn; whoever ended a round begins the next. */
export async function inRounds<Result>(
  rounds: number,
  subjects: readonly Measured[],
  work: (subject: Measured) => Promise<Result>,
): Promise<Map<string, Result[]>> {
  const results = new Map<string, Result[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of order) results.get(subject.name)?.push(await work(subject))
    process.stderr.write('.')
  }
  return results
}

export interface Cost {
  readonly milliseconds: number
  readonly perSecond: number
}

export async function costOf({ process: subject, callers, share }: Measured, options: LoadOptions): Promise<Cost> {
  const requests = Math.ceil(options.requests * share)
  const before = subject.processorMilliseconds()
  const { perSecond } = await callers.load({ ...options, requests })
  return { milliseconds: (subject.processorMilliseconds() - before) / requests, perSecond }
}

/** Processor time a request and requests a second, beside the bare pass-through and, by name, beside all others. */
async function costs(subjects: readonly Measured[], name: TrafficName, requests: number): Promise<Figures> {
  const options = { traffic: traffic[name], requests, concurrency: most }
  const rounds = await inRounds(15, subjects, (subject) => costOf(subject, options))
  const figures: Figures = {}
  const samples = (subject: string, read: (cost: Cost) => number) => (rounds.get(subject) ?? []).map(read)
  const milliseconds = (cost: Cost) => cost.milliseconds
  const perSecond = (cost: Cost) => cost.perSecond
  for (const [reference, label] of referencesOf(subjects)) {
    const prefix = reference === 'bare' ? `pass_${name}` : `pass_${name}.${reference}`
    const times = { name: label, samples: samples(reference, milliseconds) }
    const rates = { name: label, samples: samples(reference, perSecond) }
    figures[`${prefix}_processor`] = figure(samples('own', milliseconds), { reference: times })
    figures[`${prefix}_rate`] = figure(samples('own', perSecond), { unit: 'per second', reference: rates })
  }
  return figures
}

function referencesOf(subjects: readonly Measured[]): (readonly [string, string])[] {
  const labels: Readonly<Record<string, string>> = { bare: 'a bare pass-through', other: 'the other build' }
  return subjects.flatMap(({ name }) => (name === 'own' ? [] : [[name, labels[name] ?? name] as const]))
}

export function percentiles(taken: readonly Taken[], read: (taken: Taken) => number): Figure {
  return figure(taken.map(read))
}

/** By how much the percentiles of one lie above those of another, taken in turn. */
export function added(through: Figure, direct: Figure, bare: Figure): Figure {
  const p50 = through.p50 - direct.p50
  const reference = { name: 'a bare pass-through', p50: bare.p50 - direct.p50 }
  const [p95, p99] = [through.p95 - direct.p95, through.p99 - direct.p99]
  return { unit: 'ms', n: through.n, p50, p95, p99, value: p50, reference, ratio: reference.p50 / p50 }
}

/** What the way through adds to a direct call of an upstream that answers after 20 ms. */
async function delays(): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const upstream = await startUpstream(slowUpstream)
  stack.use(upstream.process)
  const callers = stack.use(new Callers(upstream.target, most))
  const subjects = [
    { ...upstream, name: 'direct', callers, share: 1 },
    ...(await startAll(upstream.target.origin, stack, [])),
  ]
  const figures: Figures = {}
  const measure = async (concurrency: number, name: TrafficName, read: (taken: Taken) => number) => {
    const options = { traffic: traffic[name], requests: concurrency * 10, concurrency }
    const rounds = await inRounds(40, subjects, async (subject) => (await subject.callers.load(options)).taken)
    const of = (subject: string) => percentiles((rounds.get(subject) ?? []).flat(), read)
    return { of, own: added(of('own'), of('direct'), of('bare')) }
  }
  for (const subject of subjects)
    await subject.callers.load({ traffic: traffic.plain, requests: 400, concurrency: most })
  for (const concurrency of [1, 4, most]) {
    const { of, own: figureOfOwn } = await measure(concurrency, 'plain', ({ whole }) => whole)
    figures[`pass_added_${concurrency}`] = figureOfOwn
    for (const [name] of referencesOf(subjects).filter(([name]) => name !== 'bare' && name !== 'direct')) {
      figures[`pass_added_${concurrency}.${name}`] = added(of(name), of('direct'), of('bare'))
    }
  }
  const tokens = await measure(1, 'streamed', ({ firstByte }) => firstByte)
  figures['pass_first_token_added'] = tokens.own
  return figures
}

/** Memory before the first request and after so many. */
async function memory(
  subjects: readonly Measured[],
  requests: number,
  idle: ReadonlyMap<string, number>,
): Promise<Figures> {
  const figures: Figures = {}
  const peers = subjects.filter(({ name }) => name !== 'bare')
  for (const { name, callers, process: subject, share } of peers) {
    const count = name === 'own' ? requests : Math.ceil(Math.min(requests, 20_000) * share)
    await callers.load({ traffic: traffic.plain, requests: count, concurrency: most })
    const prefix = name === 'own' ? 'pass_memory' : `pass_memory.${name}`
    const before = { name: 'before the first request', samples: [idle.get(name) ?? Number.NaN] }
    figures[prefix] = figure([subject.residentBytes()], { unit: 'bytes', reference: before })
  }
  return figures
}

/**
 * What it costs that a call to a model goes through the service: the gateway has one processor for itself, callers and
 * upstream the other. `--requests N` sets how many the memory is told after, `--peer portkey|litellm` measures another
 * gateway in the same run (plain calls and memory; `--only peers` for these alone), `--against PATH` another build,
 * `--profile FOLDER` keeps the gateway's processor profile.
 */
export async function benchPassThrough(): Promise<void> {
  execFileSync('taskset', ['-a', '-cp', String(processors.rest), String(process.pid)])
  const only = optionOf('only')
  const figures: Figures = {}
  if (only !== 'added') {
    await using stack = new AsyncDisposableStack()
    const upstream = await startUpstream(0)
    stack.use(upstream.process)
    const peers = chosenPeers()
    const subjects = await startAll(upstream.target.origin, stack, peers)
    const ours = subjects.slice(0, subjects.length - peers.length)
    const idle = new Map(subjects.map(({ name, process: subject }) => [name, subject.residentBytes()]))
    const warm = async (warmed: readonly Measured[], name: TrafficName, requests: number) => {
      for (const { callers, share } of warmed) {
        await callers.load({ traffic: traffic[name], requests: Math.ceil(requests * share), concurrency: most })
      }
    }
    await warm(subjects, 'plain', untilCompiled)
    const isWhole = only !== 'plain' && only !== 'peers'
    if (isWhole) for (const name of ['large', 'streamed'] as const) await warm(ours, name, 3_000)
    Object.assign(figures, await costs(subjects, 'plain', 1_500))
    if (isWhole) {
      Object.assign(figures, await costs(ours, 'large', 700))
      Object.assign(figures, await costs(ours, 'streamed', 350))
    }
    if (only !== 'plain') {
      Object.assign(figures, await memory(subjects, Number(optionOf('requests') ?? 20_000), idle))
    }
  }
  if (only === null || only === 'added') Object.assign(figures, await delays())
  report('pass-through', figures)
}
