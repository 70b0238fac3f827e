/** A call as its upstream is to get it: with the key of the upstream, and of the caller's headers those that it takes. */
export interface CarriedRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query, from its `/` on. */
  readonly path: string
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
}

export interface CarriedAnswer {
  readonly status: number
  /** Name, value, name, value, as the upstream sent them. */
  readonly raw: readonly string[]
  /** Is read no faster than it is asked for. */
  readonly body: AsyncIterable<Buffer>
}

/** Brings a call to its upstream over somebody else's connection, and the head of the answer back. */
export type Carry = (request: CarriedRequest, signal: AbortSignal) => Promise<CarriedAnswer>
