import type { OperatorRoutes } from '../../../api/generated/operators.ts'
import { countText } from '../words.ts'

type Stage = OperatorRoutes['GET /admin/v1/overview']['answer']['refusals'][number]['stage']

const stages: Readonly<Record<Stage, string>> = {
  request: 'the request itself',
  fault: 'a fault of the service or of what it asks',
  gate: 'a gate in front of a tool',
  policy: 'the rules of policy',
  content: 'a content filter',
  limit: 'a limit',
}

export const stageText = (stage: Stage): string => stages[stage]

/** Lists are counted no further than this. */
const counted = 1_000

export const boundedText = (count: number): string =>
  count >= counted ? `${countText(counted)} or more` : countText(count)
