/** What a person is told beside their turns. */
export interface Told {
  readonly kind: 'info' | 'good' | 'warning'
  readonly text: string
}
