import type { Config } from '../config/schema.ts'
import { RunJudging } from '../gateway/ground/run-judge.ts'
import { createModerateQuestion } from '../gateway/moderate/moderate-question.ts'
import { createModerateRun } from '../gateway/moderate/moderate-run.ts'
import type { ModerationOptions } from '../gateway/moderate/moderation.ts'
import { createPipeline, type Pipeline, type PipelineOptions } from '../gateway/pipeline.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface PipelineParts
  extends
    Pick<PipelineOptions, 'identify' | 'grantFor' | 'quota' | 'payload' | 'screenerFor'>,
    Pick<ModerationOptions, 'askPerson' | 'rules'> {
  readonly config: Config
  readonly telemetry: Telemetry
  readonly content: Omit<ModerationOptions, 'askPerson' | 'rules' | 'tell'>
}

/**
 * The stages of a request to the service's own model, and what judges its answers once there is something that passes calls
 * on.
 */
export function openPipeline(parts: PipelineParts): { readonly pipeline: Pipeline; readonly judging: RunJudging } {
  const { config, telemetry, content, askPerson, rules, ...stages } = parts
  const judging = new RunJudging(config.gateway.judge)
  const tell: ModerationOptions['tell'] = (notice) => telemetry.notices.onContent(notice)
  const moderation = { ...content, askPerson, rules, tell }
  const pipeline = createPipeline({
    ...stages,
    moderateQuestion: createModerateQuestion(moderation),
    moderateRun: createModerateRun(moderation),
    judging,
    price: config.model.price,
    linkHosts: config.filters.link_hosts,
  })
  return { pipeline, judging }
}
