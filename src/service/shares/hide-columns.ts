import type { TableData } from '../../core/result.ts'
import type { SharedTable } from '../../core/shares.ts'
import type { Vetted } from '../../core/vetted.ts'

type Mask = NonNullable<Vetted<'sql'>['masks']>[number]

/** What values look like that such a mask has left. One that is not here shows no form by which it could be known. */
const forms: Readonly<Record<string, RegExp>> = {
  partial: /^•••.{0,4}$/u,
  bucket: /^-?[\d.e+]+ to below -?[\d.e+]+$/,
  year: /^[+-]?\d{4,}$/,
  month: /^[+-]?\d{4,}-\d\d$/,
}

/**
 * A table of which the columns are hidden that the policy of its audience masks. Rows are kept as they were shown to somebody else, so that a
 * column stays only where every value has the form that this mask leaves; of any other nothing is told. `isChanged`: was there
 * anything to hide that whoever wrote the words behind it may have read?
 */
export function hideColumns(
  table: TableData,
  masks: readonly Mask[],
): { readonly table: SharedTable; readonly isChanged: boolean } {
  const hidden = new Set<number>()
  for (const { position, how } of masks) {
    const form = Object.hasOwn(forms, how) ? forms[how] : undefined
    const isMasked = table.rows.every((row) => {
      const value = row[position] ?? null
      return value === null || (typeof value === 'string' && form?.test(value) === true)
    })
    if (!isMasked || position >= table.columns.length) hidden.add(position)
  }
  if (hidden.size === 0) return { table: { ...table, hidden: [] }, isChanged: false }
  const rows = table.rows.map((row) => row.map((value, position) => (hidden.has(position) ? null : value)))
  const names = table.columns.flatMap(({ name }, position) => (hidden.has(position) ? [name] : []))
  return { table: { ...table, rows, hidden: names }, isChanged: true }
}
