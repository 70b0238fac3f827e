import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something at an address that is no Sallyport. */
export async function stranger(answer: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(answer)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => void (await new Promise((closed) => server.close(closed))),
  }
}
