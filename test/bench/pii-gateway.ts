import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { figure, type Figures } from './figures.ts'
import { costOf, inRounds, type Measured } from './pass-through.ts'
import { startGateway } from './pass-through/gateway.ts'
import { Callers } from './pass-through/load.ts'
import { chosenPeers } from './pass-through/peers.ts'
import { piiPeers } from './pass-through/pii-peers.ts'
import { processors } from './pass-through/pinned-process.ts'
import { startBare, startUpstream, type Subject } from './pass-through/subjects.ts'
import { traffic } from './pass-through/traffic.ts'

const checkout = join(import.meta.dirname, '../..')
const concurrency = 16
/** Requests after which a program is as fast as it gets. */
const untilCompiled = 8_000
const roundsOfRelease = 11
const perRound = 1_000
/** Three times sixteen whole conversations of twenty turns. */
const perRoundOfConversations = 960

/** Requests of one call through a program that hide no value of a person: all but the bare pass-through have to be none. */
export async function leaks(upstream: string, { callers }: Measured): Promise<number> {
  const counted = async () => Number(await (await fetch(upstream)).text())
  await counted()
  await callers.load({ traffic: traffic.personal, requests: 1, concurrency: 1 })
  return counted()
}

interface GatewayCosts {
  /** `personal`: each call says something else; `conversation`: each brings the turns before it. */
  readonly said?: 'personal' | 'conversation'
  readonly chosen?: readonly (typeof levels)[number][]
  readonly rounds?: number
}

/** Which ways of this gateway are measured: what has a form alone, or names, too. */
export const levels = ['structured', 'all'] as const

/**
 * Processor time of a call of 2.7 kB with three values, or of the turns of conversations, hidden on its way: beside a bare pass-through, and beside other gateways
 * that hide (`--peer maskflow|litellm-presidio`). Without `rounds` it is the number of a release. Throws where one of them lets a value through.
 */
export async function gatewayCosts({
  said = 'personal',
  chosen = levels,
  rounds = roundsOfRelease,
}: GatewayCosts = {}): Promise<Figures> {
  execFileSync('taskset', ['-a', '-cp', String(processors.rest), String(process.pid)])
  await using stack = new AsyncDisposableStack()
  const { process: served, target } = await startUpstream(0)
  stack.use(served)
  const upstream = target.origin
  const measured: Measured[] = []
  const add = (name: string, subject: Subject, share = 1) => {
    stack.use(subject.process)
    measured.push({ ...subject, name, callers: stack.use(new Callers(subject.target, concurrency)), share })
  }
  add('bare', await startBare(upstream))
  add('pass', await startGateway({ checkout, upstream, profile: null }))
  for (const masking of chosen) add(masking, await startGateway({ checkout, upstream, profile: null, masking }))
  for (const { name, start, share } of chosenPeers(piiPeers)) add(name, await start(upstream), share)
  for (const subject of measured) {
    await subject.process.settled()
    const requests = Math.ceil(untilCompiled * subject.share)
    await subject.callers.load({ traffic: traffic[said], requests, concurrency })
    const isHidden = subject.name !== 'bare' && subject.name !== 'pass'
    if (isHidden && (await leaks(upstream, subject)) > 0) throw new Error(`${subject.name} lets a value through.`)
  }
  const requests = said === 'personal' ? perRound : perRoundOfConversations
  const options = { traffic: traffic[said], requests, concurrency }
  const costs = await inRounds(rounds, measured, (subject) => costOf(subject, options))
  const samples = (name: string) => (costs.get(name) ?? []).map(({ milliseconds }) => milliseconds)
  const figures: Figures = {}
  for (const own of chosen) {
    for (const { name } of measured.filter((other) => !levels.some((level) => level === other.name))) {
      const of = said === 'personal' ? own : `${own}_conversation`
      figures[`pii_${of}_processor.${name}`] = figure(samples(own), { reference: { name, samples: samples(name) } })
    }
  }
  return figures
}

/** A gateway that hides what has a form, beside those that stand before the same upstream. */
async function startBeside(stack: AsyncDisposableStack, others: readonly ('bare' | 'pass')[]): Promise<Measured[]> {
  execFileSync('taskset', ['-a', '-cp', String(processors.rest), String(process.pid)])
  const { process: served, target } = await startUpstream(0)
  stack.use(served)
  const upstream = target.origin
  const measured: Measured[] = []
  for (const name of ['structured', ...others] as const) {
    const masking = name === 'structured' ? { masking: name } : {}
    const own = () => startGateway({ checkout, upstream, profile: null, ...masking })
    const subject = await (name === 'bare' ? startBare(upstream) : own())
    stack.use(subject.process)
    measured.push({ ...subject, name, callers: stack.use(new Callers(subject.target, concurrency)), share: 1 })
  }
  for (const { process: subject } of measured) await subject.settled()
  return measured
}

const streamsOfRound = 40
const roundsOfStreams = 25

/** When the first event of a stream comes, one caller at a time, of a call with three values: beside no hiding, and beside nothing. */
export async function firstTokens(): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const measured = await startBeside(stack, ['pass', 'bare'])
  const options = { traffic: traffic.personalStreamed, requests: streamsOfRound, concurrency: 1 }
  for (const { callers } of measured) await callers.load({ ...options, requests: untilCompiled / 4, concurrency })
  const rounds = await inRounds(roundsOfStreams, measured, async ({ callers }) => (await callers.load(options)).taken)
  const samples = (name: string) => (rounds.get(name) ?? []).flat().map(({ firstByte }) => firstByte)
  const beside = (name: string) => figure(samples('structured'), { reference: { name, samples: samples(name) } })
  return { 'pii_first_token.pass': beside('pass'), 'pii_first_token.bare': beside('bare') }
}

/** Memory of a gateway that hides what has a form, after so many calls with three values each, beside what it was when idle. */
export async function memoryAfter(requests: number): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const [gateway] = await startBeside(stack, [])
  if (gateway === undefined) throw new Error('there is a gateway')
  const idle = { name: 'when idle', samples: [gateway.process.residentBytes()] }
  const figures: Figures = {}
  for (const count of [requests / 10, (requests * 9) / 10]) {
    await gateway.callers.load({ traffic: traffic.personal, requests: count, concurrency })
    const name = count === requests / 10 ? 'pii_memory_tenth' : 'pii_memory'
    figures[name] = figure([gateway.process.residentBytes()], { unit: 'bytes', reference: idle })
  }
  return figures
}
