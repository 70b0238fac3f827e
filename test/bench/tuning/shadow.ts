import { Registry } from 'prom-client'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import type { Later } from '../../../src/concurrency/later.ts'
import { filtersOptions } from '../../../src/filters/options.ts'
import type { ThresholdsFor } from '../../../src/filters/pipeline/call-thresholds.ts'
import { createContent } from '../../../src/filters/pipeline/content.ts'
import { LiveTuning } from '../../../src/feedback/recording/live-tuning.ts'
import { createSampling, type SamplingOptions } from '../../../src/feedback/recording/strata.ts'
import { createThresholdsInForce } from '../../../src/feedback/rollouts/thresholds-in-force.ts'
import { createModeration } from '../../../src/gateway/moderate/moderation.ts'
import { exampleRollout } from '../../support/feedback/tuning-examples.ts'
import { authorizedCall, callGrant } from '../../support/received-call.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import type { TuningTold } from '../../../src/feedback/recording/told.ts'
import { createTuningMetrics } from '../../../src/telemetry/tuning-metrics.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import { moderationTexts } from '../quality/toxicity-texts.ts'
import { screeningInputs } from '../screening-inputs.ts'

const never = new AbortController().signal
/** Batches of texts, and how often each is filtered by each of the arms. */
const batches = 6
const rounds = 12
/** About as many calls as one process filters in a second, after which what was counted is flushed. */
const callsOfSecond = 300

const rules = { toxicity: { action: 'block', threshold: 0.9 }, pii: { action: 'mask' } }
const { profiles, ...options } = filtersOptions.parse({ profiles: { calls: { inbound: rules } } })
const content = createContent({ ...options, profiles })

const bodyOf = (text: string) =>
  Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }] }))

/** Filters texts as calls, by some thresholds. */
function filtering(thresholds: ThresholdsFor | null): (texts: readonly string[]) => Promise<void> {
  const moderation = createModeration({
    pipeline: content.pipeline,
    profiles: content.profiles,
    askPerson: async () => null,
    rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
    tell: async () => undefined,
    ...(thresholds === null ? {} : { thresholds }),
  })
  const grant = { ...callGrant, callFilterProfile: 'calls' }
  return async (texts) => {
    for (const text of texts) {
      const call = { ...authorizedCall(), grant, body: bodyOf(text), requestId: randomUUID() }
      await moderation
        .of(call)
        ?.input(never)
        .catch(() => null)
    }
  }
}

/** Milliseconds of processor time, of all threads. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** As a service counts. */
function countedIn(metrics: ReturnType<typeof createTuningMetrics>): TuningTold {
  return {
    onDecided: metrics.decided,
    onCompared: metrics.compared,
    onRecorded: metrics.recorded,
    onDropped: metrics.dropped,
    onState: () => undefined,
    onStale: metrics.stale,
    onFault: (error) => {
      throw error
    },
  }
}

/** Thresholds of a process that go on for as long as it does, with seconds that pass when they are told to. */
class Tuned implements AsyncDisposable {
  readonly #tuning: LiveTuning
  readonly #filter: (texts: readonly string[]) => Promise<void>
  readonly #waiting = new Set<() => void>()
  readonly #pending = new Set<Promise<unknown>>()
  #begun: AsyncDisposable | null = null

  private constructor(tuning: (later: Later) => LiveTuning) {
    this.#tuning = tuning((work) => {
      this.#waiting.add(work)
      return { stop: () => void this.#waiting.delete(work) }
    })
    this.#filter = filtering(this.#tuning.thresholdsFor)
  }

  static async begin(
    { rollouts, recordedDecisions }: Storage,
    recording: Omit<SamplingOptions, 'key' | 'near'>,
  ): Promise<Tuned> {
    const tuned = new Tuned(
      (later) =>
        new LiveTuning({
          inForce: createThresholdsInForce({
            profiles,
            limits: { toxicity: { lowest: 0.1, highest: 0.99 } },
            groups: { default: ['calls'] },
          }),
          isWatched: true,
          keepsTexts: false,
          sampling: createSampling({ ...recording, near: 0, key: Buffer.alloc(32, 1) }),
          told: countedIn(createTuningMetrics([new Registry()])),
          now: () => new Date(),
          later,
        }),
    )
    const watched = <Result>(work: Promise<Result>): Promise<Result> => {
      tuned.#pending.add(work)
      return work.finally(() => tuned.#pending.delete(work))
    }
    tuned.#begun = await tuned.#tuning.begin({
      rollouts: {
        state: () => watched(rollouts.state()),
        count: (...counted) => watched(rollouts.count(...counted)),
      },
      decisions: { keep: (decisions) => watched(recordedDecisions.keep(decisions)) },
      texts: null,
    })
    return tuned
  }

  /** Filters the texts, and then a second has passed. */
  async second(texts: readonly string[]): Promise<void> {
    await this.#filter(texts)
    const due = [...this.#waiting]
    this.#waiting.clear()
    for (const work of due) work()
    do {
      await Promise.all(this.#pending)
      await setImmediate()
    } while (this.#pending.size > 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#begun?.[Symbol.asyncDispose]()
  }
}

/**
 * What a rollout in shadow takes beside the filters themselves, in pairs over the same texts: thresholds read, both thresholds
 * held beside each call, counts flushed into an embedded storage; and the same where every decision is recorded, too.
 */
export async function benchShadow(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  try {
    await measure(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(folder: string): Promise<void> {
  const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
  await using storage = await openStorage(config, { for: 'command' })
  const place = { group: 'default', direction: 'inbound', rule: 'toxicity' } as const
  const { id, ...given } = exampleRollout({ place, from: 0.9, to: 0.8 })
  await storage.rollouts.begin({ ...given, id }, { by: 'bench', why: 'to see what it takes' })
  await using shadow = await Tuned.begin(storage, { sample: 0, takesComplaints: false })
  await using usual = await Tuned.begin(storage, { sample: 0, takesComplaints: true })
  await using recorded = await Tuned.begin(storage, { sample: 1, takesComplaints: true })
  const arms: Readonly<Record<string, (texts: readonly string[]) => Promise<void>>> = {
    filters: filtering(null),
    shadow: (texts) => shadow.second(texts),
    'shadow, and what is withheld recorded': (texts) => usual.second(texts),
    'shadow, and all recorded': (texts) => recorded.second(texts),
  }
  const { prose } = screeningInputs()
  const count = batches * callsOfSecond
  const kinds: Readonly<Record<string, readonly string[] | undefined>> = {
    prompts: moderationTexts()?.map(({ text }) => text),
    'prose of 2 kB': Array.from({ length: count }, (_, at) => prose.slice(at * 1_024, at * 1_024 + 2_048)),
  }
  for (const [kind, texts] of Object.entries(kinds)) if (texts !== undefined) await compareArms(kind, texts, arms)
}

/** Each batch by each arm in turn. Of what one takes the least counts: what else the machine does only adds to it. */
async function compareArms(
  kind: string,
  texts: readonly string[],
  arms: Readonly<Record<string, (texts: readonly string[]) => Promise<void>>>,
): Promise<void> {
  const names = Object.keys(arms)
  const least = new Map(names.map((name) => [name, Array<number>(batches).fill(Number.POSITIVE_INFINITY)]))
  for (let round = -1; round < rounds; round += 1) {
    for (let batch = 0; batch < batches; batch += 1) {
      const some = texts.slice(batch * callsOfSecond, (batch + 1) * callsOfSecond)
      const first = (round + 1 + batch) % names.length
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        const took = await cpuOf(async () => arms[name]?.(some))
        const known = least.get(name)
        if (round >= 0 && known !== undefined) known[batch] = Math.min(took, known[batch] ?? took)
      }
    }
  }
  const sumOf = (name: string) => least.get(name)?.reduce((sum, took) => sum + took, 0) ?? Number.NaN
  const calls = Math.min(texts.length, batches * callsOfSecond)
  const [filters = ''] = names
  for (const name of names) {
    const [each, more] = [(sumOf(name) * 1_000) / calls, sumOf(name) / sumOf(filters) - 1]
    const beside = name === filters ? '' : `, ${(more * 100).toFixed(1)} % more than the filters alone`
    console.log(`${`${kind}: ${name}`.padEnd(58)} ${each.toFixed(0)} µs of processor time a call${beside}`)
  }
}
