import type { Finding } from '../../core/verdict.ts'

/** Where something stands in the text that was sent: a byte offset, as the parser counts. */
export interface RawFinding {
  readonly rule: string
  readonly message: string
  /** Byte of the UTF-8 text. */
  readonly offset: number
}

export interface Place {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
}

/** Turns byte offsets of a text into lines and columns. */
export function createPlacer(source: string): (offset: number) => Place {
  const starts = [0]
  for (let index = source.indexOf('\n'); index >= 0; index = source.indexOf('\n', index + 1)) starts.push(index + 1)
  const bytes = Buffer.from(source)
  const isAscii = bytes.length === source.length
  return (offset) => {
    const index = isAscii ? offset : bytes.subarray(0, offset).toString().length
    const line = starts.findLastIndex((start) => start <= index)
    return { line: line + 1, column: index - (starts[line] ?? 0) + 1 }
  }
}

/** All findings in the order of the source, each said once. */
export function placeFindings(source: string, raw: readonly RawFinding[]): Finding[] {
  const place = createPlacer(source)
  const seen = new Set<string>()
  return raw
    .toSorted((left, right) => left.offset - right.offset)
    .filter((finding) => {
      const key = `${finding.rule}\0${finding.offset}\0${finding.message}`
      return !seen.has(key) && seen.add(key)
    })
    .map(({ rule, offset, message }) => {
      const { line, column } = place(offset)
      return { rule, line, column, message }
    })
}
