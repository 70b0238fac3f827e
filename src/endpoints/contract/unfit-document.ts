/** An OpenAPI document that an endpoint cannot be guarded by. `place` is a JSON pointer into it (RFC 6901). */
export class UnfitDocument extends Error {
  readonly place: string

  constructor(place: string, reason: string, options?: ErrorOptions) {
    super(place === '' ? reason : `${place} ${reason}`, options)
    this.name = 'UnfitDocument'
    this.place = place
  }
}

/** One step more of a JSON pointer. */
export const below = (place: string, name: string | number): string =>
  `${place}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
