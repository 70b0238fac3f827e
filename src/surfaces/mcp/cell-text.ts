import type { CellResult, DisplayItem, Outcome } from '../../core/result.ts'

const endings: Readonly<Record<Outcome, string>> = {
  ok: 'The program finished',
  'user-error': 'The program failed with an error',
  timeout: 'The program ran out of time and was stopped',
  'out-of-memory': 'The program ran out of memory',
  'too-many-processes': 'The program started too many processes',
  'disk-full': 'The program ran out of disk space',
  'output-limit': 'The program wrote more output than is allowed',
  cancelled: 'The program was cancelled',
  rejected: 'The program was not accepted by the sandbox',
  'sandbox-lost': 'The program ended because its sandbox was lost',
  unavailable: 'The program did not run: no sandbox could be had',
}

export function isFigure(item: DisplayItem): boolean {
  return item.png !== undefined || item.jpeg !== undefined
}

/** A value as text; empty for a figure, which is shown beside. */
export function valueText(item: DisplayItem): string {
  if (isFigure(item)) return ''
  return item.text ?? item.markdown ?? item.latex ?? (item.json === undefined ? '' : JSON.stringify(item.json))
}

/** What a program did, for a model: how it ended, what it wrote, its values, its error, its files. `missing`: why files are not there. */
export function cellText(
  cell: CellResult,
  { missing, renewed }: { readonly missing: readonly string[]; readonly renewed: string | null },
): string {
  const notice = cell.notice === null ? '' : ` (${cell.notice})`
  const parts = [
    renewed ?? '',
    `${endings[cell.outcome]}${notice} after ${Math.round(cell.timings.runMs)} ms.`,
    section('stdout', cell.stdout.text, cell.stdout.truncated),
    section('stderr', cell.stderr.text, cell.stderr.truncated),
    ...cell.results.map((item) => section(item.isMain ? 'value' : 'displayed', valueText(item), false)),
    cell.error === null
      ? ''
      : section('error', cell.error.traceback || `${cell.error.name}: ${cell.error.value}`, false),
    cell.artifacts.length === 0
      ? ''
      : `files made: ${cell.artifacts.map(({ path, bytes }) => `${path} (${bytes} bytes)`).join(', ')}`,
    ...missing,
    cell.truncated.length === 0 ? '' : `cut at a cap: ${cell.truncated.join(', ')}`,
    cell.sessionAlive ? '' : 'All variables are gone; the next program starts anew.',
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function section(title: string, text: string, isCut: boolean): string {
  return text === '' ? '' : `${title}${isCut ? ' (cut)' : ''}:\n${text.trimEnd()}`
}
