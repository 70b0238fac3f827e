import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from '../../corpora/corpora.ts'

/** An answer of a model in a conversation over one passage, as people have labelled it (BEGIN, google/BEGIN-dataset). */
export interface AttributedAnswer {
  readonly document: string
  /** What was said before it. */
  readonly question: string
  readonly answer: string
  readonly isAttributable: boolean
}

/** null where the corpus is not there. */
export function attributedAnswers(): readonly AttributedAnswer[] | null {
  const folder = corpus('grounding')
  if (folder === null) return null
  const [, ...lines] = readFileSync(join(folder, 'begin-dev-wow.tsv'), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, , document, question, answer, label] = line.split('\t')
    if (document === undefined || question === undefined || answer === undefined || label === undefined) return []
    return [{ document, question, answer, isAttributable: label.trim() === 'Fully attributable' }]
  })
}
