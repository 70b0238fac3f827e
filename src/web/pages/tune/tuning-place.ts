/** A rule of one direction as one group is treated by it. */
export interface TuningPlace {
  readonly group: string
  readonly direction: 'inbound' | 'outbound'
  readonly rule: string
}

/** Is something of this place? */
export const isAt =
  ({ group, direction, rule }: TuningPlace) =>
  (of: { readonly place: TuningPlace }): boolean =>
    of.place.group === group && of.place.direction === direction && of.place.rule === rule
