import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { documentWith } from '../../support/endpoints/document.ts'
import { answerCat, guardedService } from '../../support/endpoints/guarded-service.ts'
import { verifies } from '../../support/verifies.ts'

const good = '{"pixels":[0.5]}'
const json = { 'content-type': 'application/json' }
const named = (name: string) => ({ authorization: `Bearer sp-${name}`, ...json })
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const loose = documentWith({ schema: {} })

/** The status of the answer, and all that it says. */
async function told(answer: Promise<Response>): Promise<readonly [number, string]> {
  const { status, text } = { status: (await answer).status, text: await (await answer).text() }
  return [status, text]
}

describe('a body of an endpoint', () => {
  it('is taken up to its limit, whatever it unpacks from, and not a byte above', async () => {
    verifies('endpoints.bad-input')
    await using guarded = await guardedService({ document: loose, settings: { body_limit_kb: 4, body_ratio: 1_000 } })
    const text = (bytes: number): string => `"${'a'.repeat(bytes - 2)}"`
    for (const [bytes, status] of [
      [4_096, 200],
      [4_097, 413],
    ] as const) {
      expect((await guarded.call(text(bytes), json)).status).toBe(status)
      const packed = gzipSync(text(bytes))
      expect((await guarded.call(packed, { ...json, 'content-encoding': 'gzip' })).status).toBe(status)
    }
    expect(guarded.behind.requests.map(({ body }) => body.length)).toEqual([4_096, 4_096])
  })

  it('is refused where more comes than it may have, though it unpacks to nothing', async () => {
    verifies('endpoints.bad-input')
    await using guarded = await guardedService({ document: loose, settings: { body_limit_kb: 4 } })
    // RFC 1951, 3.2.4: a stored block of no bytes.
    const nothing = Buffer.concat([
      gzipSync(good).subarray(0, 10),
      Buffer.alloc(5 * 2_000, Buffer.from([0, 0, 0, 0xff, 0xff])),
    ])
    const [status, text] = await told(guarded.call(nothing, { ...json, 'content-encoding': 'gzip' }))
    expect([status, text]).toEqual([413, expect.stringContaining('The body is larger than the limit.')])
    expect(guarded.behind.requests).toEqual([])
  })

  it('unpacks to as many times its bytes as it may once it has more than any has', async () => {
    verifies('endpoints.bad-input')
    const statusAt = async (ratio: number, body: Buffer) => {
      const settings = { body_limit_kb: 1_024, body_ratio: ratio }
      await using guarded = await guardedService({ document: loose, settings })
      return (await guarded.call(body, { ...json, 'content-encoding': 'gzip' })).status
    }
    const [small, large] = [65_536, 200_000].map((bytes) => gzipSync(`"${'a'.repeat(bytes - 2)}"`))
    if (small === undefined || large === undefined) throw new Error('There is no body.')
    expect(await statusAt(1, small)).toBe(200)
    expect(await statusAt(1, large)).toBe(413)
    expect(await statusAt(Math.ceil(200_000 / large.length), large)).toBe(200)
  })

  it('of JSON is as deep and has as many values as the endpoint takes', async () => {
    verifies('endpoints.bad-input')
    const settings = { json_depth: 5, json_values: 10 }
    await using guarded = await guardedService({ document: loose, settings })
    expect((await guarded.call(nested(5), json)).status).toBe(200)
    expect(await told(guarded.call(nested(6), json))).toEqual([
      400,
      expect.stringContaining('It is nested more than 5 deep.'),
    ])
    const list = (values: number): string => `[${Array.from({ length: values }, () => '1').join()}]`
    expect((await guarded.call(list(11), json)).status).toBe(200)
    expect(await told(guarded.call(list(12), json))).toEqual([
      400,
      expect.stringContaining('It holds more than 10 values.'),
    ])
    expect(guarded.behind.requests).toHaveLength(2)
  })

  it('of a form has parts of JSON that are as deep as the endpoint takes, with no name twice', async () => {
    verifies('endpoints.bad-forms')
    const schema = { type: 'object', properties: { a: { type: ['object', 'array'] } } }
    const encoding = { a: { contentType: 'application/json' } }
    const requestBody = {
      content: { 'multipart/form-data': { schema: { ...schema, properties: { a: {} } }, encoding } },
    }
    await using guarded = await guardedService({
      document: documentWith({ operation: { requestBody } }),
      settings: { json_depth: 5, json_values: 10 },
    })
    const send = (text: string) => {
      const part = `Content-Disposition: form-data; name="a"\r\nContent-Type: application/json`
      return guarded.call(`--B\r\n${part}\r\n\r\n${text}\r\n--B--\r\n`, {
        'content-type': 'multipart/form-data; boundary=B',
      })
    }
    expect((await send(nested(5))).status).toBe(200)
    expect(await told(send(nested(6)))).toEqual([400, expect.stringContaining('nested more than 5 deep')])
    expect(await told(send(`[${'1,'.repeat(11)}1]`))).toEqual([400, expect.stringContaining('more than 10 values')])
    expect(await told(send('{"b":1,"b":2}'))).toEqual([400, expect.stringContaining('stands twice')])
    expect(guarded.behind.requests).toHaveLength(1)
  })
})

it('an address is as long as the endpoint takes, with its query', async () => {
  verifies('endpoints.bad-input')
  const parameters = [{ name: 'q', in: 'query', schema: {} }]
  await using guarded = await guardedService({
    document: documentWith({ parameters, schema: {} }),
    settings: { address_kb: 0.1 },
  })
  const at = (length: number) =>
    guarded.call(good, json, `/predict?q=${'a'.repeat(length - '/predict'.length - 'q='.length)}`)
  expect((await at(102)).status).toBe(200)
  expect(await told(at(103))).toEqual([400, expect.stringContaining('It takes 102')])
})

describe('an answer of an endpoint', () => {
  const labelled = (bytes: number): string => `{"label":"${'a'.repeat(bytes - '{"label":""}'.length)}"}`

  it('is taken up to its limit, and not a byte above, whether or not it says its length', async () => {
    verifies('endpoints.bad-answers')
    await using guarded = await guardedService({ settings: { answer_limit_kb: 1 } })
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }])
      for (const [bytes, status] of [
        [1_024, 200],
        [1_025, 502],
      ] as const) {
        guarded.behind.answer = (_request, response) =>
          void response.writeHead(200, { ...json, ...headers }).end(labelled(bytes))
        expect((await guarded.call(good, json)).status).toBe(status)
      }
  })

  it('that comes byte by byte is not waited for any longer than another', async () => {
    verifies('endpoints.bad-answers')
    await using guarded = await guardedService({ settings: { timeout_ms: 500 } })
    guarded.behind.answer = (_request, response) => {
      response.writeHead(200, json).write('{"label":"')
      const dripping = setInterval(() => response.write('a'), 20)
      response.once('close', () => clearInterval(dripping))
    }
    expect(await told(guarded.call(good, json))).toEqual([504, expect.stringContaining('endpoint-timeout')])
  })

  it('that goes on without end is broken off', async () => {
    verifies('endpoints.bad-answers')
    await using guarded = await guardedService({ settings: { answer_limit_kb: 64, timeout_ms: 600_000 } })
    const closed = Promise.withResolvers<undefined>()
    guarded.behind.answer = (_request, response) => {
      response.once('close', () => closed.resolve(undefined))
      response.writeHead(200, json).write('{"label":"')
      const more = (): void => {
        if (!response.destroyed) response.write('a'.repeat(8_192), () => setImmediate(more))
      }
      more()
    }
    expect(await told(guarded.call(good, json))).toEqual([502, expect.stringContaining('endpoint-protocol')])
    await closed.promise
  })
})

describe('the line before an endpoint', () => {
  it('has of one caller as many calls waiting as it may, and a place for another', async () => {
    verifies('endpoints.fair')
    const settings = { concurrency: 1, waiting: 10, waiting_per_caller: 1, wait_ms: 600_000 }
    await using guarded = await guardedService({ settings })
    const released = Promise.withResolvers<undefined>()
    guarded.behind.answer = (request, response) => void released.promise.then(() => answerCat(request, response))
    const statuses: string[] = []
    const call = async (name: string) => void statuses.push(`${name} ${(await guarded.call(good, named(name))).status}`)
    const calls = Array.from({ length: 4 }, () => call('ann'))
    await expect.poll(() => statuses).toEqual(['ann 503', 'ann 503'])
    calls.push(call('bob'))
    released.resolve(undefined)
    await Promise.all(calls)
    expect(statuses.toSorted()).toEqual(['ann 200', 'ann 200', 'ann 503', 'ann 503', 'bob 200'])
  })
})
