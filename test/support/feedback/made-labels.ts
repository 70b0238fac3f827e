import type { LabelledScore } from '../../../src/core/tuning.ts'
import { createRandom } from '../random.ts'
import { madeDetectors, normal } from './made-traffic.ts'

/** So many texts of a file with labels, a tenth of them harmful. */
export function madeLabels(count: number, seed: number): LabelledScore[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const isHarmful = random() < 0.1
    return {
      decision: `txt-${index}`,
      principal: '',
      score: 1 / (1 + Math.exp(-((isHarmful ? 2 : -2.5) + 1.3 * normal(random)))),
      isBound: false,
      weight: 1,
      stratum: 'passed',
      detectors: madeDetectors,
      truth: isHarmful ? 'harmful' : 'harmless',
      source: 'import',
    }
  })
}
