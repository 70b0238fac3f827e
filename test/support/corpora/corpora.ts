import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Public corpora that tests and measurements look for. */
export const corpusNames = [
  'grounding',
  'injection',
  'pii/synth-v2.json',
  'sql',
  'toxicity/openai-moderation.jsonl',
  'workloads/dabench/da-dev-labels.jsonl',
  'workloads/dabench/da-dev-questions.jsonl',
  'workloads/dabench/tables',
  'workloads/dabench/tables/test_ave.csv',
  'workloads/humaneval-js.jsonl',
  'workloads/humaneval.jsonl',
] as const

type CorpusName = (typeof corpusNames)[number]

/**
 * Path of a public corpus file, or null where the corpora are not on this machine. They live beside the checkout in
 * `../shared/data`, or where SALLYPORT_DATA points. Says so once on stderr, so that a skip is never silent.
 */
export function corpus(name: CorpusName): string | null {
  const path = corpusPath(name, process.env)
  if (existsSync(path)) return path
  process.stderr.write(`SKIPPED: corpus ${name} is not here (set SALLYPORT_DATA to the folder that holds it)\n`)
  return null
}

/** The corpora that a run with these variables does not find. */
export function absentCorpora(environment: Readonly<Record<string, string | undefined>>): readonly CorpusName[] {
  return corpusNames.filter((name) => !existsSync(corpusPath(name, environment)))
}

function corpusPath(name: CorpusName, environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment['SALLYPORT_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data'), name)
}
