import { _, Name, type CodeKeywordDefinition } from 'ajv/dist/2020.js'
import { CheckingBudget, TooMuchWork } from './checking-budget.ts'

/** What it takes to hold one value against a schema, without the schemas within it: those have efforts of their own. */
interface Effort {
  readonly steps: number
  /** Is there more to do for a longer text, or for an object of more members? */
  readonly grows: boolean
}

/** Keywords that look at every character of a text, or at every member of an object. */
const growing = [
  'additionalProperties',
  'base64',
  'dataUrl',
  'format',
  'maxLength',
  'maxProperties',
  'minLength',
  'minProperties',
  'propertyNames',
  'unevaluatedProperties',
]

/** Lists in a schema that are gone through quickly take a step for so many entries. */
const entriesPerStep = 16

/** A plain schema with its effort, which is counted whenever a value is held against it. */
export function withEffort(plain: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(plain)
  // What says nothing takes nothing, and what a reference names has an effort itself.
  if (names.length === 0 || (names.length === 1 && names[0] === '$ref')) return plain
  const branches = ['allOf', 'anyOf', 'oneOf'].reduce((sum, name) => sum + entriesOf(plain[name]), 0)
  const others = ['properties', 'required', 'dependentRequired', 'dependentSchemas', 'type']
  const entries = others.reduce((sum, name) => sum + entriesOf(plain[name]), 0) + sizeOf(plain['const'])
  const effort: Effort = {
    steps: 1 + branches + Math.floor(entries / entriesPerStep),
    grows: growing.some((name) => plain[name] !== undefined),
  }
  return { ...plain, effort }
}

function entriesOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 0
}

/**
 * Faults that the validator keeps of branches which did not fit while it tries others, and copies at each level. A value that has
 * more is not looked at any further.
 */
const mostFaults = 10_000

const unbounded = new CheckingBudget(Number.POSITIVE_INFINITY)

/** Counts while one value is held against its schema. Schemas compiled with one meter are used one after the other. */
export class EffortMeter {
  /** Of the value that is looked at; without bounds while schemas are compiled, which are values, too. */
  #budget = unbounded

  /** Does the work within the budget. */
  within<Result>(budget: CheckingBudget, work: () => Result): Result {
    this.#budget = budget
    try {
      return work()
    } finally {
      this.#budget = unbounded
    }
  }

  take(steps: number, faults: readonly unknown[] | null): void {
    this.#budget.take(steps)
    if (faults !== null && faults.length > mostFaults) throw new TooMuchWork()
  }

  /** Of what grows with a value: its characters, or its members. */
  takeSize(value: unknown): void {
    if (typeof value === 'string') this.#budget.take(value.length >> 3)
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      this.#budget.take(Object.keys(value).length)
    }
  }
}

/** What the validator calls them in each function that it compiles. */
const faultsSoFar = new Name('vErrors')

/** The keyword that counts: before all others of its schema. */
export function effortKeyword(meter: EffortMeter): CodeKeywordDefinition {
  return {
    keyword: 'effort',
    schemaType: 'object',
    before: '$ref',
    code: ({ gen, data, schema }) => {
      const { steps, grows } = schema as Effort
      const counting = gen.scopeValue('obj', { ref: meter })
      gen.code(_`${counting}.take(${steps}, ${faultsSoFar})`)
      if (grows) gen.code(_`${counting}.takeSize(${data})`)
    },
  }
}
