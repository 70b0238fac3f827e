import type { RoutesExplainRequest, RoutesExplainAnswer } from '../../../api/generated/operators.ts'
import { durationText } from '../../../components/time-text.ts'
import { countText, moneyText } from '../words.ts'

/** What a person has filled in to learn where a request would go. */
export interface ExplainDraft {
  readonly body: string
  readonly principal: string
  readonly group: string
  readonly person: string
}

/** A request to begin with, for one of the models that there are. */
export const exampleRequest = (model: string): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }, null, 2)

export type ReadExplain =
  | { readonly body: RoutesExplainRequest }
  | { readonly field: 'body' | 'principal'; readonly fault: string }

/** Reads a draft into the body of `POST /admin/v1/routes/explain`. */
export function readExplain({ body, principal, group, person }: ExplainDraft): ReadExplain {
  try {
    const read: unknown = JSON.parse(body)
    if (typeof read !== 'object' || read === null || Array.isArray(read)) {
      return { field: 'body', fault: 'A request is an object of JSON.' }
    }
  } catch {
    return { field: 'body', fault: 'This is not JSON yet.' }
  }
  if (principal.trim() !== '' && !/^[\w-]{1,200}$/.test(principal.trim())) {
    return { field: 'principal', fault: 'A caller is the id of a key, or token-….' }
  }
  const named = { principal: principal.trim(), group: group.trim(), person: person.trim() }
  return { body: { body, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')) } }
}

/** Why a target is asked before the others: the strategy of its route, or what went before that. */
const asked: Readonly<Record<string, string>> = {
  order: 'in the order of the configuration',
  cost: 'cheapest',
  latency: 'fastest',
  weighted: 'by its weight',
  'least-busy': 'least busy',
  tier: 'tier of the group',
  policy: 'the rules of policy say so',
  exploring: 'measured anew',
  single: 'there is no other',
}

const skipped: Readonly<Record<string, string>> = {
  breaker: 'it has failed in a row',
  'kept-elsewhere': 'what the request refers to is kept by another one',
  context: 'the request is longer than it takes',
  tier: 'another tier',
  policy: 'the rules of policy leave it out',
  quota: 'dearer than what is left of the quota',
}

export const askedText = (why: string): string => asked[why] ?? why

export const skippedText = (why: string): string =>
  skipped[why] ?? (why.startsWith('needs-') ? `it cannot do what the request needs: ${why.slice(6)}` : why)

/** What a target was ranked by, in the unit of the strategy: millionths of the currency, milliseconds, or calls. */
export function figureText(strategy: RoutesExplainAnswer['by'], figure: number | null): string {
  if (figure === null) return '–'
  if (strategy === 'cost') return moneyText(figure)
  return strategy === 'latency' ? durationText(figure) : countText(figure)
}
