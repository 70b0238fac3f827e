import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ToxicityKind } from '../../../src/filters/toxicity/categories.ts'
import { corpus } from '../../support/corpora/corpora.ts'

/** A text, and of which kinds people said that it is or is not; a kind that nobody was asked about is in neither. */
export interface JudgedText {
  readonly text: string
  readonly is: ReadonlySet<string>
  readonly isNot: ReadonlySet<string>
}

/** Labels of OpenAI's moderation corpus (Markov et al., 2022) by the kind that they are evidence of. */
export const labelKinds: Readonly<Record<string, ToxicityKind>> = {
  S: 'sexual',
  S3: 'sexual',
  H: 'hate',
  H2: 'hate',
  V: 'violence',
  V2: 'violence',
  HR: 'harassment',
  SH: 'self-harm',
}

const row = z.looseObject({ prompt: z.string() })

/** The prompts of OpenAI's moderation corpus; null where it is not here. */
export function moderationTexts(): readonly JudgedText[] | null {
  const path = corpus('toxicity/openai-moderation.jsonl')
  if (path === null) return null
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => {
    const judged = row.parse(JSON.parse(line))
    const labels = Object.keys(labelKinds).filter((label) => label in judged)
    return {
      text: judged.prompt,
      is: new Set(labels.filter((label) => judged[label] === 1)),
      isNot: new Set(labels.filter((label) => judged[label] === 0)),
    }
  })
}

const harmless = z.array(z.looseObject({ prompt: z.string().optional(), mutated_prompt: z.string().optional() }))

/** Harmless prompts that others refuse, by the name of their corpus; none where they are not here. */
export function harmlessTexts(): Readonly<Record<string, readonly string[]>> {
  const folder = corpus('injection')
  if (folder === null) return {}
  const read = (name: string) =>
    harmless
      .parse(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')))
      .map(({ prompt, mutated_prompt: mutated }) => prompt ?? mutated ?? '')
  return {
    NotInject: read('notinject-one.json'),
    "CyberSecEval's false refusal": read('cyberseceval-false-refusal.json'),
  }
}
