import { countText } from '../words.ts'

const stages: Readonly<Record<string, string>> = {
  error: 'the request itself',
  tool: 'a gate of a tool',
  policy: 'the rules of policy',
  content: 'a content filter',
  limit: 'a limit',
}

export const stageText = (stage: string): string => stages[stage] ?? stage

/** Lists are counted no further than this. */
const counted = 1_000

export const boundedText = (count: number): string =>
  count >= counted ? `${countText(counted)} or more` : countText(count)
