import { readFile, stat } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { isMap, isScalar, parseDocument, visit } from 'yaml'
import { below, UnfitDocument } from './unfit-document.ts'

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

const mostBytes = 4_194_304

/**
 * Reads the OpenAPI document of a file, which is JSON or YAML. Throws `UnfitDocument`, with where and why, for a file that
 * cannot be read, for a name that stands twice in one object and for what is not OpenAPI 3.0 or 3.1. Nothing else is read,
 * neither over the network nor from other files.
 */
export async function readDocument(path: string): Promise<OpenApiDocument> {
  const root = parseObject(await readText(path))
  const version = /^3\.[01](?=\.)/.exec(String(root['openapi']))?.[0] as OpenApiDocument['version'] | undefined
  if (version === undefined) throw new UnfitDocument('/openapi', 'only OpenAPI 3.0 and 3.1 are read')
  // What is outside of the document is refused before anything could go looking for it.
  requireOwnReferences(root)
  // It writes into what it is given.
  const { valid, errors } = await structure.validate(structuredClone(root))
  if (!valid) throw unfitStructure(errors)
  return { version, root }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > mostBytes) throw new Error(`it has more than ${mostBytes.toLocaleString('en')} bytes`)
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new UnfitDocument('', `cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function parseObject(text: string): JsonObject {
  // JSON is YAML, too, and this reader refuses a name that stands twice.
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true, merge: false })
  const [first] = document.errors
  if (first !== undefined) throw new UnfitDocument('', `is neither JSON nor YAML: ${first.message.split('\n')[0]}`)
  visit(document, {
    // Aliases make a large document of a small one.
    Alias: () => {
      throw new UnfitDocument('', 'has an alias (*name), which is not read: use $ref')
    },
    Pair: (_, { key }) => {
      if (!isScalar(key)) throw new UnfitDocument('', 'has a name that is no plain word')
    },
  })
  if (!isMap(document.contents)) throw new UnfitDocument('', 'is no object')
  return document.toJSON() as JsonObject
}

function requireOwnReferences(root: JsonObject): void {
  const waiting: { readonly value: unknown; readonly at: string }[] = [{ value: root, at: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, at } = next
    if (typeof value !== 'object' || value === null) continue
    for (const [name, child] of Object.entries(value)) {
      const place = below(at, name)
      if (name === '$ref' && typeof child === 'string' && !child.startsWith('#/')) {
        throw new UnfitDocument(place, 'points out of the document, which is not followed: put what it names into it')
      }
      waiting.push({ value: child, at: place })
    }
  }
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
