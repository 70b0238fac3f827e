import { startClassifier, type ClassifierCounts } from '../../../src/cli/incident/classifier.ts'
import { drawPictures, openExample, type Example } from '../../../src/cli/incident/example.ts'
import { startGuard } from '../../../src/cli/incident/guard.ts'
import { brokenPromises, outcomeOf, patienceMilliseconds } from '../../../src/cli/incident/outcome.ts'
import type { Target } from '../../../src/cli/incident/request.ts'
import { invalidPercent } from '../../../src/cli/incident/run-incident.ts'
import { straightAt, through } from '../../../src/cli/incident/targets.ts'
import { throwTraffic, type Ended } from '../../../src/cli/incident/throw-traffic.ts'
import { planTraffic, type Planned } from '../../../src/cli/incident/traffic.ts'
import { figure, type Figure, type Figures } from '../figures.ts'
import { residentBytesOf } from '../pass-through/pinned-process.ts'

/** Requests a second: twice as many as the classifier alone keeps up with. */
const perSecond = 300
/** Of as many requests the valid ones are sent alone first. */
const quietRequests = 10_000
const signal = new AbortController().signal
const variables = process.env

function requestsOf(): number {
  const at = process.argv.indexOf('--requests')
  return at < 0 ? 30_000 : Number(process.argv[at + 1])
}

/**
 * The incident of `demo --upstream`, harder: valid callers through Sallyport alone and under 95 % invalid traffic, beside the
 * classifier that nobody guards under the same traffic, in one run. `--requests N` sets how many are sent each way.
 */
export async function measureIncident(): Promise<Figures> {
  const example = await openExample(signal)
  const pictures = await drawPictures(example, { seed: 1, variables }, signal)
  const requests = requestsOf()
  const attack = planTraffic(pictures, { seed: 1, requests, perSecond, invalidPercent })
  const valid = attack.slice(0, quietRequests).filter(({ kind }) => kind === null)
  const warmUp = planTraffic(pictures, { seed: 2, requests: 3_000, perSecond, invalidPercent })
  const bare = await withoutGuard(attack, example)
  const guarded = await withGuard({ warmUp, valid, attack }, example)
  const { quiet, attacked, memory } = guarded
  return {
    'upstreams.incident_quiet': figure(quiet.waited),
    'upstreams.incident_attacked': atP99(figure(attacked.waited), figure(quiet.waited)),
    'upstreams.incident_served': figure([attacked.servedPerSecond], {
      unit: 'per second',
      reference: { name: 'the classifier alone', samples: [bare.servedPerSecond] },
    }),
    'upstreams.incident_memory': figure([memory.after], {
      unit: 'bytes',
      reference: { name: 'before the attack', samples: [memory.before] },
    }),
  }
}

interface Struck {
  /** Milliseconds of each valid caller; infinite for who was not served. */
  readonly waited: readonly number[]
  /** Valid ones. */
  readonly servedPerSecond: number
  readonly ended: readonly Ended[]
}

async function strike(traffic: readonly Planned[], target: Target): Promise<Struck> {
  const started = performance.now()
  const ended = await throwTraffic(traffic, { target, patienceMilliseconds }, signal)
  const seconds = (performance.now() - started) / 1_000
  const valid = ended.filter(({ kind }) => kind === null)
  const waited = valid.map(({ isServed, milliseconds }) => (isServed ? milliseconds : Number.POSITIVE_INFINITY))
  return { ended, waited, servedPerSecond: valid.filter(({ isServed }) => isServed).length / seconds }
}

async function withoutGuard(attack: readonly Planned[], example: Example): Promise<Struck> {
  await using classifier = await startClassifier(example, variables, signal)
  const struck = await strike(attack, straightAt(classifier))
  tell('straight at the classifier', struck, await classifier.counts())
  return struck
}

async function withGuard(
  traffic: Readonly<Record<'warmUp' | 'valid' | 'attack', readonly Planned[]>>,
  example: Example,
) {
  await using classifier = await startClassifier(example, variables, signal)
  await using guard = await startGuard({ example, classifier, variables }, signal)
  const target = through(guard)
  await strike(traffic.warmUp, target)
  const quiet = await strike(traffic.valid, target)
  const before = residentBytesOf(guard.pid)
  const { received } = await classifier.counts()
  const attacked = await strike(traffic.attack, target)
  const after = residentBytesOf(guard.pid)
  const counts = await classifier.counts()
  tell('through Sallyport', attacked, counts)
  const broken = brokenPromises(outcomeOf(attacked.ended, { ...counts, received: counts.received - received }))
  if (broken.length > 0) throw new Error(`Sallyport did not keep what it promises: ${broken.join('; ')}`)
  return { quiet, attacked, memory: { before, after } }
}

function tell(name: string, { ended }: Struck, counts: ClassifierCounts): void {
  const { honest, ...outcome } = outcomeOf(ended, counts)
  const told = `${honest.served} of ${honest.sent} valid served, ${outcome.serverErrors} × 5xx, ${outcome.unanswered} unanswered`
  process.stderr.write(`${name}: ${told}, queue ${outcome.longestQueue}\n`)
}

/** How a p99 compares with another. */
function atP99(one: Figure, other: Figure): Figure {
  const reference = { name: 'p99 of the same callers alone', p50: other.p99 }
  return { ...one, value: one.p99, reference, ratio: one.p99 / other.p99 }
}
