import { z } from 'zod'
import { answerFault, formed } from './answer-faults.ts'
import type { ModerationOptions } from './detector-options.ts'
import { moderationCategories, moderationNames, type ModerationName } from './moderation-categories.ts'
import type { Verdict, VerdictSource } from './verdict-source.ts'

const who = 'OpenAI Moderation'
const bytesPerText = 16_384
const leastBytes = 65_536
const modelsBytes = 1_048_576

const result = z.object({
  flagged: z.boolean(),
  categories: z.record(z.string().max(100), z.boolean().nullable()),
  category_scores: z.record(z.string().max(100), z.number().min(0).max(1).nullable()),
})
const answerOfModerations = z.object({ model: z.string().min(1).max(200), results: z.array(result) })
const answerOfModels = z.object({ data: z.array(z.object({ id: z.string() })) })

/**
 * `POST /moderations` of OpenAI. The scores are its own; what it calls flagged, by thresholds that it does not tell, decides
 * nothing. Several of its categories may be one of ours, which then has the highest of their scores.
 */
export function createModerationSource(options: ModerationOptions): VerdictSource {
  const { key: token, model } = options
  const base = options.url.replace(/\/+$/, '')
  const mapped = moderationNames.flatMap((theirs) => {
    const ours = Object.hasOwn(options.categories, theirs) ? options.categories[theirs] : moderationCategories[theirs]
    return ours === null || ours === undefined ? [] : [[theirs, ours] as const]
  })
  return {
    who,
    version: model,
    categories: [...new Set(mapped.map(([, ours]) => ours))],
    batch: { characters: 16_384, texts: 32 },
    async probe(ask) {
      formed(who, answerOfModels, await ask({ url: `${base}/models`, token, maximumBytes: modelsBytes }))
    },
    async verdicts(texts, { ask }) {
      const body = { model, input: texts }
      const maximumBytes = leastBytes + bytesPerText * texts.length
      const answer = formed(
        who,
        answerOfModerations,
        await ask({ url: `${base}/moderations`, body, token, maximumBytes }),
      )
      if (answer.results.length !== texts.length) {
        throw answerFault(who, 'wrong-form', `answered for ${answer.results.length} texts of ${texts.length}`)
      }
      return answer.results.map(({ category_scores: scores }) =>
        verdictsOf(mapped, scores).filter(({ score }) => score >= options.minimum_score),
      )
    },
  }
}

/** Throws where one of the mapped categories has no score. */
function verdictsOf(
  mapped: readonly (readonly [ModerationName, string])[],
  scores: Readonly<Record<string, number | null>>,
): Verdict[] {
  const highest = new Map<string, number>()
  for (const [theirs, ours] of mapped) {
    const score = Object.hasOwn(scores, theirs) ? scores[theirs] : null
    if (score === null || score === undefined) {
      throw answerFault(who, 'unreadable-verdict', `answered without a score for ${theirs}`)
    }
    highest.set(ours, Math.max(score, highest.get(ours) ?? 0))
  }
  return [...highest].map(([category, score]) => ({ category, score }))
}
