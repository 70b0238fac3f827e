import type { DecisionInput } from '../decisions.ts'

type Shape = DecisionInput<'payload'>['payload']
type Novelty = Shape['novelty']

interface Known {
  readonly models: Set<string>
  readonly tools: Set<string>
  readonly parts: Set<string>
  bytes: number
}

/** Names of each kind that are remembered of a caller; the oldest are forgotten, and are new again. */
const mostNames = 256

/** What callers have asked before, as far as one process remembers: the shapes, by the callers seen last. */
export class CallerHistory {
  readonly #callers = new Map<string, Known>()
  readonly #most: number

  constructor(most = 4_096) {
    this.#most = most
  }

  /** What of a request its caller has not asked before. Remembers nothing: a refused request teaches nothing. */
  noveltyOf(
    caller: string,
    { model, tools, messages, bytes }: Pick<Shape, 'model' | 'tools' | 'messages' | 'bytes'>,
  ): Novelty {
    const known = this.#callers.get(caller)
    if (known === undefined) return { first: true, model: false, tools: 0, parts: 0, larger: 0 }
    const names = new Set(tools.map(({ name }) => name))
    return {
      first: false,
      model: model !== null && !known.models.has(model),
      tools: [...names].filter((name) => !known.tools.has(name)).length,
      parts: [...partsOf(messages)].filter((kind) => !known.parts.has(kind)).length,
      larger: known.bytes === 0 ? 0 : Math.round((bytes / known.bytes) * 1_000) / 1_000,
    }
  }

  remember(
    caller: string,
    { model, tools, messages, bytes }: Pick<Shape, 'model' | 'tools' | 'messages' | 'bytes'>,
  ): void {
    const known = this.#callers.get(caller) ?? { models: new Set(), tools: new Set(), parts: new Set(), bytes: 0 }
    // Whoever asked last is forgotten last.
    this.#callers.delete(caller)
    this.#callers.set(caller, known)
    add(known.models, model === null ? [] : [model])
    add(known.tools, new Set(tools.map(({ name }) => name)))
    add(known.parts, partsOf(messages))
    known.bytes = Math.max(known.bytes, bytes)
    if (this.#callers.size > this.#most) forgetFirst(this.#callers)
  }
}

function partsOf(messages: Shape['messages']): ReadonlySet<string> {
  return new Set(messages.flatMap(({ parts }) => Object.keys(parts)))
}

function add(known: Set<string>, names: Iterable<string>): void {
  for (const name of names) {
    known.add(name)
    if (known.size > mostNames) forgetFirst(known)
  }
}

function forgetFirst(known: { keys(): Iterator<string>; delete(name: string): boolean }): void {
  const { value } = known.keys().next() as { readonly value?: string }
  if (value !== undefined) known.delete(value)
}
