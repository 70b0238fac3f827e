import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from '../corpora/corpora.ts'

/** Every text of the public corpora that people write to a model: questions, SQL, Python, JavaScript, letters, orders, tables. */
export function benignTexts(): readonly string[] {
  const names = [
    'grounding',
    'injection',
    'pii/synth-v2.json',
    'sql',
    'toxicity/openai-moderation.jsonl',
    'workloads/dabench/da-dev-questions.jsonl',
    'workloads/humaneval-js.jsonl',
    'workloads/humaneval.jsonl',
  ] as const
  const paths = names.map(corpus).filter((path) => path !== null)
  const texts = paths.flatMap(filesOf).flatMap((path) => {
    const whole = readFileSync(path, 'utf8')
    if (path.endsWith('.json')) return textsOf(JSON.parse(whole))
    if (path.endsWith('.jsonl'))
      return whole.split('\n').flatMap((line) => (line.trim() === '' ? [] : textsOf(JSON.parse(line))))
    return [whole]
  })
  return [...new Set(texts)]
}

const filesOf = (path: string): readonly string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: 'utf8' })
        .map((name) => join(path, name))
        .filter((each) => statSync(each).isFile() && /\.(?:jsonl?|sql|[ct]sv)$/.test(each))

/** Shorter ones are labels and ids. */
const shortest = 24

/** Longer ones are whole scripts, of which a part says as much. */
const longest = 4_000

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < shortest ? [] : [value.slice(0, longest)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
