import { z } from 'zod'
import type { JsonValue } from '../core/json.ts'
import type { DisplayItem } from '../core/result.ts'

const json: z.ZodType<JsonValue> = z.json()
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

const item = z.object({
  text: z.string().optional(),
  html: z.string().optional(),
  markdown: z.string().optional(),
  svg: z.string().optional(),
  png: base64.optional(),
  jpeg: base64.optional(),
  pdf: base64.optional(),
  latex: z.string().optional(),
  json: json.optional(),
  data: z
    .object({
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(json)),
      total_rows: z.number().int().min(0),
    })
    .optional(),
  chart: json.optional(),
})

/** One display from the sandbox as a result's item; null where it is not what the protocol describes. */
export function toDisplayItem(value: unknown, isMain: boolean): DisplayItem | null {
  const parsed = item.safeParse(value)
  if (!parsed.success) return null
  const { data, ...rest } = parsed.data
  const present = Object.fromEntries(Object.entries(rest).filter(([, member]) => member !== undefined))
  return {
    isMain,
    ...present,
    ...(data === undefined ? {} : { data: { columns: data.columns, rows: data.rows, totalRows: data.total_rows } }),
  }
}
