import { z } from 'zod'
import type { Direction } from '../filter.ts'
import { answerFault, formed } from './answer-faults.ts'
import type { JudgeOptions } from './detector-options.ts'
import { messagesForScores, readScores } from './judged-scores.ts'
import { llamaGuardCategories } from './llama-guard-categories.ts'
import { messagesForTemplate, promptOf, readLlamaGuard, type ChatMessage } from './llama-guard.ts'
import type { Verdict, VerdictSource } from './verdict-source.ts'

const who = 'The judge'
const answerBytes = 131_072
const modelsBytes = 1_048_576

const choice = z.object({
  finish_reason: z.string().max(100).nullable(),
  message: z.object({
    content: z.string().nullable(),
    refusal: z.string().nullish(),
    tool_calls: z.array(z.unknown()).nullish(),
  }),
})
const answerOfChat = z.object({ choices: z.array(choice).length(1) })
const answerOfModels = z.object({ data: z.array(z.object({ id: z.string() })) })

/** How a kind of judge is asked, and how what it says is read; null is no verdict. */
interface Manner {
  readonly categories: readonly string[]
  readonly settings: object
  messages(text: string, direction: Direction): ChatMessage[]
  read(content: string): readonly Verdict[] | null
}

/**
 * A model behind `POST /chat/completions` of the form of OpenAI, asked about one text at a time. Only a whole answer that is
 * exactly a verdict counts: one that was cut off, refused or says anything beside it is a fault, never "safe".
 */
export function createJudgeSource(options: JudgeOptions): VerdictSource {
  const { key: token, model } = options
  const base = options.url.replace(/\/+$/, '')
  const manner = options.verdict === 'llama-guard' ? llamaGuard(options) : scores(options)
  return {
    who,
    version: model,
    categories: manner.categories,
    batch: { characters: 1, texts: 1 },
    async probe(ask) {
      formed(who, answerOfModels, await ask({ url: `${base}/models`, token, maximumBytes: modelsBytes }))
    },
    async verdicts([text = ''], { context, ask }) {
      const messages = manner.messages(text, context.direction)
      const fixed = { model, temperature: 0, max_tokens: options.maximum_tokens, stream: false }
      const body = { ...fixed, ...manner.settings, messages }
      const request = { url: `${base}/chat/completions`, body, token, maximumBytes: answerBytes }
      const { choices } = formed(who, answerOfChat, await ask(request))
      const said = saidBy(choices[0])
      const verdicts = said === null ? null : manner.read(said)
      if (verdicts === null) throw answerFault(who, 'unreadable-verdict', 'gave no verdict that can be read')
      return [verdicts]
    },
  }
}

/** What a model said to its end; null where it was cut off, refused to say anything, or called tools. */
function saidBy(answer: z.infer<typeof choice> | undefined): string | null {
  if (answer === undefined || answer.finish_reason !== 'stop') return null
  const { content, refusal, tool_calls: calls } = answer.message
  return (refusal ?? '') === '' && (calls ?? []).length === 0 ? content : null
}

function llamaGuard({ categories, template }: JudgeOptions): Manner {
  const ours = new Map<string, string | null>(
    Object.entries(llamaGuardCategories).map(([code, { category }]) => [
      code,
      Object.hasOwn(categories, code) ? (categories[code] ?? null) : category,
    ]),
  )
  return {
    categories: [...new Set(ours.values())].filter((category) => category !== null),
    settings: {},
    messages: template === 'server' ? messagesForTemplate : promptOf,
    read: (content) =>
      readLlamaGuard(content)?.flatMap((code) => {
        const category = ours.get(code) ?? null
        return category === null ? [] : [{ category, score: 1 }]
      }) ?? null,
  }
}

function scores({ categories, prompt }: JudgeOptions): Manner {
  const ours = Object.entries(categories).flatMap(([word, category]) => (category === null ? [] : [{ word, category }]))
  const words = ours.map(({ word }) => word)
  return {
    categories: [...new Set(ours.map(({ category }) => category))],
    settings: { response_format: { type: 'json_object' } },
    messages: (text) => messagesForScores(prompt ?? '', words, text),
    read(content) {
      const given = readScores(content, words)
      return given === null ? null : ours.map(({ word, category }) => ({ category, score: given.get(word) ?? 0 }))
    },
  }
}
