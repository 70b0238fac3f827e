import type { ResponseRecord } from '../../core/facts.ts'
import type { Amounts, QuotaUnit } from '../../core/quotas.ts'
import type {
  CountedCalls,
  CountedRefusal,
  CountedUse,
  RefusalStage,
  SumUpTraffic,
  TrafficSummary,
  TrafficWindow,
} from '../../core/traffic.ts'
import { Latencies } from './latencies.ts'

/** Pieces of each window: how long one is, in milliseconds, and how many of them there are. */
const pieces: Readonly<Record<TrafficWindow, { readonly milliseconds: number; readonly count: number }>> = {
  '5m': { milliseconds: 10_000, count: 30 },
  '1h': { milliseconds: 60_000, count: 60 },
  '24h': { milliseconds: 900_000, count: 96 },
}

/** So many reasons of refusals, and groups, are told apart in a piece; what comes after them is `other`. */
const mostNames = 200
const other = 'other'

/** What no caller asks for: what watches the process, what operators do, and the files of the web app. */
const notOfCallers = /^\/(?:livez|readyz|metrics|openapi\.json|docs|app|admin)(?:\/|$)/

interface Calls {
  readonly endings: Record<'answered' | 'failed' | 'cancelled', number>
  readonly latencies: Latencies
}

/** What was counted in one piece of a window. */
class Piece {
  requests = 0
  refused = 0
  failed = 0
  readonly latencies = new Latencies()
  /** By stage and reason, which no space parts. */
  readonly refusals = new Map<string, number>()
  readonly uses = new Map<string, number>()
  readonly upstreams = new Map<string, Calls>()
}

/** Adds to what stands under a name. */
function add(counts: Map<string, number>, name: string, rest: string, amount: number): void {
  const key = counts.has(name) || counts.size < mostNames ? name : rest
  counts.set(key, (counts.get(key) ?? 0) + amount)
}

/**
 * What this process has answered, over three windows that move on: pieces of them, so that what is kept has a bound. It is for
 * operators who look; what is to be kept is in the metrics, which others collect. `now` is in milliseconds since any fixed
 * point, and never one that jumps.
 */
export class Traffic {
  readonly #now: () => number
  readonly #began: number
  readonly #windows = Object.entries(pieces).map(([window, { milliseconds, count }]) => {
    return { window, milliseconds, count, kept: new Map<number, Piece>() }
  })

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#began = now()
  }

  /** One answer over HTTP. */
  answered({ route, status, milliseconds }: Pick<ResponseRecord, 'route' | 'status' | 'milliseconds'>): void {
    if (route !== null && notOfCallers.test(route)) return
    this.#each((piece) => {
      piece.requests += 1
      if (status >= 500) piece.failed += 1
      else if (status >= 400) piece.refused += 1
      else piece.latencies.count(milliseconds)
    })
  }

  refused(stage: RefusalStage, reason: string): void {
    this.#each(({ refusals }) => add(refusals, `${stage} ${reason.slice(0, 100)}`, `${stage} ${other}`, 1))
  }

  used(group: string, uses: Amounts): void {
    this.#each((piece) => {
      for (const [unit, amount] of Object.entries(uses)) {
        if (amount > 0) add(piece.uses, `${unit} ${group}`, `${unit} ${other}`, amount)
      }
    })
  }

  /** A call that was passed on to an upstream, which the configuration names. */
  called(upstream: string, ending: keyof Calls['endings'], milliseconds: number): void {
    this.#each(({ upstreams }) => {
      const calls = upstreams.get(upstream) ?? {
        endings: { answered: 0, failed: 0, cancelled: 0 },
        latencies: new Latencies(),
      }
      upstreams.set(upstream, calls)
      calls.endings[ending] += 1
      if (ending === 'answered') calls.latencies.count(milliseconds)
    })
  }

  readonly sumUp: SumUpTraffic = (window) => {
    const now = this.#now()
    const found = this.#windows.find((each) => each.window === window)
    if (found === undefined) throw new TypeError(`there is no window ${window}`)
    const { milliseconds, count, kept } = found
    const last = Math.floor(now / milliseconds)
    const at = Array.from({ length: count }, (_, index) => last - count + 1 + index)
    const there = at.flatMap((piece) => kept.get(piece) ?? [])
    return {
      countedFor: now - this.#began,
      ...answersOf(there),
      points: at.map((piece) => {
        const counted = kept.get(piece)
        return Object.assign(
          { beganAgo: now - piece * milliseconds },
          answersOf(counted === undefined ? [] : [counted]),
        )
      }),
      refusals: summed(there.map(({ refusals }) => refusals)).map(([name, times]): CountedRefusal => {
        const { first, rest } = parted(name)
        return { stage: first as RefusalStage, reason: rest, count: times }
      }),
      uses: summed(there.map(({ uses }) => uses)).map(([name, amount]): CountedUse => {
        const { first, rest } = parted(name)
        return { unit: first as QuotaUnit, group: rest, amount }
      }),
      upstreams: callsOf(there.map(({ upstreams }) => upstreams)),
    }
  }

  #each(count: (piece: Piece) => void): void {
    const now = this.#now()
    for (const { milliseconds, count: most, kept } of this.#windows) {
      const at = Math.floor(now / milliseconds)
      let piece = kept.get(at)
      if (piece === undefined) {
        piece = new Piece()
        kept.set(at, piece)
        for (const old of kept.keys()) if (old <= at - most) kept.delete(old)
      }
      count(piece)
    }
  }
}

function answersOf(all: readonly Piece[]): Pick<TrafficSummary, 'requests' | 'refused' | 'failed' | 'latency'> {
  const sum = (of: (piece: Piece) => number): number => all.reduce((total, piece) => total + of(piece), 0)
  return {
    requests: sum(({ requests }) => requests),
    refused: sum(({ refused }) => refused),
    failed: sum(({ failed }) => failed),
    latency: Latencies.sum(all.map(({ latencies }) => latencies)),
  }
}

/** All of them together, the largest first. */
function summed(all: readonly ReadonlyMap<string, number>[]): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>()
  for (const counts of all) for (const [name, amount] of counts) sums.set(name, (sums.get(name) ?? 0) + amount)
  return [...sums].toSorted(([, one], [, two]) => two - one)
}

/** A name of two: what stands before the first space, and behind it. */
function parted(name: string): { readonly first: string; readonly rest: string } {
  const at = name.indexOf(' ')
  return { first: name.slice(0, at), rest: name.slice(at + 1) }
}

function callsOf(all: readonly ReadonlyMap<string, Calls>[]): ReadonlyMap<string, CountedCalls> {
  const names = new Set(all.flatMap((calls) => [...calls.keys()]))
  return new Map(
    [...names].map((name) => {
      const own = all.flatMap((calls) => calls.get(name) ?? [])
      const sum = (ending: keyof Calls['endings']): number =>
        own.reduce((total, { endings }) => total + endings[ending], 0)
      const latency = Latencies.sum(own.map(({ latencies }) => latencies))
      return [name, { answered: sum('answered'), failed: sum('failed'), cancelled: sum('cancelled'), latency }]
    }),
  )
}
