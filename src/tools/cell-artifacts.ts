import { extname } from 'node:path'
import type { AnswerArtifact } from '../core/events.ts'
import type { CellResult } from '../core/result.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

const maximumPictures = 10
const maximumPictureBytes = 5 * 1024 * 1024

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

/**
 * The pictures of a run: its figures, or, where it showed none, the PNG and JPEG files it saved. Other files stay in the
 * sandbox, since only pictures are free of text that would have to be screened.
 */
export async function cellPictures(
  cell: CellResult,
  sandbox: Pick<Sandbox, 'files'>,
  options: { readonly names: PictureNames; readonly signal: AbortSignal },
): Promise<AnswerArtifact[]> {
  const shown = cell.results.flatMap((item) => [
    ...picture(item.png, 'image/png', options.names),
    ...(item.png === undefined ? picture(item.jpeg, 'image/jpeg', options.names) : []),
  ])
  if (shown.length > 0 || !cell.sessionAlive) return shown.slice(0, maximumPictures)
  const saved = cell.artifacts.filter((file) => typeOf(file.path) !== null && file.bytes <= maximumPictureBytes)
  const pictures: AnswerArtifact[] = []
  for (const file of saved.slice(0, maximumPictures)) {
    const content = await readAll(sandbox.files.get(file.path, options.signal))
    pictures.push(...picture(content, typeOf(file.path) ?? 'image/png', options.names))
  }
  return pictures
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
    if (bytes > maximumPictureBytes) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('base64')
}
