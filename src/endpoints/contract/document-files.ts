import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { isMap, isScalar, parseDocument, visit } from 'yaml'
import type { JsonObject } from './document.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** Of all files of one document together. */
const mostBytes = 4_194_304
const mostFiles = 200

/** Where the other files of a document stand in it, by their paths from its folder. */
const filesName = 'x-files'

interface Part {
  readonly value: unknown
  readonly place: string
  /** The file that it stands in, by its path from the folder. */
  readonly file: string
}

/**
 * The document of a file as one object: other files of its folder that it refers to stand below `/x-files`, and each reference is one
 * within it. Throws `UnfitDocument` for a file that cannot be read or is outside of the folder, also by a link, and for a
 * reference over the network.
 */
export async function readFiles(path: string): Promise<JsonObject> {
  const main = basename(path)
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  let left = mostBytes
  const read = async (file: string): Promise<JsonObject> => {
    const text = await readText(join(folder, file), left)
    left -= Buffer.byteLength(text)
    return parseObject(text)
  }
  const root = await read(main)
  const files = new Map<string, JsonObject>()
  const waiting: Part[] = [{ value: root, place: '', file: main }]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value, place, file } = part
    if (typeof value !== 'object' || value === null) continue
    for (const [name, child] of Object.entries(value)) {
      const at = below(place, name)
      if (name !== '$ref' || typeof child !== 'string') {
        waiting.push({ value: child, place: at, file })
        continue
      }
      const target = await targetOf(child, at, { folder, file })
      if (target.file !== main && !files.has(target.file)) {
        if (files.size >= mostFiles) throw new UnfitDocument(at, `leads to more than ${mostFiles} files`)
        const found = await read(target.file).catch((cause: unknown) => {
          throw new UnfitDocument(at, `points to ${target.file}, which ${(cause as Error).message}`, { cause })
        })
        files.set(target.file, found)
        waiting.push({ value: found, place: below(below('', filesName), target.file), file: target.file })
      }
      const holder = value as Record<string, unknown>
      holder['$ref'] = target.file === main ? `#${target.pointer}` : `#${pointerTo(target.file)}${target.pointer}`
    }
  }
  if (files.size === 0) return root
  if (root[filesName] !== undefined)
    throw new UnfitDocument(below('', filesName), 'is where other files stand: rename it')
  return { ...root, [filesName]: Object.fromEntries(files) }
}

const pointerTo = (file: string): string => `/${filesName}/${encodeURIComponent(below('', file).slice(1))}`

/** What a reference of a file points to: another one of the folder, or the same, and a JSON pointer into it. */
async function targetOf(
  reference: string,
  place: string,
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<{ readonly file: string; readonly pointer: string }> {
  const at = reference.indexOf('#')
  const [written, pointer] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
  if (pointer !== '' && !pointer.startsWith('/')) throw new UnfitDocument(place, 'is no JSON pointer: #/… is one')
  if (written === '') return { file, pointer }
  if (/^[a-z][a-z\d+.-]*:|^[/\\]|\?/i.test(written)) {
    throw new UnfitDocument(
      place,
      'points out of the document, and nothing is fetched: copy it into a file of its folder',
    )
  }
  const named = join(folder, dirname(file), unescaped(written, place))
  const path = await realpath(named).catch(() => named)
  const inFolder = relative(folder, path)
  // A name may begin with dots, as those of volumes of Kubernetes do.
  if (/^\.\.(?:[/\\]|$)/.test(inFolder) || isAbsolute(inFolder)) {
    throw new UnfitDocument(
      place,
      `points out of the document's folder, which nothing is read from: copy it into ${folder}`,
    )
  }
  return { file: inFolder, pointer }
}

function unescaped(written: string, place: string): string {
  try {
    return decodeURIComponent(written)
  } catch (cause) {
    throw new UnfitDocument(place, 'has an escape that is no UTF-8', { cause })
  }
}

async function readText(path: string, most: number): Promise<string> {
  try {
    const file = await stat(path)
    if (!file.isFile()) throw new Error('it is no file')
    if (file.size > most)
      throw new Error(`it has more than ${mostBytes.toLocaleString('en')} bytes, with all files of the document`)
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
