import { z } from 'zod'
import type { JsonValue } from '../../core/json.ts'
import type { DisplayItem } from '../../core/result.ts'
import { terminalText } from '../../text/terminal-text.ts'

const json: z.ZodType<JsonValue> = z.json()
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

/** Each representation has a schema of its own, so that one that breaks the protocol is left out without the others. */
const representations: Readonly<Record<string, z.ZodType>> = {
  text: z.string().transform(terminalText),
  html: z.string(),
  markdown: z.string(),
  svg: z.string(),
  png: base64,
  jpeg: base64,
  pdf: base64,
  latex: z.string(),
  json,
  data: z
    .object({
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(json)),
      total_rows: z.number().int().min(0),
    })
    .transform(({ columns, rows, total_rows: totalRows }) => ({ columns, rows, totalRows })),
  chart: json,
  files: z.array(z.string().max(4096)).max(16),
}

export interface ReadDisplay {
  readonly item: DisplayItem
  /** Was something left out that the protocol does not describe? */
  readonly incomplete: boolean
}

/** One display from the sandbox as a result's item; null where nothing of it is what the protocol describes. */
export function toDisplayItem(value: unknown, isMain: boolean): ReadDisplay | null {
  if (typeof value !== 'object' || value === null) return null
  const given = Object.entries(representations).filter(
    ([name]) => (value as Record<string, unknown>)[name] !== undefined,
  )
  const read = given.map(
    ([name, schema]) => [name, schema.safeParse((value as Record<string, unknown>)[name])] as const,
  )
  const good = read.flatMap(([name, parsed]) => (parsed.success ? [[name, parsed.data] as const] : []))
  if (good.length === 0) return null
  return { item: { isMain, ...Object.fromEntries(good) }, incomplete: good.length < read.length }
}
