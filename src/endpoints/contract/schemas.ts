import { Ajv2020, type ErrorObject, type FuncKeywordDefinition, type ValidateFunction } from 'ajv/dist/2020.js'
import formatsModule from 'ajv-formats'
import { compileLinear } from '../../filters/custom/options.ts'
import { base64Fault, readDataUrl } from './base64.ts'
import type { OpenApiDocument } from './document.ts'
import { compilePictures, type FindPictures } from './find-pictures.ts'
import { partAt } from './reference.ts'
import { plainSchema, type PlainSchema } from './plain-schema.ts'
import { checkedFormats } from './schema-keywords.ts'
import { UnfitDocument } from './unfit-document.ts'

/** What of a value is not as its schema wants it: where, like `.items[2].size`, and why. Holds no value of a caller. */
export interface SchemaFault {
  readonly place: string
  readonly reason: string
}

/** null for a value that is as it should be. */
export type CheckValue = (value: unknown) => SchemaFault | null

// It is CommonJS, of which Node gives the whole module as the default.
const addFormats = formatsModule.default

/** Schemas of one document, compiled. */
export class Schemas {
  readonly #document: OpenApiDocument
  readonly #ajv: Ajv2020
  readonly #names = new Map<string, string>()

  constructor(document: OpenApiDocument) {
    this.#document = document
    const regExp = Object.assign((source: string) => linearPattern(source), { code: 'linearPattern' })
    this.#ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictTuples: false,
      strictRequired: false,
      allowUnionTypes: true,
      ownProperties: true,
      validateSchema: true,
      addUsedSchema: false,
      logger: false,
      code: { regExp },
    })
    addFormats(this.#ajv, [...checkedFormats])
    this.#ajv.addKeyword(textKeyword('base64', base64Fault))
    this.#ajv.addKeyword(textKeyword('dataUrl', dataUrlFault))
    // The validator's own compares every two elements, which a long list turns into minutes.
    this.#ajv.removeKeyword('uniqueItems')
    this.#ajv.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      validate: (wanted: boolean, list: readonly unknown[]) => !wanted || isUnique(list),
      error: { message: 'must not have the same element twice' },
    })
  }

  /** Throws `UnfitDocument` for a schema that cannot be enforced. */
  compile(schema: unknown, place: string): CheckValue {
    try {
      const validate = this.#ajv.compile(this.#plain(schema, place))
      return (value) => (validate(value) ? null : faultOf(validate))
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

  #plain(schema: unknown, place: string): PlainSchema {
    return plainSchema(schema, place, {
      document: this.#document,
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
    this.#ajv.addSchema(this.#plain(part.value, part.place), name)
    return name
  }
}

/** A pattern on an engine that takes time in proportion to the text; one that needs to look back cannot be enforced. */
function linearPattern(source: string): { test: (text: string) => boolean; toString: () => string } {
  // The engine has a spelling of its own for what JavaScript writes as \uXXXX.
  const pattern = compileLinear(source.replaceAll(/\\u([0-9a-fA-F]{4})/g, String.raw`\x{$1}`))
  return { test: (text) => pattern.test(text), toString: () => source }
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

function isUnique(list: readonly unknown[]): boolean {
  const isPlain = list.every((element) => typeof element !== 'object' || element === null)
  return new Set(isPlain ? list : list.map(canonical)).size === list.length
}

/** Equal for equal values, whatever the order of their members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}

function faultOf({ errors }: ValidateFunction): SchemaFault {
  // Of branches that were tried, the one that came furthest is what the caller meant.
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length
  const [first] = (errors ?? []).toSorted((one, other) => depth(other) - depth(one))
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
