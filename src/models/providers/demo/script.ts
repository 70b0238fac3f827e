import type { JsonValue } from '../../../core/json.ts'
import type { ToolResult } from './tool-result.ts'

export interface ScriptedCall {
  readonly tool: string
  readonly input: { readonly [key: string]: JsonValue }
}

/** A turn that calls tools, after a sentence about why. */
export interface CallingTurn {
  readonly say: string
  readonly calls: readonly ScriptedCall[]
}

/** What the tools of a run have answered so far, in order. */
export interface Seen {
  readonly results: readonly ToolResult[]
  /** The result at a position; throws where there is none. */
  at(position: number): ToolResult
}

/**
 * A question of the demo with its turns written in advance. Numbers never are: a turn and the answer are made of what
 * the tools returned in this very run.
 */
export interface Script {
  readonly question: string
  /** Other ways to ask, without punctuation. */
  readonly aliases: readonly string[]
  readonly tools: readonly string[]
  readonly turns: readonly ((seen: Seen) => CallingTurn)[]
  readonly answer: (seen: Seen) => string
}

export function sql(text: string): ScriptedCall {
  return { tool: 'run_sql', input: { sql: text } }
}

export function python(code: string): ScriptedCall {
  return { tool: 'run_python', input: { code } }
}

export function javascript(code: string): ScriptedCall {
  return { tool: 'run_javascript', input: { code } }
}

const euro = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function euros(value: number): string {
  return euro.format(value)
}

export function whole(value: number): string {
  return plain.format(value)
}

/** A share (0.123) as `12.3 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
