/** What sort of fault a mutant is. Each sort gets the same share of a sample. */
export type MutantKind =
  | 'condition'
  | 'boundary'
  | 'equality'
  | 'logic'
  | 'arithmetic'
  | 'statement'
  | 'return'
  | 'literal'
  | 'element'
  | 'minimum'
  | 'call'

/** One small fault that could be put into one file: the text from `start` to `end` becomes `after`. */
export interface Mutant {
  /** Below the root of the tree. */
  readonly file: string
  readonly kind: MutantKind
  /** Offsets in UTF-16 code units. */
  readonly start: number
  readonly end: number
  /** From 1. */
  readonly line: number
  readonly before: string
  readonly after: string
}

export function applyMutant(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end)
}

/** `src/sandbox/engine/pool.ts:12  a < b → a <= b`, on one line. */
export function describeMutant({ file, line, before, after }: Mutant): string {
  return `${file}:${line}  ${shortened(before)} → ${shortened(after)}`
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line === '') return '(nothing)'
  return line.length <= 80 ? line : `${line.slice(0, 60)} … ${line.slice(-17)}`
}
