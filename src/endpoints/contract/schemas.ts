import { Ajv2020, type ErrorObject, type FuncKeywordDefinition, type ValidateFunction } from 'ajv/dist/2020.js'
import formatsModule from 'ajv-formats'
import { base64Fault, readDataUrl } from './base64.ts'
import { checkSchema } from './check-schema.ts'
import { unsentReasons, type Direction } from './direction.ts'
import type { JsonObject, OpenApiDocument } from './document.ts'
import { compilePictures, type FindPictures } from './find-pictures.ts'
import { CheckingBudget, TooMuchWork } from './checking-budget.ts'
import { effortKeyword, EffortMeter } from './effort.ts'
import { equalityKeywords } from './equal-values.ts'
import { ecmaPattern } from './ecma-pattern.ts'
import { partAt } from './reference.ts'
import { plainSchema, type PlainSchema } from './plain-schema.ts'
import { refuseCircles, type NamedSchema } from './schema-circles.ts'
import { checkedFormats } from './schema-keywords.ts'
import { UnfitDocument } from './unfit-document.ts'

/** What of a value is not as its schema wants it: where, like `.items[2].size`, and why. Holds no value of a caller. */
export interface SchemaFault {
  readonly place: string
  readonly reason: string
}

/**
 * null for a value that is as it should be. What it takes is taken from the budget, which is that of a short value unless one is
 * given; a value that takes more is at fault.
 */
export type CheckValue = (value: unknown, budget?: CheckingBudget) => SchemaFault | null

// It is CommonJS, of which Node gives the whole module as the default.
const addFormats = formatsModule.default

/** Schemas of one document for values that go one way, compiled. */
export class Schemas {
  readonly #document: OpenApiDocument
  readonly #direction: Direction
  readonly #ajv: Ajv2020
  readonly #names = new Map<string, string>()
  readonly #named = new Map<string, NamedSchema>()
  readonly #meter = new EffortMeter()

  constructor(document: OpenApiDocument, direction: Direction) {
    this.#document = document
    this.#direction = direction
    const regExp = Object.assign((source: string) => this.#linearPattern(source), { code: 'linearPattern' })
    this.#ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictTuples: false,
      strictRequired: false,
      allowUnionTypes: true,
      ownProperties: true,
      // They are held against the rules for schemas by `checkSchema`.
      meta: false,
      validateSchema: false,
      addUsedSchema: false,
      logger: false,
      code: { regExp },
    })
    // Where nothing asks what no branch has looked at, a branch that fits is enough, and no other is tried.
    if (!asksForRest(document.root)) this.#ajv.opts.unevaluated = false
    addFormats(this.#ajv, [...checkedFormats])
    this.#ajv.addKeyword(textKeyword('base64', base64Fault))
    this.#ajv.addKeyword(textKeyword('dataUrl', dataUrlFault))
    this.#ajv.addKeyword({
      keyword: 'unsent',
      schemaType: 'string',
      validate: () => false,
      error: { message: unsentReasons[direction] },
    })
    this.#ajv.addKeyword(effortKeyword(this.#meter))
    for (const keyword of equalityKeywords(this.#meter)) {
      this.#ajv.removeKeyword(String(keyword.keyword))
      this.#ajv.addKeyword(keyword)
    }
  }

  /** Throws `UnfitDocument` for a schema that cannot be enforced. */
  compile(schema: unknown, place: string): CheckValue {
    try {
      const plain = this.#plain(schema, place)
      refuseCircles(plain, this.#named)
      checkSchema(plain)
      const validate = this.#ajv.compile(plain)
      return (value, budget = new CheckingBudget(0)) => this.#check(validate, value, budget)
    } catch (thrown) {
      if (thrown instanceof UnfitDocument) throw thrown
      throw new UnfitDocument(place, `cannot be enforced: ${(thrown as Error).message}`, { cause: thrown })
    }
  }

  /** Finds the pictures of a value that the schema takes; null where it says of none. Throws as `compile` does. */
  compilePictures(schema: unknown, place: string): FindPictures | null {
    const compile = (branch: unknown, at: string): CheckValue => this.compile(branch, at)
    return compilePictures(schema, place, { document: this.#document, compile })
  }

  #check(validate: ValidateFunction, value: unknown, budget: CheckingBudget): SchemaFault | null {
    try {
      return this.#meter.within(budget, () => validate(value)) ? null : faultOf(validate)
    } catch (thrown) {
      // Checks call each other for each level of a value, and the engine says so where there is no room for another.
      if (thrown instanceof RangeError) return { place: '', reason: 'is nested too deep to be held against its schema' }
      if (!(thrown instanceof TooMuchWork)) throw thrown
      return { place: '', reason: 'takes more work to be held against its schema than its size allows' }
    }
  }

  #plain(schema: unknown, place: string): PlainSchema {
    return plainSchema(schema, place, {
      document: this.#document,
      direction: this.#direction,
      nameFor: (reference, at) => this.#nameFor(reference, at),
    })
  }

  /** A schema that refers to itself is named before it is read. */
  #nameFor(reference: string, place: string): string {
    const known = this.#names.get(reference)
    if (known !== undefined) return known
    const name = `part:${this.#names.size}`
    this.#names.set(reference, name)
    const part = partAt(this.#document.root, { $ref: reference }, place)
    const schema = this.#plain(part.value, part.place)
    this.#named.set(name, { schema, place: part.place })
    checkSchema(schema)
    this.#ajv.addSchema(schema, name)
    return name
  }

  /** A pattern on an engine that takes time in proportion to the text; one that needs to look back cannot be enforced. */
  #linearPattern(source: string): { test: (text: string) => boolean; toString: () => string } {
    const pattern = ecmaPattern(source)
    const test = (text: string): boolean => {
      this.#meter.take(text.length >> 2, null)
      return pattern.test(text)
    }
    return { test, toString: () => source }
  }
}

/** Does a schema say what the members or elements are that others have not looked at? */
function asksForRest(root: JsonObject): boolean {
  const waiting: unknown[] = [root]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if ('unevaluatedProperties' in next || 'unevaluatedItems' in next) return true
    waiting.push(...Object.values(next))
  }
  return false
}

/** A keyword for texts that says itself what is wrong. */
function textKeyword(keyword: string, faultOfText: (text: string) => string | null): FuncKeywordDefinition {
  const validate: NonNullable<FuncKeywordDefinition['validate']> = (_wanted: boolean, text: string) => {
    const message = faultOfText(text)
    if (message !== null) validate.errors = [{ keyword, message, params: {} }]
    return message === null
  }
  return { keyword, type: 'string', schemaType: 'boolean', errors: true, validate }
}

function dataUrlFault(text: string): string | null {
  const url = readDataUrl(text)
  return url === null ? 'must be a data: URL such as data:image/png;base64,…' : base64Fault(url.base64)
}

function faultOf({ errors }: ValidateFunction): SchemaFault {
  // Of branches that were tried, the one that came furthest is what the caller meant.
  const depth = (error: ErrorObject | undefined): number => error?.instancePath.split('/').length ?? 0
  let first: ErrorObject | undefined
  for (const error of errors ?? []) if (depth(error) > depth(first)) first = error
  const extra: unknown = first?.params['additionalProperty'] ?? first?.params['unevaluatedProperty']
  const named = typeof extra === 'string' ? `: "${extra.slice(0, 100)}"` : ''
  return { place: memberPath(first?.instancePath ?? ''), reason: `${first?.message ?? 'is not valid'}${named}` }
}

/** `/items/2/size` → `.items[2].size` */
function memberPath(pointer: string): string {
  const steps = pointer.split('/').slice(1)
  return placeOfPath(steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')))
}

/** `.items[2].size` for the steps to it from the value. */
export function placeOfPath(steps: readonly (string | number)[]): string {
  return steps
    .map(String)
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step.slice(0, 100)}`))
    .join('')
    .slice(0, 300)
}
