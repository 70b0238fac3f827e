import type { JsonValue } from '../../../src/core/json.ts'

type Growing = { [name: string]: Growing | JsonValue } | (Growing | JsonValue)[]

/** What is put where a position says. */
export type ValueAt = (position: string) => JsonValue

/**
 * Bodies in which something stands at each of these positions. Positions that cannot be in one body (a text, and members of
 * the object that may stand there) are in several; each one below a list gets an element of its own.
 */
export function bodiesOf(positions: readonly string[], valueAt: ValueAt): readonly { [name: string]: JsonValue }[] {
  const bodies: { [name: string]: JsonValue }[] = []
  for (const position of positions) {
    const fits = bodies.some((body) => put(body, stepsOf(position), valueAt(position)))
    if (fits) continue
    const body = {}
    if (!put(body, stepsOf(position), valueAt(position))) throw new Error(`${position} is no position`)
    bodies.push(body)
  }
  return bodies
}

const stepsOf = (position: string): readonly string[] => position.match(/\[\]|\*\*|[^.[\]]+/g) ?? []

/** False, and nothing is put, where something else stands in the way. */
function put(body: Growing, steps: readonly string[], value: JsonValue): boolean {
  let at: Growing = body
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1]
    const isLast = next === undefined
    const made = isLast ? value : next === '[]' ? [] : {}
    if (Array.isArray(at)) {
      if (step !== '[]') return false
      at.push(made)
      at = made as Growing
      continue
    }
    const name = step === '*' || step === '**' ? 'anything' : step
    if (step === '[]') return false
    const known: Growing | JsonValue | undefined = Object.hasOwn(at, name) ? at[name] : undefined
    if (known === undefined) at[name] = made
    else if (isLast || typeof known !== 'object' || known === null || Array.isArray(known) !== (next === '[]'))
      return false
    at = (known ?? made) as Growing
  }
  return true
}
