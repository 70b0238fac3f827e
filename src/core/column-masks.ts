/** Why the values of a column are not what the data holds: a rule of the policy, or a filter that replaced some of them. */
export type ColumnMask = 'policy' | 'filter'

/** Of each column of a table, by the places of those that either has changed. */
export function columnMasks(
  columns: readonly unknown[],
  { byPolicy, byFilter }: { readonly byPolicy: readonly number[]; readonly byFilter: readonly number[] },
): readonly (ColumnMask | null)[] {
  return columns.map((_column, place) =>
    byPolicy.includes(place) ? 'policy' : byFilter.includes(place) ? 'filter' : null,
  )
}
