import Papa from 'papaparse'
import { ServiceError } from '../../../core/errors.ts'
import type { JsonValue } from '../../../core/json.ts'

/** What a tool answered, read as a model reads it: out of the text that came back. */
export interface ToolResult {
  readonly refused: boolean
  /** The text between the boundary lines. */
  readonly text: string
  /** Rows of a query's preview by column name. */
  rows(): readonly Readonly<Record<string, string>>[]
  /** Path of the full result. */
  file(): string
  /** The JSON object that code printed or returned on a line of its own. */
  json(): { readonly [key: string]: JsonValue }
  /** A text of that object. */
  string(name: string): string
  /** A number of that object. */
  number(name: string): number
}

export function readToolResult(content: string): ToolResult {
  const text = /<<untrusted [^\n]*>>\n([\s\S]*)\n<<end untrusted [^\n]*>>/.exec(content)?.[1] ?? content
  const result: ToolResult = {
    refused: content.startsWith('Refused;'),
    text,
    rows() {
      const start = text.indexOf('\ncsv:\n')
      if (start < 0) throw unexpected('the rows of a query', text)
      return Papa.parse<Record<string, string>>(text.slice(start + 6), { header: true, skipEmptyLines: true }).data
    },
    file() {
      const path = /^file: (\/mnt\/data\/\S+)/m.exec(text)?.[1]
      if (path === undefined) throw unexpected('the path of a result file', text)
      return path
    },
    json() {
      const line = text.split('\n').findLast((line) => line.startsWith('{'))
      if (line === undefined) throw unexpected('a line of JSON', text)
      return parseObject(line)
    },
    string(name) {
      const value = result.json()[name]
      if (typeof value !== 'string') throw unexpected(`a text "${name}"`, text)
      return value
    },
    number(name) {
      const value = result.json()[name]
      if (typeof value !== 'number') throw unexpected(`a number "${name}"`, text)
      return value
    },
  }
  return result
}

/** A field of a row as a number. */
export function numberIn(row: Readonly<Record<string, string>> | undefined, name: string): number {
  const value = Number(row?.[name] ?? Number.NaN)
  if (Number.isNaN(value)) throw unexpected(`a number in the column "${name}"`, JSON.stringify(row ?? null))
  return value
}

export function unexpected(wanted: string, found: string): ServiceError {
  const beginning = found.trim().slice(0, 300)
  return new ServiceError('model-protocol', `The demo script wanted ${wanted} and got: ${beginning}`, {
    advice: 'Run "sallyport doctor"; the demo needs the sample database and a working sandbox.',
  })
}

function parseObject(line: string): { readonly [key: string]: JsonValue } {
  try {
    return JSON.parse(line) as { readonly [key: string]: JsonValue }
  } catch {
    throw unexpected('a line of JSON', line)
  }
}
