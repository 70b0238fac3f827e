import { formatOfEnding } from '../core/table-format.ts'

export interface FileContent {
  /** Lower case, with its dot. */
  readonly extension: string
  /** The beginning of the file. */
  readonly sample: Buffer
  readonly bytes: number
}

const texts = new Set(['.txt', '.md', '.json', '.log', '.xml', '.html', '.yaml', '.yml'])
const shownCharacters = 600

/** Is a file of this ending read as a table, and described as one? A `.txt` is a text first. */
export function isTable(extension: string): boolean {
  return formatOfEnding(extension) !== null && extension !== '.txt'
}

/** Describes a file other than a table in a few lines for a model. */
export function describeContent({ extension, sample, bytes }: FileContent): string {
  if (extension === '.feather' || extension === '.arrow') return `${bytes} bytes; read it with pandas.read_feather.`
  if (!texts.has(extension)) return `${bytes} bytes.`
  const { text, encoding } = textOf(sample)
  const shown = encoding === 'utf-8' ? '' : ` (read here as ${encoding})`
  return `${bytes} bytes of text${shown}, beginning:\n${text.slice(0, shownCharacters)}`
}

/** A sample cut in the middle of a character is not a sign of another encoding. */
function textOf(sample: Buffer): { readonly text: string; readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252' } {
  if (sample[0] === 0xff && sample[1] === 0xfe) {
    return { text: new TextDecoder('utf-16le').decode(sample), encoding: 'utf-16' }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true }), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(sample), encoding: 'windows-1252' }
  }
}
