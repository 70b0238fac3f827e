import { Validator } from '@seriousme/openapi-schema-validator'
import { readFiles } from './document-files.ts'
import { UnfitDocument } from './unfit-document.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The elements of a list; none of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An OpenAPI document whose structure is that of its version. */
export interface OpenApiDocument {
  readonly version: '3.0' | '3.1'
  readonly root: JsonObject
}

/** Keeps the schemas of OpenAPI compiled, which takes longer than any document. */
const structure = new Validator()

/**
 * Reads the OpenAPI document of a file, which is JSON or YAML, with the files of its folder that it refers to. Throws `UnfitDocument`,
 * with where and why, for a file that cannot be read, for a name that stands twice in one object and for what is not
 * OpenAPI 3.0 or 3.1. Nothing else is read, neither over the network nor from outside of the folder.
 */
export async function readDocument(path: string): Promise<OpenApiDocument> {
  const root = await readFiles(path)
  const version = /^3\.[01](?=\.)/.exec(String(root['openapi']))?.[0] as OpenApiDocument['version'] | undefined
  if (version === undefined) throw new UnfitDocument('/openapi', 'only OpenAPI 3.0 and 3.1 are read')
  // It writes into what it is given.
  const { valid, errors } = await structure.validate(structuredClone(root))
  if (!valid) throw unfitStructure(errors)
  return { version, root }
}

type StructureErrors = Awaited<ReturnType<Validator['validate']>>['errors']

function unfitStructure(errors: StructureErrors): UnfitDocument {
  if (errors === undefined || typeof errors === 'string') return new UnfitDocument('', errors ?? 'is not OpenAPI')
  // Of the branches that were tried, the one that came furthest is what the writer meant.
  const deepest = errors.toSorted((one, other) => depthOf(other.instancePath) - depthOf(one.instancePath))[0]
  const params = Object.values((deepest?.params ?? {}) as Record<string, unknown>).filter(
    (part) => typeof part === 'string',
  )
  const what = params.length === 0 ? '' : ` (${params.join(', ')})`
  return new UnfitDocument(deepest?.instancePath ?? '', `${deepest?.message ?? 'is not OpenAPI'}${what}`)
}

const depthOf = (path: string): number => path.split('/').length
