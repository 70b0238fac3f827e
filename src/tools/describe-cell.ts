import type { CellResult, DisplayItem, Outcome } from '../core/result.ts'
import type { CellPictures } from './cell-artifacts.ts'

type ShownPictures = Pick<CellPictures, 'nameOf' | 'missing'>
const noPictures: ShownPictures = { nameOf: new Map(), missing: [] }

const endings: Readonly<Record<Outcome, string>> = {
  ok: 'finished',
  'user-error': 'failed with an error',
  timeout: 'ran out of time and was stopped',
  'out-of-memory': 'ran out of memory',
  'too-many-processes': 'started too many processes',
  'disk-full': 'ran out of disk space',
  'output-limit': 'wrote more output than is allowed',
  cancelled: 'was cancelled',
  rejected: 'was not accepted by the sandbox',
  'sandbox-lost': 'ended because its sandbox was lost',
  unavailable: 'did not run: no sandbox could be had',
}

/** A run as text for a model: how it ended, what it printed, the value of its last expression, its error, its figures. */
export function describeCell(cell: CellResult, pictures: ShownPictures = noPictures): string {
  const parts = [
    `The code ${endings[cell.outcome]}${cell.notice === null ? '' : ` (${cell.notice})`} after ${Math.round(cell.timings.runMs)} ms.`,
    section('stdout', cell.stdout.text, cell.stdout.truncated),
    section('stderr', cell.stderr.text, cell.stderr.truncated),
    ...cell.results.map((item) => describeItem(item, pictures.nameOf.get(item))),
    cell.error === null
      ? ''
      : section('error', cell.error.traceback || `${cell.error.name}: ${cell.error.value}`, false),
    cell.artifacts.length === 0
      ? ''
      : `files made, given to the user unless said otherwise: ${cell.artifacts.map(describeFile).join(', ')}`,
    ...pictures.missing,
    cell.truncated.length === 0 ? '' : `cut at a cap: ${cell.truncated.join(', ')}`,
    cell.sessionAlive ? '' : 'All variables are gone; the next run starts in a new interpreter.',
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** One line for people: of missing pictures the first, since a model reads all. */
export function summarizeCell(cell: CellResult, { missing }: Pick<CellPictures, 'missing'> = noPictures): string {
  const figures = cell.results.filter(isFigure).length
  const error = cell.error === null ? '' : `: ${cell.error.name}`
  const pictures = figures === 0 ? '' : `, ${figures} ${figures === 1 ? 'figure' : 'figures'}`
  const cut = cell.truncated.length === 0 ? '' : `, cut at its limit: ${cell.truncated.join(', ')}`
  const [first] = missing
  const rest = missing.length > 1 ? ` (and ${missing.length - 1} more)` : ''
  const gap = first === undefined ? '' : `. ${first.replace(/\.$/, '')}${rest}`
  return `${endings[cell.outcome]}${error}${pictures} in ${Math.round(cell.timings.runMs)} ms${cut}${gap}`
}

function describeFile({ path, bytes }: CellResult['artifacts'][number]): string {
  return `/mnt/data/${path} (${bytes.toLocaleString('en')} bytes)`
}

export function isFigure(item: DisplayItem): boolean {
  return item.png !== undefined || item.jpeg !== undefined
}

function section(title: string, text: string, truncated: boolean): string {
  if (text === '') return ''
  return `${title}${truncated ? ' (cut)' : ''}:\n${text.trimEnd()}`
}

function describeItem(item: DisplayItem, name: string | undefined): string {
  if (isFigure(item)) return `figure: shown to the user${name === undefined ? '' : ` as ${name}`}`
  const text = item.text ?? item.markdown ?? item.latex ?? (item.json === undefined ? '' : JSON.stringify(item.json))
  return section(item.isMain ? 'value' : 'displayed', text, false)
}
