import type { Latency } from '../../core/traffic.ts'

/** Each bucket is so many times as wide as the one below: what is read back lies within 6 % of what was counted. */
const growth = 1.12
/** The last one holds what takes longer than half an hour. */
const buckets = 128

/** How long things took, by buckets that grow: half a kilobyte, however many are counted. */
export class Latencies {
  readonly #counts = new Uint32Array(buckets)

  count(milliseconds: number): void {
    const at = milliseconds <= 1 ? 0 : Math.ceil(Math.log(milliseconds) / Math.log(growth))
    const bucket = Math.min(at, buckets - 1)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
  }

  /** Of all of them together. */
  static sum(all: readonly Latencies[]): Latency | null {
    const counts = Array.from({ length: buckets }, (_, at) =>
      all.reduce((sum, each) => sum + (each.#counts[at] ?? 0), 0),
    )
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (total === 0) return null
    const at = (share: number): number => {
      let left = Math.ceil(share * total)
      const bucket = counts.findIndex((count) => (left -= count) <= 0)
      // The middle of a bucket, by the ratio of its ends.
      return bucket === 0 ? 1 : growth ** (bucket - 0.5)
    }
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}
