import { countBytes, textCounter } from '../../gateway/calls/bounds/text-counter.ts'
import type { JsonObject } from './json-object.ts'
import type { View } from './tool.ts'

/** Of text and structured content together, as a model is given them. */
export const mostTokens = 10_000

/** What the words around a view take: the fence, the link and its note. */
const reservedTokens = 300

/** How often it is tried again with less, before nothing of it is given. */
const attempts = 8

interface FittedView {
  readonly view: View<JsonObject>
  readonly isWhole: boolean
}

/** As much of a result as a model is given: all of it, or what fits. A count that takes too long is by bytes, so never too low. */
export async function fitView(viewOf: (share: number) => View<JsonObject>): Promise<FittedView> {
  const most = mostTokens - reservedTokens
  const whole = viewOf(1)
  if (tokensOf(whole, countBytes) <= most) return { view: whole, isWhole: true }
  let share = 1
  let view = whole
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const tokens = tokensOf(view, await textCounter('o200k_base'))
    if (tokens <= most) return { view, isWhole: share === 1 }
    share *= Math.min(0.9, (most / tokens) * 0.9)
    view = viewOf(share)
  }
  return { view: viewOf(0), isWhole: false }
}

/** The text counts as often as it stands there: hosts give a model either form, or both. */
function tokensOf({ text, structured }: View<JsonObject>, count: (text: string) => number): number {
  return count(text) + count(JSON.stringify(structured))
}
