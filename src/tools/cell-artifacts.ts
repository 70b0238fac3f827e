import { extname } from 'node:path'
import type { AnswerArtifact } from '../core/events.ts'
import type { Artifact, CellResult, DisplayItem } from '../core/result.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** What a run may bring of pictures it saved; those it showed are bounded by the sandbox's own limit of results. */
const savedLimits = { pictures: 50, pictureBytes: 16 * 1024 * 1024, bytes: 32 * 1024 * 1024 } as const

/** First bytes of the formats that may leave; what only claims to be one stays. */
const signatures = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
} as const

type PictureType = keyof typeof signatures

export interface PictureNames {
  /** Name of the next figure without its ending, unique within the session. */
  next(): string
}

export interface CellPictures {
  /** Those shown, in order, then those saved and not shown. */
  readonly pictures: readonly AnswerArtifact[]
  /** The name of each figure that a result became. */
  readonly nameOf: ReadonlyMap<DisplayItem, string>
  /** A sentence for each picture that is missing, and why. */
  readonly missing: readonly string[]
}

/**
 * The pictures of a run: its figures, and the PNG and JPEG files it saved beside them. A file that holds a figure as it
 * was shown is not brought twice.
 */
export async function cellPictures(
  cell: CellResult,
  sandbox: Pick<Sandbox, 'files'>,
  options: { readonly names: PictureNames; readonly signal: AbortSignal },
): Promise<CellPictures> {
  const nameOf = new Map<DisplayItem, string>()
  const pictures: AnswerArtifact[] = []
  const shownFiles = new Set<string>()
  for (const item of cell.results) {
    const [shown] = [
      ...picture(item.png, 'image/png', options.names),
      ...(item.png === undefined ? picture(item.jpeg, 'image/jpeg', options.names) : []),
    ]
    if (shown === undefined) continue
    pictures.push(shown)
    nameOf.set(item, shown.name)
    for (const file of item.files ?? []) shownFiles.add(file)
  }
  const files = cell.artifacts.filter(({ path }) => typeOf(path) !== null && !shownFiles.has(path))
  const saved = await savedPictures(files, { ...options, sandbox: cell.sessionAlive ? sandbox : null })
  return { pictures: [...pictures, ...saved.pictures], nameOf, missing: saved.missing }
}

async function savedPictures(
  files: readonly Artifact[],
  {
    sandbox,
    names,
    signal,
  }: {
    readonly sandbox: Pick<Sandbox, 'files'> | null
    readonly names: PictureNames
    readonly signal: AbortSignal
  },
): Promise<Pick<CellPictures, 'pictures' | 'missing'>> {
  const pictures: AnswerArtifact[] = []
  const missing: string[] = []
  let bytes = 0
  for (const { path, bytes: size } of files) {
    const why = whyNot({ size, bytes, count: pictures.length, isGone: sandbox === null })
    if (sandbox === null || why !== null) {
      missing.push(`The picture ${path} is not shown: ${why}.`)
      continue
    }
    const content = await readAll(sandbox.files.get(path, signal))
    const [found] = picture(content, typeOf(path) ?? 'image/png', names)
    if (found === undefined) {
      missing.push(`The file ${path} is not shown: it is no such picture.`)
      continue
    }
    pictures.push(found)
    bytes += size
  }
  return { pictures, missing }
}

interface Candidate {
  readonly size: number
  /** Bytes and pictures brought so far. */
  readonly bytes: number
  readonly count: number
  readonly isGone: boolean
}

function whyNot({ size, bytes, count, isGone }: Candidate): string | null {
  if (isGone) return 'it is gone with the sandbox'
  if (size > savedLimits.pictureBytes) {
    return `it has ${size.toLocaleString('en')} bytes and a picture may have ${savedLimits.pictureBytes.toLocaleString('en')}`
  }
  if (count >= savedLimits.pictures) return `a run may bring ${savedLimits.pictures} saved pictures`
  if (bytes + size <= savedLimits.bytes) return null
  return `the saved pictures of a run may have ${savedLimits.bytes.toLocaleString('en')} bytes together`
}

/** Does its name say that it is a picture of the kinds that are brought as one? */
export function isPicturePath(path: string): boolean {
  return typeOf(path) !== null
}

function typeOf(path: string): PictureType | null {
  const extension = extname(path).toLowerCase()
  if (extension === '.png') return 'image/png'
  return extension === '.jpg' || extension === '.jpeg' ? 'image/jpeg' : null
}

function picture(content: string | undefined, mediaType: PictureType, names: PictureNames): AnswerArtifact[] {
  if (content === undefined) return []
  const beginning = Buffer.from(content.slice(0, 16), 'base64')
  if (!signatures[mediaType].every((byte, index) => beginning[index] === byte)) return []
  return [{ name: `${names.next()}${mediaType === 'image/png' ? '.png' : '.jpg'}`, mediaType, content }]
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.byteLength
    // The size was checked, but the file is the code's and can grow.
    if (bytes > savedLimits.pictureBytes) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('base64')
}
