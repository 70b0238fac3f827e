import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { rank, recallAt, type RecallAt, type Scored } from '../../src/filters/evaluation/ranking.ts'
import { toxicityKinds } from '../../src/filters/toxicity/categories.ts'
import { openToxicityFinder } from '../../src/filters/toxicity/toxicity-filter.ts'
import { pythonEnvironment } from '../support/python/python-environment.ts'
import { interval } from './intervals.ts'
import { harmlessTexts, labelKinds, moderationTexts, type JudgedText } from './quality/toxicity-texts.ts'

const block = 0.5
const answer = z.object({ seconds: z.number(), scores: z.array(z.number()) })

/** Programs of others, and how to ask each of them. */
export const peerNames = ['alt-profanity-check', 'alt-profanity-check-batch', 'prismguard'] as const
type PeerName = (typeof peerNames)[number]

/** What a program says of texts, and its processor time; null where it cannot be had, which is said aloud. */
export function askPeer(name: PeerName, texts: readonly string[]): z.infer<typeof answer> | null {
  const folder = join(import.meta.dirname, 'quality')
  const packages = pythonEnvironment('toxicity-peers', join(folder, 'toxicity-peers.txt'))
  if (typeof packages === 'string') {
    process.stderr.write(`SKIPPED: ${name} cannot be had: ${packages}\n`)
    return null
  }
  const input = JSON.stringify(texts)
  const words = ['-I', '-B', join(folder, 'toxicity_peers.py'), name]
  return answer.parse(JSON.parse(execFileSync(packages.python, words, { input, maxBuffer: 1e9, encoding: 'utf8' })))
}

/** A score of a text for one kind; kinds without one of their own have that of the whole text. */
type ScoreOf = (index: number, kind: string | null) => number

const told = ({ truePositives, falsePositives }: RecallAt, positives: number) =>
  `${interval(truePositives, positives)} (${falsePositives} false)`

function rowOf(name: string, scored: readonly Scored[]): Record<string, string> {
  const ranking = rank(scored)
  const { positives, negatives } = ranking
  return {
    label: name,
    texts: `${positives} + ${negatives}`,
    AUC: ranking.auc.toFixed(3),
    'recall at 1 %': told(recallAt(ranking, 0.01), positives),
    'recall at 5 %': told(recallAt(ranking, 0.05), positives),
  }
}

function tableOf(texts: readonly JudgedText[], scoreOf: ScoreOf): Record<string, string>[] {
  const any = texts.map(({ is }, index) => ({ score: scoreOf(index, null), isPositive: is.size > 0 }))
  const rows = [rowOf('any', any)]
  for (const [label, kind] of Object.entries(labelKinds)) {
    const judged = texts.flatMap(({ is, isNot }, index) =>
      is.has(label) || isNot.has(label) ? [{ score: scoreOf(index, kind), isPositive: is.has(label) }] : [],
    )
    if (judged.some(({ isPositive }) => isPositive)) rows.push(rowOf(`${label} (${kind})`, judged))
  }
  return rows
}

/** `npm run bench -- toxicity`: what the detector of toxicity finds in texts of others, and what it flags wrongly. */
export async function benchToxicity(): Promise<void> {
  const finder = openToxicityFinder()
  const texts = moderationTexts()
  if (texts !== null) {
    const scores = texts.map(({ text }) => finder.scores(text))
    const kindAt = (kind: string) => toxicityKinds.findIndex((name) => name === kind)
    // Nobody was asked about profanity.
    const worst = (all: readonly number[]) => Math.max(...all.filter((_, kind) => kind !== kindAt('profanity')))
    const own: ScoreOf = (index, kind) =>
      kind === null ? worst(scores[index] ?? []) : (scores[index]?.[kindAt(kind)] ?? 0)
    console.log(
      `\n${texts.length} prompts of OpenAI's moderation corpus, positives + negatives, 95 % Wilson intervals:`,
    )
    console.table(tableOf(texts, own))
    const flagged = texts.map((_, index) => own(index, null) >= block)
    const [toxic, others] = [true, false].map((wanted) => texts.map(({ is }, index) => is.size > 0 === wanted && index))
    for (const [name, indexes] of Object.entries({ toxic, others })) {
      const of = (indexes ?? []).filter((index) => index !== false)
      console.log(`At ${block} of ${name}: ${interval(of.filter((index) => flagged[index]).length, of.length)}`)
    }
    const peer = askPeer(
      'alt-profanity-check',
      texts.map(({ text }) => text),
    )
    if (peer !== null) {
      console.log('\nalt-profanity-check, which has one score for all:')
      console.table(tableOf(texts, (index) => peer.scores[index] ?? 0))
    }
  }
  for (const [name, harmless] of Object.entries(harmlessTexts())) {
    const refused = harmless.filter((text) => finder.scores(text).some((score) => score >= block))
    const peer = askPeer('alt-profanity-check', harmless)
    const theirs =
      peer === null
        ? ''
        : `; alt-profanity-check ${interval(peer.scores.filter((score) => score >= block).length, harmless.length)}`
    console.log(`${name}, flagged at ${block}: ${interval(refused.length, harmless.length)}${theirs}`)
  }
}
