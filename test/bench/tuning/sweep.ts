import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { LabelledScore } from '../../../src/core/tuning.ts'
import { fileCurve } from '../../../src/feedback/estimates/file-curve.ts'
import { binCount, thresholdOfBin } from '../../../src/feedback/estimates/score-bins.ts'
import { madeLabels } from '../../support/feedback/made-labels.ts'
import { pythonEnvironment } from '../../support/python/python-environment.ts'
import { figure, report } from '../figures.ts'

const texts = 1_000_000
const target = 0.01
const rounds = 7
const answer = z.object({
  seconds: z.array(z.number()),
  processor: z.array(z.number()),
  threshold: z.number(),
  recall: z.number(),
})

interface Swept {
  readonly threshold: number
  readonly recall: number
}

/** What a proposal from a file of texts rests on: both rates at every threshold, and the lowest one within the target. */
function sweep(labels: readonly LabelledScore[], harmless: number): Swept {
  const curve = fileCurve(labels)
  let bin = binCount - 1
  while (bin > 0 && curve.countsAt(bin - 1).falseBlocks <= target * harmless) bin -= 1
  const { missed, harmful } = curve.countsAt(bin)
  return { threshold: thresholdOfBin(bin), recall: 1 - missed / harmful }
}

/**
 * The same thresholds out of the same million labelled scores, by what a proposal goes by and by scikit-learn's `roc_curve`, a
 * round of each in turn.
 */
export function benchSweep(): void {
  const labels = madeLabels(texts, 1)
  const harmless = labels.filter(({ truth }) => truth === 'harmless').length
  const packages = pythonEnvironment('threshold-sweep', join(import.meta.dirname, 'sweep.txt'))
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'))
  try {
    const [scores, truths] = [join(folder, 'scores'), join(folder, 'truths')]
    writeFileSync(
      scores,
      Float64Array.from(labels, ({ score }) => score),
    )
    writeFileSync(
      truths,
      Uint8Array.from(labels, ({ truth }) => Number(truth === 'harmful')),
    )
    const own = { wall: [] as number[], processor: [] as number[] }
    const theirs = { wall: [] as number[], processor: [] as number[] }
    let swept = sweep(labels, harmless)
    for (let round = 0; round < rounds; round += 1) {
      const [began, before] = [performance.now(), process.cpuUsage()]
      swept = sweep(labels, harmless)
      const { user, system } = process.cpuUsage(before)
      own.wall.push(performance.now() - began)
      own.processor.push((user + system) / 1_000)
      if (typeof packages === 'string') continue
      const words = ['-I', '-B', join(import.meta.dirname, 'sweep.py'), scores, truths, String(target), '1']
      const told = answer.parse(JSON.parse(execFileSync(packages.python, words, { encoding: 'utf8' })))
      theirs.wall.push(...told.seconds.map((seconds) => seconds * 1_000))
      theirs.processor.push(...told.processor.map((seconds) => seconds * 1_000))
      if (told.threshold !== swept.threshold || Math.abs(told.recall - swept.recall) > 1e-9) {
        throw new Error(`scikit-learn says ${JSON.stringify(told)}, and this one ${JSON.stringify(swept)}`)
      }
    }
    if (typeof packages === 'string') process.stderr.write(`SKIPPED: scikit-learn cannot be had: ${packages}\n`)
    console.log(
      `\n${texts} labelled scores: a threshold of ${swept.threshold}, recall ${swept.recall.toFixed(4)}, from both.`,
    )
    const of = (kind: 'wall' | 'processor') =>
      figure(
        own[kind],
        theirs[kind].length === 0 ? {} : { reference: { name: 'scikit-learn 1.9.1', samples: theirs[kind] } },
      )
    report('tuning', { 'sweep.time_of_million': of('wall'), 'sweep.processor_time_of_million': of('processor') })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
