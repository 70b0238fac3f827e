import { ServiceError } from '../core/errors.ts'
import { placeOf, type Parameter, type WrittenParameter } from './contract/parameter.ts'
import { unescaped } from './contract/parameter-text.ts'
import type { FoundOperation } from './find-operation.ts'

/** Path, query and headers as they go on: each parameter in one spelling, and nothing besides them. */
export interface CheckedHead {
  /** With its query. */
  readonly path: string
  /** Name, value, name, value. */
  readonly headers: readonly string[]
}

const invalid = (parameter: string, what: string): ServiceError =>
  new ServiceError('invalid-request', `${parameter} ${what}.`, { parameter })

/** Throws `invalid-request` for a parameter that is missing, not as its schema says, or none of the operation. */
export function checkHead(
  { operation, texts }: FoundOperation,
  query: string | null,
  headers: readonly string[],
): CheckedHead {
  const { parameters, path } = operation
  const of = (where: Parameter['in']): readonly Parameter[] => parameters.filter((parameter) => parameter.in === where)
  const inPath = new Map(of('path').map((parameter) => [parameter.name, pathText(parameter, texts)] as const))
  const search = queryOf(of('query'), query)
  return {
    path: path.pathOf(inPath) + (search === '' ? '' : `?${search}`),
    headers: of('header').flatMap((parameter) => headerOf(parameter, headers)),
  }
}

/** Steps of a path that would lead out of it, and what somebody behind could take for a separator. */
const astray = /^\.{1,2}$|[/\\\p{Cc}]/u

function pathText(parameter: Parameter, texts: ReadonlyMap<string, string>): string {
  const text = texts.get(parameter.name) ?? ''
  if (astray.test(unescaped(text, parameter))) throw invalid(placeOf(parameter), 'is no single step of a path')
  return parameter.read(text) as string
}

function queryOf(parameters: readonly Parameter[], query: string | null): string {
  const written = new Map<Parameter, string[] | Record<string, string>>()
  for (const piece of query === null || query === '' ? [] : query.split('&')) {
    const at = piece.indexOf('=')
    const [rawName, value] = at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)]
    const name = unescaped(rawName, { name: rawName, in: 'query' })
    const named = memberOf(parameters, name)
    if (named === null) throw invalid(`query.${name.slice(0, 100)}`, 'is no parameter of this operation')
    const { parameter, member } = named
    const before = written.get(parameter)
    if (member !== null) {
      const members = (before ?? Object.create(null)) as Record<string, string>
      if (Object.hasOwn(members, member)) throw invalid(`query.${name.slice(0, 100)}`, 'stands twice')
      members[member] = value
      written.set(parameter, members)
    } else {
      if (before !== undefined && parameter.written === 'once') throw invalid(placeOf(parameter), 'stands twice')
      written.set(parameter, [...((before as string[] | undefined) ?? []), value])
    }
  }
  return parameters
    .flatMap((parameter) => {
      const given = written.get(parameter)
      if (given === undefined) {
        if (parameter.required) throw invalid(placeOf(parameter), 'is missing')
        return []
      }
      return spelled(
        parameter,
        parameter.read(Array.isArray(given) && parameter.written === 'once' ? (given[0] ?? '') : given),
      )
    })
    .join('&')
}

function memberOf(
  parameters: readonly Parameter[],
  name: string,
): { readonly parameter: Parameter; readonly member: string | null } | null {
  const whole = parameters.find((parameter) => parameter.name === name && parameter.written !== 'members')
  if (whole !== undefined) return { parameter: whole, member: null }
  const [, outer, member] = /^(.*?)\[([^[\]]+)\]$/su.exec(name) ?? []
  const parameter = parameters.find((each) => each.name === outer && each.written === 'members')
  return parameter === undefined || member === undefined ? null : { parameter, member }
}

function spelled({ name }: Parameter, read: WrittenParameter): string[] {
  const written = encodeURIComponent(name)
  if (typeof read === 'string') return [`${written}=${read}`]
  if (Array.isArray(read)) return read.map((value: string) => `${written}=${value}`)
  return Object.entries(read).map(([member, value]) => `${written}[${encodeURIComponent(member)}]=${value}`)
}

function headerOf(parameter: Parameter, headers: readonly string[]): string[] {
  const name = parameter.name.toLowerCase()
  const values = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name)
  const [value] = values
  if (values.length > 1) throw invalid(placeOf(parameter), 'stands twice')
  if (value !== undefined) return [name, parameter.read(value) as string]
  if (parameter.required) throw invalid(placeOf(parameter), 'is missing')
  return []
}
