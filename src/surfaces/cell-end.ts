import type { CellError, CellResult, Outcome } from '../core/result.ts'

/** `quota-exceeded` → `QuotaExceeded`: a code as programs name errors. */
export function errorNameOf(code: string): string {
  return code.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

const outcomeNames: { readonly [Name in Outcome]?: string } = {
  timeout: 'TimeoutError',
  'out-of-memory': 'MemoryError',
  cancelled: 'Cancelled',
}

/** How a program ended where that was not well, as an error: a run that was cut never looks like one that had nothing to say. */
export function cellEnd({
  outcome,
  error,
  notice,
}: Pick<CellResult, 'outcome' | 'error' | 'notice'>): CellError | null {
  if (error !== null) {
    const value = outcome === 'user-error' || notice === null ? error.value : `${error.value} ${notice}`.trim()
    return { ...error, value }
  }
  if (outcome === 'ok') return null
  return {
    name: outcomeNames[outcome] ?? errorNameOf(outcome),
    value: notice ?? `The run ended as ${outcome}.`,
    traceback: '',
  }
}
