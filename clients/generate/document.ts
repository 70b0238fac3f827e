/** What is read of an OpenAPI document, and of no other than that of the service. */
export interface Json {
  readonly [name: string]: unknown
}

/** What a value may be. */
export type Shape =
  | { readonly kind: 'text' | 'whole' | 'number' | 'truth' | 'nothing' | 'json' | 'bytes' }
  | { readonly kind: 'literals'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  | { readonly kind: 'named'; readonly name: string }

export interface Member {
  readonly name: string
  readonly about: string | null
  readonly isRequired: boolean
  readonly shape: Shape
}

/** A type with a name. */
export interface NamedType {
  readonly name: string
  readonly about: string | null
  readonly is: { readonly members: readonly Member[]; readonly isOpen: boolean } | { readonly shape: Shape }
}

const primitives: Readonly<Record<string, Shape>> = {
  string: { kind: 'text' },
  integer: { kind: 'whole' },
  number: { kind: 'number' },
  boolean: { kind: 'truth' },
  null: { kind: 'nothing' },
}

/** What says more of a value than its type, which is for the service to check; `x-` and texts are for people. */
const ofTypes = 'type enum const anyOf oneOf $ref items properties required additionalProperties'
const passedOver =
  'description default minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern format minItems maxItems propertyNames maxProperties'
const known = new Set([...ofTypes.split(' '), ...passedOver.split(' ')])

export const pascal = (...words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== '')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')

/**
 * Reads schemas into shapes. An object with members is a type with a name: that of its component, or one made of where it
 * stands. Throws at a word that it does not know, so that nothing is left out silently.
 */
export class ShapeReader {
  readonly #components: Json
  readonly #types = new Map<string, NamedType>()

  constructor(components: Json) {
    this.#components = components
  }

  get types(): readonly NamedType[] {
    return [...this.#types.values()]
  }

  /** `name`: of an object that has none of its own. */
  shapeOf(schema: Json, name: string): Shape {
    const unknown = Object.keys(schema).filter((word) => !known.has(word) && !word.startsWith('x-'))
    if (unknown.length > 0) throw new Error(`${name}: a schema with ${unknown.join(', ')} cannot be read yet`)
    if (typeof schema['$ref'] === 'string') return this.#referred(schema['$ref'])
    if (schema['const'] !== undefined) return { kind: 'literals', values: [schema['const'] as string] }
    if (Array.isArray(schema['enum'])) return { kind: 'literals', values: schema['enum'] as string[] }
    if (Array.isArray(schema['oneOf'])) return this.#either(schema['oneOf'] as Json[], name)
    if (Array.isArray(schema['anyOf'])) return this.#either(schema['anyOf'] as Json[], name)
    const { type } = schema
    if (Array.isArray(type)) {
      return this.#either(
        type.map((one: unknown) => ({ ...schema, type: one })),
        name,
      )
    }
    if (type === undefined) return { kind: 'json' }
    if (type === 'array') return { kind: 'list', of: this.shapeOf(schema['items'] as Json, `${name}Item`) }
    if (type === 'object') return this.#object(schema, name)
    if (schema['format'] === 'binary') return { kind: 'bytes' }
    const primitive = typeof type === 'string' ? primitives[type] : undefined
    if (primitive === undefined) throw new Error(`${name}: the type ${JSON.stringify(type)} cannot be read yet`)
    return primitive
  }

  #either(schemas: readonly Json[], name: string): Shape {
    const named = schemas.filter(({ type, properties }) => type === 'object' && properties !== undefined)
    const of = schemas.map((schema) => this.shapeOf(schema, named.length > 1 ? nameWithin(name, schema, named) : name))
    return { kind: 'either', of }
  }

  #object(schema: Json, name: string): Shape {
    const {
      properties,
      required = [],
      additionalProperties,
    } = schema as {
      readonly properties?: Readonly<Record<string, Json>>
      readonly required?: readonly string[]
      readonly additionalProperties?: Json | boolean
    }
    if (properties === undefined) {
      const of = typeof additionalProperties === 'object' ? additionalProperties : {}
      return { kind: 'map', of: this.shapeOf(of, `${name}Value`) }
    }
    const members = Object.entries(properties).map(([member, inner]): Member => ({
      name: member,
      about: aboutOf(inner),
      isRequired: required.includes(member),
      shape: this.shapeOf(inner, pascal(name, member)),
    }))
    const isOpen = additionalProperties !== false && additionalProperties !== undefined
    return this.#keep({ name, about: aboutOf(schema), is: { members, isOpen } })
  }

  #referred(reference: string): Shape {
    const component = reference.replace('#/components/schemas/', '')
    const schema = this.#components[component] as Json | undefined
    if (schema === undefined) throw new Error(`${reference} is nowhere`)
    // zod has no other name for any value of JSON, which holds itself.
    if (component.startsWith('__schema')) return isAnyJson(schema, reference) ? { kind: 'json' } : fail(reference)
    if (this.#types.has(component)) return { kind: 'named', name: component }
    // An object that may be null is called otherwise than what it is a part of.
    const shape = this.shapeOf(schema, hasOneObject(schema) ? pascal(component, 'value') : component)
    if (shape.kind === 'named') return shape
    return this.#keep({ name: component, about: aboutOf(schema), is: { shape } })
  }

  /** Gives a shape a name, and is that name. */
  called(name: string, shape: Shape): Shape {
    return this.#keep({ name, about: null, is: { shape } })
  }

  #keep(type: NamedType): Shape {
    const before = this.#types.get(type.name)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(type)) {
      throw new Error(`Two types are called ${type.name}; give the schema of one an id of its own.`)
    }
    this.#types.set(type.name, type)
    return { kind: 'named', name: type.name }
  }
}

const aboutOf = ({ description }: Json): string | null => (typeof description === 'string' ? description : null)

function hasOneObject({ anyOf, oneOf }: Json): boolean {
  const schemas = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : []
  return schemas.filter(({ type, properties }: Json) => type === 'object' && properties !== undefined).length === 1
}

/** One of several objects is told from the others by what one of its members says, its `type` where it has one, or by the members that not all of them have. */
function nameWithin(name: string, { properties, required }: Json, others: readonly Json[]): string {
  const { type, ...members } = (properties ?? {}) as Readonly<Record<string, Json>>
  const said = [type, ...Object.values(members)].map((schema) => schema?.['const']).find(isText)
  if (said !== undefined) return pascal(name, said)
  const own = Array.isArray(required) ? required.filter((member: string) => !others.every(requires(member))) : []
  return pascal(name, ...own.slice(0, 1))
}

const isText = (value: unknown): value is string => typeof value === 'string'

const requires =
  (member: string) =>
  ({ required }: Json): boolean =>
    Array.isArray(required) && required.includes(member)

function isAnyJson({ anyOf, ...rest }: Json, reference: string): boolean {
  const types = Array.isArray(anyOf) ? anyOf.map((one: Json) => one['type']) : []
  const holdsItself = JSON.stringify(anyOf).split(JSON.stringify(reference)).length === 3
  return Object.keys(rest).length === 0 && holdsItself && types.join() === 'string,number,boolean,null,array,object'
}

function fail(reference: string): never {
  throw new Error(`${reference} has no name; give its schema an id.`)
}
