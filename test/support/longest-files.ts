import { cpus } from 'node:os'
import { relative } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'

/** A file of tests and how long it was at work: loading, tests and hooks. */
interface TimedFile {
  readonly path: string
  readonly milliseconds: number
}

/** Milliseconds that all processors of the machine have worked, and that they have had, since it started. */
interface ProcessorTime {
  readonly busy: number
  readonly all: number
}

/** A run of fewer files than this says nothing of its time. */
const fewest = 20
const shown = 30

/** What a long run says of its time: the files that took longest, and how busy the processors were. Nothing of a short one. */
export function timeLines(files: readonly TimedFile[], before: ProcessorTime, after: ProcessorTime): readonly string[] {
  if (files.length < fewest) return []
  const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1)
  const total = files.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const longest = files.toSorted((one, other) => other.milliseconds - one.milliseconds).slice(0, shown)
  const share = (100 * (after.busy - before.busy)) / Math.max(1, after.all - before.all)
  return [
    `${files.length} files took ${seconds(total)} s together; the processors were busy ${share.toFixed(0)} % of the time. The longest:`,
    ...longest.map(({ path, milliseconds }) => `${seconds(milliseconds).padStart(7)} s  ${path}`),
  ]
}

function processorTime(): ProcessorTime {
  const times = cpus().map((one) => one.times)
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all }
}

/** Prints where the time of a run went, for whoever makes room in it. */
export default class LongestFiles implements Reporter {
  #root = ''
  #before = processorTime()

  onInit({ config }: Vitest): void {
    this.#root = config.root
    this.#before = processorTime()
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic()
      return { path: relative(this.#root, module.moduleId), milliseconds: collectDuration + setupDuration + duration }
    })
    for (const line of timeLines(files, this.#before, processorTime())) process.stdout.write(`${line}\n`)
  }
}
