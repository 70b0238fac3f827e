/** Who is asking. `group` selects policy: the grant, the limits and the filter profile. */
export interface Principal {
  readonly id: string
  readonly kind: 'operator' | 'api-key'
  readonly group: string
}
