import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { corpus } from '../corpora/corpora.ts'
import { sampleOf } from '../corpora/sample-of.ts'
import { readQuestions } from '../dabench/questions.ts'

/** A program that somebody wrote to get work done. */
export interface OrdinaryProgram {
  readonly code: string
  /** The name of a table of DABench that it wants at /mnt/data; null where it wants none. */
  readonly table: string | null
}

const charts = join(import.meta.dirname, '../../corpora/charts')

const drawing = `
import datetime, numpy as np, pandas as pd, matplotlib.pyplot as plt, seaborn as sns
plt.rcParams['figure.dpi'] = 40
long = pd.DataFrame({'d': list('xxyy') * 2, 'h': ['m'] * 4 + ['w'] * 4, 'v': [1, 3, 2, 4, 5, 7, 6, 8]})
`

/** The programs of HumanEval with their tests; none where the corpus is not here. */
export function humanEval(): readonly string[] {
  const path = corpus('workloads/humaneval.jsonl')
  if (path === null) return []
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const { prompt, canonical_solution, test, entry_point } = JSON.parse(line) as Record<string, string>
    return `${prompt}${canonical_solution}\n${test}\ncheck(${entry_point})`
  })
}

/** The cells of the galleries of three libraries for plotting. */
function gallery(): readonly string[] {
  const cells = ['matplotlib', 'pandas', 'seaborn'].flatMap(
    (library) => parse(readFileSync(join(charts, `${library}.yaml`), 'utf8')) as { readonly code: string }[],
  )
  return cells.map(({ code }) => code)
}

function questions(): readonly OrdinaryProgram[] {
  const asked = corpus('workloads/dabench/da-dev-questions.jsonl')
  const labels = corpus('workloads/dabench/da-dev-labels.jsonl')
  if (asked === null || labels === null) return []
  return readQuestions({ questions: asked, labels }).map(({ program, table }) => ({ code: program, table }))
}

/** Programs of public corpora and galleries, a sample of them in `npm test`. */
export function ordinaryPrograms(): readonly OrdinaryProgram[] {
  return [
    ...sampleOf(humanEval()).map((code) => ({ code, table: null })),
    { code: drawing, table: null },
    ...sampleOf(gallery()).map((code) => ({ code, table: null })),
    ...sampleOf(questions()),
  ]
}
