import type { AnswerArtifact } from '../../core/events.ts'
import type { JsonValue } from '../../core/json.ts'
import type { DisplayItem } from '../../core/result.ts'
import { describeFindings, type Finding } from '../../core/verdict.ts'
import type { RunAnswer } from '../../service/sallyport.ts'
import type { Terminal } from '../terminal.ts'
import { writeNotes } from './notes.ts'
import { plainLine, plainText } from './plain-text.ts'
import { duration } from './duration.ts'
import { saveArtifact } from './saved-files.ts'
import { textTable } from './tables.ts'

export interface Folders {
  readonly folder: string
  readonly workingDirectory: string
}

export interface SavedFile {
  /** Below `/mnt/data`. */
  readonly name: string
  /** Where it was saved, as a person types it. */
  readonly path: string
  readonly bytes: number
  readonly isMasked: boolean
}

export async function saveFiles(
  files: readonly AnswerArtifact[],
  { folder, workingDirectory }: Folders,
): Promise<readonly SavedFile[]> {
  const saved: SavedFile[] = []
  for (const file of files) {
    const path = await saveArtifact(file, folder, workingDirectory)
    const bytes = Buffer.byteLength(file.content, 'base64')
    saved.push({ name: file.name, path, bytes, isMasked: file.isMasked === true })
  }
  return saved
}

export function savedJson(saved: readonly SavedFile[]): JsonValue {
  return saved.map(({ name, path, bytes, isMasked }) => ({ name, path, bytes, masked: isMasked }))
}

/** Writes what a program printed and showed; pictures and files are saved and their paths printed. */
export async function writeRun(
  { out, error }: Terminal,
  { cell, ranIn, files, missing }: Extract<RunAnswer, { kind: 'result' }>,
  folders: Folders,
): Promise<void> {
  if (cell.stdout.text !== '') out.write(ended(plainText(cell.stdout.text)))
  if (cell.stderr.text !== '') error.write(ended(plainText(cell.stderr.text)))
  for (const item of cell.results) {
    const picture = pictureOf(item)
    if (picture !== null) {
      const path = await saveArtifact({ name: 'chart', ...picture }, folders.folder, folders.workingDirectory)
      out.write(`Chart: ${path}\n`)
    } else if (item.data !== undefined)
      out.write(textTable(item.data, { maximumRows: item.data.rows.length, width: out.width }))
    else if (item.text !== undefined) out.write(ended(plainText(item.text)))
  }
  if (cell.error !== null)
    error.write(ended(plainText(cell.error.traceback || `${cell.error.name}: ${cell.error.value}`)))
  for (const { path, bytes, isMasked } of await saveFiles(files, folders)) {
    const masked = isMasked ? '; a filter masked parts of it' : ''
    error.write(`File: ${plainLine(path, 300)} (${bytes.toLocaleString('en')} bytes${masked})\n`)
  }
  for (const sentence of missing) error.write(`${plainText(sentence)}\n`)
  if (cell.truncated.length > 0) error.write(`Cut at its limit: ${cell.truncated.join(', ')}\n`)
  writeNotes(error, cell.findings ?? [])
  if (cell.notice !== null) error.write(`${plainText(cell.notice)}\n`)
  const facts = `${cell.outcome}, ${duration(cell.timings.runMs)}, ${plainLine(ranIn, 60)}`
  error.write(`${error.style(cell.outcome === 'ok' ? 'dim' : 'red', facts)}\n`)
}

export function writeFindings({ error }: Terminal, what: string, findings: readonly Finding[]): void {
  error.write(`${error.style('red', '✖')} ${plainLine(what, 200)} refused:\n`)
  for (const line of describeFindings(findings).split('\n')) error.write(`    ${plainText(line)}\n`)
}

function pictureOf(item: DisplayItem): { mediaType: string; content: string } | null {
  if (item.png !== undefined) return { mediaType: 'image/png', content: item.png }
  if (item.jpeg !== undefined) return { mediaType: 'image/jpeg', content: item.jpeg }
  return null
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
