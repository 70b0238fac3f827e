import { once, getEventListeners } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { signalFor } from '../../../src/http/caller-signal.ts'
import { readLimitedBody } from '../../../src/http/limited-body.ts'
import { withMultipart } from '../../../src/http/multipart.ts'

const form = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\na\r\n--b--\r\n'

/** What `look` makes of a request whose caller has sent all of it and has gone before anything of it was read. */
async function afterLeaving<T>(look: (request: IncomingMessage, response: ServerResponse) => Promise<T>): Promise<T> {
  const looked = Promise.withResolvers<T>()
  const server = createServer((request, response) => {
    void once(response, 'close').then(() => look(request, response).then(looked.resolve, looked.reject))
    socket.resetAndDestroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  const type = 'multipart/form-data; boundary=b'
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${form.length}\r\n\r\n${form}`)
  try {
    return await looked.promise
  } finally {
    server.close()
  }
}

describe('a caller who has gone before the request is looked at', () => {
  it('aborts what would run, and leaves no listener where the end of the service is told', async () => {
    const stopping = new AbortController().signal
    const signal = await afterLeaving(async (_request, response) => signalFor(response, stopping))
    expect([signal.aborted, getEventListeners(stopping, 'abort').length]).toEqual([true, 0])
    expect(signal.reason).toMatchObject({ code: 'cancelled' })
  })

  it('is not waited for by whoever reads the body, though all of it came', async () => {
    const limits = { bytes: 1_000, ratio: 10 }
    const read = afterLeaving((request) => readLimitedBody(request, limits))
    await expect(read).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('is not waited for by whoever reads a form', async () => {
    const read = afterLeaving((request) => withMultipart(request, ({ file }) => file))
    await expect(read).rejects.toMatchObject({ code: 'cancelled' })
  })
})
