import type { FactTable } from '../../fact-table.ts'
import { isPart, type Part } from '../checked-sentence.ts'
import { factsOf } from './run-result.ts'
import { resultsCounted } from './results-counted.ts'
import { resultsLookedAt } from './results-looked-at.ts'

/** An answer of an analyst about results of one run, with all that it claims: a true one is right in each part, a false one is wrong in one alone. */
export interface AnalystAnswer {
  readonly question: string
  /** Names of the results that the run has read, in this order. */
  readonly results: readonly string[]
  readonly answer: string
  readonly label: boolean
  readonly parts: Claims
}

/** What an answer claims of the first result of its run, and of the second one. */
type Claims = (first: FactTable, second: FactTable) => readonly Part[]

type Claim = readonly [answer: string, parts: Claims]

export const fifthResults = { ...resultsLookedAt, ...resultsCounted }

/** True and false answers to one question. */
export function asked(
  question: string,
  results: readonly string[],
  claims: { readonly right: readonly Claim[]; readonly wrong: readonly Claim[] },
): readonly AnalystAnswer[] {
  const labelled = (label: boolean, [answer, parts]: Claim) => ({ question, results, answer, label, parts })
  return [...claims.right.map((claim) => labelled(true, claim)), ...claims.wrong.map((claim) => labelled(false, claim))]
}

/** How many parts of an answer are not so. Throws where a result has no such number or text. */
export function wrongPartsOf({ answer, results, parts }: AnalystAnswer): number {
  const [first, second = first] = results.map((id) => factsOf(id, resultOf(id)))
  if (first === undefined || second === undefined) throw new Error(`An answer is about no result: ${answer}`)
  return parts(first, second).filter((part) => !isPart(part, answer)).length
}

/** A result by its name. */
export function resultOf(id: string): (typeof fifthResults)[string] {
  const result = fifthResults[id]
  if (result === undefined) throw new Error(`No result is called "${id}".`)
  return result
}
