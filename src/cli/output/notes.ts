import type { Finding } from '../../core/verdict.ts'
import type { Output } from '../terminal.ts'
import { plainLine } from './plain-text.ts'

/** What a filter replaced or cut: beside the answer, never in it. */
export function writeNotes(output: Output, findings: readonly Finding[]): void {
  for (const { message, rule } of findings) output.write(`Note: ${plainLine(message, 400)} [${plainLine(rule, 80)}]\n`)
}
