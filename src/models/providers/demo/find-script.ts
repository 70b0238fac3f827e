import { categoryMargin } from './questions/category-margin.ts'
import { complaints } from './questions/complaints.ts'
import { doubling } from './questions/doubling.ts'
import { bestCustomers } from './questions/best-customers.ts'
import { refundRate } from './questions/refund-rate.ts'
import { revenue } from './questions/revenue.ts'
import { staffPay } from './questions/staff-pay.ts'
import type { Script } from './script.ts'

/** The scripts in the order of their numbers, which begin at 1. */
export const scripts: readonly Script[] = [
  revenue,
  categoryMargin,
  refundRate,
  doubling,
  complaints,
  bestCustomers,
  staffPay,
]

const fillers = new Set(
  'a an and are as at by can could did do does for from give has have how i in is it its make me my of on or our please show tell than that the their them to us was we what which who why will with would you'.split(
    ' ',
  ),
)

/** The script a question asks for: by number, by its words in any case and punctuation, or by most of its words. */
export function findScript(question: string): Script | null {
  const asked = normalize(question)
  const number = /^(?:question |number |no )?(\d{1,2})$/.exec(asked)?.[1]
  if (number !== undefined) return scripts[Number(number) - 1] ?? null
  const exact = scripts.find((script) => phrasings(script).includes(asked))
  if (exact !== undefined) return exact
  const scored = scripts.map((script) => ({
    script,
    score: Math.max(...phrasings(script).map((known) => likeness(asked, known))),
  }))
  const best = scored.toSorted((left, right) => right.score - left.score)[0]
  return best !== undefined && best.score >= 0.7 ? best.script : null
}

function phrasings(script: Script): string[] {
  return [script.question, ...script.aliases].map(normalize)
}

function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Share of the words both have in common, of the longer of the two; 0 to 1. Word endings are left out of it. */
function likeness(left: string, right: string): number {
  const [one, other] = [contentWords(left), contentWords(right)]
  const common = [...one].filter((word) => other.has(word)).length
  return common / Math.max(one.size, other.size, 1)
}

function contentWords(text: string): Set<string> {
  const words = text.split(' ').filter((word) => !fillers.has(word))
  return new Set(words.map((word) => word.replace(/(ies|es|s|ed|ing)$/, '')))
}
