import type { FieldDef, Submittable } from 'pg'
import type { Description } from '../session.ts'

/** What `pg` calls on its connection for one statement. */
interface Wire {
  parse(message: { text: string; name: string; types: readonly number[] }): void
  describe(message: { type: 'S'; name: string }): void
  sync(): void
}

type Described = Omit<Description, 'fields'> & { readonly fields: readonly FieldDef[] }

/** One round of Parse, Describe and Sync on the unnamed statement: analyzed, never planned, never run. */
export class DescribeQuery implements Submittable {
  readonly done: Promise<Described>
  readonly #text: string
  readonly #resolve: (described: Described) => void
  readonly #reject: (error: unknown) => void
  readonly #notices: Description['notices'][number][] = []
  #fields: readonly FieldDef[] = []
  #parameters = 0

  constructor(text: string) {
    const { promise, resolve, reject } = Promise.withResolvers<Described>()
    this.#text = text
    this.done = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: unknown): void {
    const wire = connection as Wire
    wire.parse({ text: this.#text, name: '', types: [] })
    wire.describe({ type: 'S', name: '' })
    wire.sync()
  }

  takeNotice(notice: Description['notices'][number]): void {
    this.#notices.push(notice)
  }

  takeParameters(count: number): void {
    this.#parameters = count
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.#fields = fields
  }

  handleError(error: unknown): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve({ fields: this.#fields, parameters: this.#parameters, notices: this.#notices })
  }
}
