import { directionOverrides } from '../text/hidden-characters.ts'
import type { Finding } from '../core/verdict.ts'

export interface SourceLimits {
  /** Bytes of UTF-8. */
  readonly maximumBytes: number
}

const directionOverride = new RegExp(`[${directionOverrides}]`, 'u')

/** Position of a UTF-16 offset, 1-based. */
export function positionAt(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: offset - lastBreak }
}

/**
 * What is wrong with a source before any parser sees it: too long, empty, a NUL (C parsers stop at it and would check
 * less than what runs), a lone surrogate (it has no UTF-8 form, so what runs would differ from what was checked), or
 * bidirectional control characters (the order a reviewer sees is not the order that runs; CVE-2021-42574).
 */
export function checkSource(source: string, limits: SourceLimits): Finding[] {
  const bytes = Buffer.byteLength(source)
  if (bytes > limits.maximumBytes) {
    const message = `The source is ${bytes} bytes long; at most ${limits.maximumBytes} are accepted. Put data in a file instead.`
    return [{ rule: 'source/too-long', line: 1, column: 1, message }]
  }
  if (source.trim() === '') {
    return [{ rule: 'source/empty', line: 1, column: 1, message: 'There is no code.' }]
  }
  const findings: Finding[] = []
  const nul = source.indexOf('\0')
  if (nul >= 0) {
    findings.push({ rule: 'source/nul', ...positionAt(source, nul), message: 'A NUL character is not accepted.' })
  }
  if (!source.isWellFormed()) {
    findings.push({ rule: 'source/encoding', line: 1, column: 1, message: 'The source is not well-formed Unicode.' })
  }
  const bidirectional = directionOverride.exec(source)
  if (bidirectional !== null) {
    const message = 'A bidirectional control character makes the code read differently from how it runs.'
    findings.push({ rule: 'source/bidirectional', ...positionAt(source, bidirectional.index), message })
  }
  return findings
}
