import { optionOf } from './pass-through.ts'
import { benchCanaries } from './tuning/canaries.ts'
import { benchCoverage } from './tuning/coverage.ts'
import { benchLoop } from './tuning/loop.ts'
import { benchShadow } from './tuning/shadow.ts'
import { benchPropose, benchSimulate } from './tuning/speed.ts'
import { benchStored } from './tuning/stored.ts'
import { benchSweep } from './tuning/sweep.ts'

/**
 * What tuning comes to and what it takes: how often intervals hold the truth and proposals their aim (`--only coverage`), a
 * proposal over a million recorded decisions (`propose`), a replay of them (`simulate`), both out of the embedded storage
 * (`stored`), scikit-learn beside it (`sweep`), canaries that are rolled back and others (`canaries`), the whole loop on
 * populations whose truth is known (`loop`), and what a rollout in shadow takes beside the filters (`shadow`).
 */
export async function benchTuning(): Promise<void> {
  const parts: Readonly<Record<string, () => void | Promise<void>>> = {
    coverage: benchCoverage,
    propose: benchPropose,
    simulate: benchSimulate,
    stored: benchStored,
    sweep: benchSweep,
    canaries: benchCanaries,
    loop: benchLoop,
    shadow: benchShadow,
  }
  const only = optionOf('only')
  if (only !== null && !Object.hasOwn(parts, only)) {
    throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${only}".`)
  }
  for (const [name, measure] of Object.entries(parts)) if (only === null || only === name) await measure()
}
