import { ServiceError } from '../../core/errors.ts'
import { isObject, type JsonObject, type OpenApiDocument } from './document.ts'
import { holdsPicture } from './find-pictures.ts'
import { scalarOf, splitScalars } from './parameter-text.ts'
import { parseAsWritten } from './parse-as-written.ts'
import { kindsOf, kindsWithin } from './plain-schema.ts'
import { membersAt, type Part } from './reference.ts'
import type { CheckValue, Schemas } from './schemas.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** Where a parameter stands. Cookies are never passed on, so that there are none. */
export type ParameterPlace = 'path' | 'query' | 'header'

/** A parameter as it was written: its value, or for `deepObject` the value of each member; escapes are not read yet. */
export type WrittenParameter = string | readonly string[] | Readonly<Record<string, string>>

export interface Parameter {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  /** `repeated`: one value for each time the name stands there. `members`: `name[member]=value`. */
  readonly written: 'once' | 'repeated' | 'members'
  /**
   * Reads what was written and gives it back in one spelling, without anything that the schema did not see. Throws
   * `invalid-request` for what is not as the document says.
   */
  read(written: WrittenParameter): WrittenParameter
}

/** Headers that OpenAPI says are not described as parameters (3.1, Parameter Object). */
const notDescribed: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])
/** Those that belong to one connection or to one caller. */
const neverPassed =
  /^(?:connection|content-length|content-encoding|cookie|expect|forwarded|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|x-api-key|x-forwarded-.*|x-request-id)$/

const defaultStyles = { path: 'simple', query: 'form', header: 'simple' } as const
const separators: Readonly<Record<string, string>> = {
  simple: ',',
  form: ',',
  spaceDelimited: '%20',
  pipeDelimited: '|',
}

interface ParameterParts {
  readonly document: OpenApiDocument
  readonly schemas: Schemas
  /** In lower case: what the key of the service is sent in is no parameter of callers; null where there is no key. */
  readonly keyHeader: string | null
}

/** null for a header that is no parameter. Throws `UnfitDocument` for a style that is not read. */
export function compileParameter(part: Part, parts: ParameterParts): Parameter | null {
  const { value, place } = part
  const { name, in: where, required = false, content } = value
  if (typeof name !== 'string') throw new UnfitDocument(below(place, 'name'), 'is no text')
  if (where === 'cookie') throw new UnfitDocument(below(place, 'in'), 'is cookie: cookies are never passed on')
  if (where !== 'path' && where !== 'query' && where !== 'header')
    throw new UnfitDocument(below(place, 'in'), 'is unknown')
  const header = where === 'header' ? name.toLowerCase() : null
  if (header !== null && (notDescribed.has(header) || header === parts.keyHeader)) return null
  if (header !== null && neverPassed.test(header)) {
    const advice = header === 'x-api-key' ? ': api_key and api_key_header send the key of the service' : ''
    throw new UnfitDocument(below(place, 'name'), `is the header ${name}, which is never passed on${advice}`)
  }
  const about = { name, in: where, required: required === true || where === 'path' } as const
  return content === undefined ? ofStyle(about, part, parts) : ofContent(about, part, parts)
}

type About = Pick<Parameter, 'name' | 'in' | 'required'>

function ofStyle(about: About, { value, place }: Part, parts: ParameterParts): Parameter {
  const { document } = parts
  const at = below(place, 'schema')
  const schema = value['schema']
  const style = typeof value['style'] === 'string' ? value['style'] : defaultStyles[about.in]
  const explode = value['explode'] === undefined ? style === 'form' : value['explode'] === true
  const check = compileAt(schema, at, parts)
  const kinds = kindsOf(document, schema, at)
  const itemKinds = kindsWithin(document, schema, { place: at, inner: ({ items }) => [items] })
  const memberKinds = (member: string): ReadonlySet<string> =>
    kindsWithin(document, schema, { place: at, inner: (holder) => [schemaOfMember(holder, member)] })
  const checked = <Read>(read: Read): Read => {
    const fault = check(read)
    if (fault !== null) throw unfit(about, fault)
    return read
  }
  const separator = separators[style]
  if (kinds.has('object')) {
    if (style === 'deepObject' && about.in === 'query') {
      return {
        ...about,
        written: 'members',
        read: (written) => {
          const texts = Object.entries(written as Record<string, string>)
          const read = texts.map(([member, text]) => [member, scalarOf(text, about, memberKinds(member))] as const)
          checked(Object.fromEntries(read.map(([member, { value: scalar }]) => [member, scalar])))
          return Object.fromEntries(read.map(([member, { spelled }]) => [member, spelled]))
        },
      }
    }
    throw new UnfitDocument(place, `is an object of the style ${style}, which is not read: in a query deepObject is`)
  }
  if (kinds.has('array')) {
    if (style === 'form' && explode) {
      return {
        ...about,
        written: 'repeated',
        read: (written) => {
          const read = (written as readonly string[]).map((text) => scalarOf(text, about, itemKinds))
          checked(read.map(({ value: scalar }) => scalar))
          return read.map(({ spelled }) => spelled)
        },
      }
    }
    if (separator === undefined) throw new UnfitDocument(place, `is a list of the style ${style}, which is not read`)
    return {
      ...about,
      written: 'once',
      read: (written) => {
        const read = splitScalars(written as string, separator, about).map((text) => scalarOf(text, about, itemKinds))
        checked(read.map(({ value: scalar }) => scalar))
        return read.map(({ spelled }) => spelled).join(separator)
      },
    }
  }
  if (separator === undefined) throw new UnfitDocument(place, `has the style ${style}, which is not read`)
  return {
    ...about,
    written: 'once',
    read: (written) => {
      const { value: scalar, spelled } = scalarOf(written as string, about, kinds)
      checked(scalar)
      return spelled
    },
  }
}

function schemaOfMember({ properties, additionalProperties }: JsonObject, member: string): unknown {
  return isObject(properties) && Object.hasOwn(properties, member) ? properties[member] : additionalProperties
}

function compileAt(schema: unknown, place: string, { document, schemas }: ParameterParts): CheckValue {
  if (holdsPicture(schema, document)) throw new UnfitDocument(place, 'says of a picture, which a body alone takes')
  return schemas.compile(schema, place)
}

/** A parameter that holds a text of JSON. */
function ofContent(about: About, { value, place }: Part, parts: ParameterParts): Parameter {
  const [type, ...others] = membersAt(value['content'], below(place, 'content'))
  if (type?.name !== 'application/json' || others.length > 0 || about.in === 'header') {
    throw new UnfitDocument(below(place, 'content'), 'is not read: application/json is, in a path or a query')
  }
  const check = compileAt(isObject(type.value) ? type.value['schema'] : null, below(type.place, 'schema'), parts)
  return {
    ...about,
    written: 'once',
    read: (written) => {
      const { value: text } = scalarOf(written as string, about, new Set(['string']))
      let read: unknown
      try {
        read = JSON.parse(String(text))
      } catch (cause) {
        throw new ServiceError('invalid-request', `${placeOf(about)} is not JSON.`, {
          cause,
          parameter: placeOf(about),
        })
      }
      const fault = check(read)
      if (fault !== null) throw unfit(about, fault)
      return encodeURIComponent(JSON.stringify(parseAsWritten(String(text))))
    },
  }
}

export const placeOf = ({ name, in: where }: Pick<Parameter, 'name' | 'in'>): string => `${where}.${name.slice(0, 100)}`

function unfit(about: About, { place, reason }: { readonly place: string; readonly reason: string }): ServiceError {
  const parameter = `${placeOf(about)}${place}`
  return new ServiceError('invalid-request', `${parameter} ${reason}.`, { parameter })
}
