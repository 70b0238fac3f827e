import type { FactTable } from '../fact-table.ts'
import { is, near, type FreeSentence } from '../free-sentence.ts'

/** What a table says, beside what a sentence says of it; of a number so many decimals, those it is written with unless they are given. */
export type Part = readonly [there: number | string | boolean, written: number | string | boolean, decimals?: number]

/** A sentence with all that it claims, part by part: a true one is right in each of them, a false one is wrong in one alone. */
export interface CheckedSentence extends FreeSentence {
  readonly parts: (table: FactTable) => readonly Part[]
}

type Claim = readonly [sentence: string, parts: (table: FactTable) => readonly Part[]]

/** True and false sentences about one table. */
export function said(
  table: string,
  claims: { readonly right: readonly Claim[]; readonly wrong: readonly Claim[] },
): readonly CheckedSentence[] {
  return [
    ...claims.right.map((claim) => checked(table, true, claim)),
    ...claims.wrong.map((claim) => checked(table, false, claim)),
  ]
}

/** How many parts of a sentence are not so. Throws where its table has no such number or text, which no label may rest on. */
export function wrongParts({ sentence, parts }: CheckedSentence, table: FactTable): number {
  return parts(table).filter((part) => !isPart(part, `${table.id}: ${sentence}`)).length
}

/** Whether a part of what was said is so. Throws where there is no such number or text. */
export function isPart([there, written, decimals]: Part, said: string): boolean {
  if (there === '' || (typeof there === 'number' && !Number.isFinite(there)) || typeof there !== typeof written) {
    throw new Error(`Nothing is there that ${String(written)} is held against: ${said}`)
  }
  if (typeof there === 'number') return near(there, Number(written), decimals ?? decimalsOf(Number(written)))
  return typeof there === 'string' ? is(there, String(written)) : there === written
}

/** What percentage of a whole a part is. */
export function share(part: number, whole: number): number {
  return (part / whole) * 100
}

/** By what percentage a value has changed. */
export function change(from: number, to: number): number {
  return (to / from - 1) * 100
}

function checked(table: string, label: boolean, [sentence, parts]: Claim): CheckedSentence {
  const row = { table, sentence, label, parts }
  return { ...row, holds: (facts) => wrongParts({ ...row, holds: () => false }, facts) === 0 }
}

function decimalsOf(written: number): number {
  return String(written).split('.')[1]?.length ?? 0
}
