import { openSallyport } from '../../../src/compose.ts'
import type { Openers } from '../../../src/cli/openers.ts'
import type { Sallyport } from '../../../src/service/sallyport.ts'

/** What commands with one configuration work with, composed for the first of them and kept: each would start its own databases. */
export class OpenedOnce implements AsyncDisposable {
  #opened: Promise<Sallyport> | null = null

  readonly open: Openers['open'] = async (config) => {
    this.#opened ??= openSallyport(config)
    return { ...(await this.#opened), [Symbol.asyncDispose]: async () => undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#opened)?.[Symbol.asyncDispose]()
  }
}
