import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { availableParallelism, release, totalmem, type as system } from 'node:os'

/** One run of a lane, as it is kept. */
export interface LaneRecord {
  readonly lane: string
  readonly size: string
  readonly commit: string
  /** Day in UTC. */
  readonly date: string
  readonly machine: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
}

const heading =
  '| lane | size | commit | date | machine | passed | failed | skipped | s |\n|---|---|---|---|---|---|---|---|---|\n'

/** Adds a row to the table of runs, with which the document ends. Throws where it does not: nothing is written then. */
export function appendRecord(path: string, record: LaneRecord): void {
  const text = readFileSync(path, 'utf8')
  const table = text.slice(text.lastIndexOf(heading) + heading.length)
  if (!text.includes(heading) || !/^(\|.*\|\n)*$/.test(table)) {
    throw new Error(`${path} does not end with the table of runs, so the run is not recorded in it.`)
  }
  const { lane, size, commit, date, machine, passed, failed, skipped, seconds } = record
  const cells = [lane, size, commit, date, machine, passed, failed, skipped, seconds]
  appendFileSync(path, `| ${cells.join(' | ')} |\n`)
}

/** The counts of a run of tests, by the line that it ends with; null where it did not come so far. */
export function countsIn(output: string): Pick<LaneRecord, 'passed' | 'failed' | 'skipped'> | null {
  const [, passed, failed, skipped] = /(?:^|\n)(\d+) passed, (\d+) failed, (\d+) skipped\n$/.exec(output) ?? []
  return passed === undefined ? null : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}

/** Processors, memory, kernel and Node of this machine. */
export function thisMachine(): string {
  const kernel = release().split('.').slice(0, 2).join('.')
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} cores, ${gibibytes} GiB, ${system()} ${kernel}, Node ${process.versions.node}`
}

/** The commit that is checked out, and whether anything but the records was changed since. */
export function commitOf(root: string): string {
  const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
  const changes = git('status', '--porcelain', '--', ':!docs/verification.md')
  return `${git('rev-parse', '--short=7', 'HEAD')}${changes === '' ? '' : ' with changes'}`
}
