import type { TuningCurves } from '../../feedback/curves/tuning-curves.ts'
import type { TuningKeeper } from '../../feedback/tuning-keeper.ts'
import type { ContentPipeline } from '../../filters/pipeline/pipeline.ts'
import { createCurves } from './curves.ts'
import { createEvaluationSets } from './evaluation-sets.ts'
import { createLabelling } from './labelling.ts'
import type { TuningParts } from './parts.ts'
import { createProposing } from './proposing.ts'
import { createQueue } from './queue.ts'
import { createReporting } from './reporting.ts'
import { createRollingOut } from './rolling-out.ts'

/** What operators do with thresholds, over a storage that is open. */
export function createTuningKeeper(
  parts: TuningParts & { readonly pipeline: ContentPipeline },
): TuningKeeper & TuningCurves {
  return {
    ...createQueue(parts),
    ...createLabelling(parts),
    ...createEvaluationSets(parts),
    ...createProposing(parts),
    ...createRollingOut(parts),
    ...createReporting(parts),
    ...createCurves(parts),
  }
}
