import { Operations } from './generated/operations.ts'
import { Transport, type CallOptions, type SallyportOptions } from './transport.ts'

export type * from './generated/operations.ts'
export { SallyportError, type ClientCode } from './sallyport-error.ts'
export type { CallOptions, SallyportOptions } from './transport.ts'

/**
 * A client of a service: each operation of its OpenAPI document `group.name` is a method `client.group.name`. It runs wherever
 * there is `fetch`, and needs no package.
 *
 * Calls that only read, and those with an idempotency key, are repeated where nobody answers and where the service says when to
 * ask again; other calls never. What fails is a {@link SallyportError}.
 */
export class Sallyport extends Operations {
  readonly #transport: Transport

  constructor(options: SallyportOptions) {
    const transport = new Transport(options)
    super(transport)
    this.#transport = transport
  }

  /** A picture or a file by a link that an answer has: `png_url`, `url`. No key is sent with it. */
  download(link: string, options: CallOptions = {}): Promise<Response> {
    return this.#transport.download(link, options)
  }
}
