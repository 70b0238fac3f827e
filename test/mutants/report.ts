import type { HuntReport } from './hunt.ts'
import { describeMutant } from './mutant.ts'

/** What a hunt found, for people: the score, then every survivor with its place. */
export function reportText(report: HuntReport): string {
  const { folders, seed, possible, sampled, killed, hung, survived, notRun, score } = report
  const ran = sampled - notRun
  const lines = [
    `${folders.join(', ')}, seed ${seed}: ${killed} of ${ran} mutants killed (${percent(score)}), ${hung} of them by a deadline.`,
    `${possible} are possible, ${sampled} were drawn, in ${Math.round(report.milliseconds / 1000)} s.`,
  ]
  if (notRun > 0) lines.push(`${notRun} were not run: the time was used up. --minutes gives more.`)
  if (report.filesLeftOut.length > 0)
    lines.push(`Without mutants, as they reach out: ${report.filesLeftOut.join(', ')}.`)
  if (report.testsLeftOut.length > 0) {
    lines.push(`Not run, as they fail or take long without a fault: ${report.testsLeftOut.join(', ')}.`)
  }
  if (survived.length > 0) lines.push('', 'Survivors:', ...survived.map((mutant) => `  ${describeMutant(mutant)}`))
  return `${lines.join('\n')}\n`
}

function percent(score: number | null): string {
  return score === null ? 'none ran' : `${(100 * score).toFixed(1)} %`
}
