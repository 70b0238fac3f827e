import { fuzzDocument } from './fuzz-document.ts'
import type { FuzzSchema } from './values.ts'

/** A parameter of the fixture, as its document has it. */
export interface FuzzParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly style?: string
  readonly explode?: boolean
  readonly schema?: FuzzSchema
  readonly content?: Readonly<Record<string, { readonly schema: FuzzSchema }>>
}

export interface FuzzOperation {
  readonly name: string
  readonly method: string
  /** With its parameters in braces. */
  readonly path: string
  readonly parameters: readonly FuzzParameter[]
  readonly body: {
    readonly required: boolean
    readonly types: Readonly<Record<string, { readonly schema?: FuzzSchema }>>
  } | null
}

interface WrittenOperation {
  readonly operationId: string
  readonly parameters?: readonly FuzzParameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: NonNullable<FuzzOperation['body']>['types'] }
}

/** The operations of the fixture. */
export const operations: readonly FuzzOperation[] = Object.entries(fuzzDocument.paths).flatMap(([path, item]) =>
  Object.entries(item as unknown as Readonly<Record<string, WrittenOperation>>).map(
    ([method, { operationId, parameters = [], requestBody }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody === undefined ? null : { required: requestBody.required === true, types: requestBody.content },
    }),
  ),
)

/** How a list is written: each value by itself, or with this between them. */
export function separatorOf({ in: where, style, explode }: FuzzParameter): string | null {
  if (where !== 'query') return ','
  if (style === 'spaceDelimited') return '%20'
  if (style === 'pipeDelimited') return '|'
  return explode === false ? ',' : null
}
