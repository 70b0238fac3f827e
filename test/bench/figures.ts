import { cpus, release, totalmem } from 'node:os'

/** One measured quantity; `reference` is what it was measured against in the same run. */
export interface Figure {
  readonly unit: 'ms' | 'bytes' | 'per second' | 'MB/s'
  readonly n: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly value: number
  readonly reference?: { readonly name: string; readonly p50: number }
  readonly ratio?: number
  /** How far the ratios of several runs in pairs lie apart. */
  readonly ratios?: { readonly pairs: number; readonly least: number; readonly greatest: number }
}

export type Figures = Record<string, Figure>

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

interface FigureOptions {
  readonly unit?: Figure['unit']
  readonly reference?: { readonly name: string; readonly samples: readonly number[] }
}

/** `ratio` says how many times better than the reference: less of a time or a size, more of a rate. */
export function figure(samples: readonly number[], options: FigureOptions = {}): Figure {
  const sorted = [...samples].sort((first, second) => first - second)
  const p50 = percentile(sorted, 0.5)
  const plain = {
    unit: options.unit ?? 'ms',
    n: sorted.length,
    p50,
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    value: p50,
  } as const
  if (options.reference === undefined) return plain
  const reference = figure(options.reference.samples)
  const isRate = plain.unit === 'per second' || plain.unit === 'MB/s'
  const ratio = isRate ? p50 / reference.p50 : reference.p50 / p50
  return { ...plain, reference: { name: options.reference.name, p50: reference.p50 }, ratio }
}

/** Runs `work` so many times, one after the other; milliseconds of each. */
export async function timed(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let index = 0; index < count; index += 1) {
    const started = performance.now()
    await work(index)
    samples.push(performance.now() - started)
  }
  return samples
}

const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

function describe(name: string, entry: Figure): string {
  const spread = `p50 ${round(entry.p50)}, p95 ${round(entry.p95)}, p99 ${round(entry.p99)} ${entry.unit} (n ${entry.n})`
  const against =
    entry.reference === undefined
      ? ''
      : `, ${entry.reference.name} ${round(entry.reference.p50)} ${entry.unit}: ${round(entry.ratio ?? 0)}×`
  const range =
    entry.ratios === undefined
      ? ''
      : ` (${round(entry.ratios.least)} to ${round(entry.ratios.greatest)} in ${entry.ratios.pairs} pairs)`
  return `${name.padEnd(28)} ${spread}${against}${range}`
}

/** To stderr, a line per figure: what is known of a suite that goes on, so that one that is cut was not for nothing. */
export function reportSoFar(figures: Figures): void {
  for (const [name, entry] of Object.entries(figures)) process.stderr.write(`${describe(name, entry)}\n`)
}

/** To stdout: one JSON document with `--json`, else a line per figure. */
export function report(suite: string, figures: Figures): void {
  const [processor] = cpus()
  const machine = {
    processor: processor?.model ?? '',
    processors: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ suite, machine, figures }))
  else for (const [name, entry] of Object.entries(figures)) console.log(describe(name, entry))
}
