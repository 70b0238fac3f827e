import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import { runClosedLoop, type LoopResult } from '../../support/feedback/closed-loop.ts'
import { optionOf } from '../pass-through.ts'

const usualSeeds = 24

/**
 * The whole loop over populations whose truth is known, on the embedded storage: traffic, complaints, labels, proposal, shadow,
 * canary, promotion and watch, three times at most. One row of each seed and group; `--rounds N` takes other seeds than 1 to 24.
 */
export async function benchLoop(): Promise<void> {
  const seeds = Number(optionOf('rounds') ?? usualSeeds)
  console.log(
    '\nThe closed loop: thresholds, the false positives and the recall that are true of them, by seed and group',
  )
  console.log(
    '  seed group   thresholds                  labels complaints  false positives (target)   recall lost  ended',
  )
  const results: LoopResult[] = []
  for (let seed = 1; seed <= seeds; seed += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-loop-'))
    try {
      const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
      await using storage = await openStorage(config, { for: 'command' })
      for (const result of await runClosedLoop({ seed, storage })) {
        results.push(result)
        console.log(rowOf(result))
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const reached = results.filter(({ after, target }) => after.falsePositives <= target)
  const kept = results.filter((result) => recallLost(result) <= 0.02)
  const both = reached.filter((result) => kept.includes(result))
  const most = Math.max(...results.map(({ iterations }) => iterations.length))
  console.log(
    `  of ${results.length}: ${reached.length} at or below their target, ${kept.length} with 2 points of recall lost at most, ${both.length} both; ${most} iterations at most`,
  )
}

export const recallLost = ({ before, after }: LoopResult): number => before.recall - after.recall

function rowOf(result: LoopResult): string {
  const { seed, place, iterations, before, after, target } = result
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
  const [first] = iterations
  const path = [first?.from ?? '', ...iterations.flatMap(({ from, to }) => (to === from ? [] : [to]))].join(' → ')
  const sum = (of: 'labels' | 'complaints') => iterations.reduce((all, each) => all + each[of], 0)
  const rates = `${percent(before.falsePositives)} → ${percent(after.falsePositives)} (${percent(target)})`
  const ended = iterations.map((each) => each.ended).join(', ')
  return `  ${String(seed).padEnd(4)} ${place.group.padEnd(7)} ${path.padEnd(27)} ${String(sum('labels')).padEnd(6)} ${String(sum('complaints')).padEnd(10)}  ${rates.padEnd(26)} ${percent(recallLost(result)).padEnd(12)} ${ended}`
}
