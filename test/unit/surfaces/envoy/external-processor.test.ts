import { describe, expect, it } from 'vitest'
import type { Carry } from '../../../../src/core/carried.ts'
import type { PassCall } from '../../../../src/surfaces/calls/pass-call.ts'
import {
  callHead,
  duplex,
  EnvoyPeer,
  FilterService,
  headersOf,
  type PeerStream,
} from '../../../support/envoy/envoy-peer.ts'

const question = Buffer.from('{"model":"gpt-5","messages":[]}')

/** Carries what came, and hands out what comes back: as a stream of events where it is one. */
const through =
  (carry: Carry): PassCall =>
  async ({ body }, deliver, signal) => {
    const request = {
      method: 'POST',
      path: '/v1/chat/completions',
      headers: ['authorization', 'Bearer up'],
      body,
    } as const
    const answer = await carry(request, signal)
    await deliver({ status: answer.status, headers: ['content-type', 'text/event-stream'], body: answer.body })
  }

async function withFilter(
  work: (stream: PeerStream, service: FilterService, peer: EnvoyPeer) => Promise<void>,
  pass: (carry: Carry) => PassCall = through,
): Promise<void> {
  await using service = await new FilterService(pass).listen()
  using peer = new EnvoyPeer(service.settings.listen)
  await work(peer.process(), service, peer)
}

/** Codes of gRPC. */
const [ok, aborted] = [0, 10]

const piece = (body: string | Buffer, endOfStream = false) => ({ body: Buffer.from(body), endOfStream })

describe('an exchange that Envoy tells of', () => {
  it('goes on only when all of the body has come, with the headers of the upstream and no others', async () => {
    await withFilter(async (stream, service) => {
      stream.begin({ ...callHead, cookie: 'a=b', 'content-length': '31' })
      stream.send({ requestBody: piece(question.subarray(0, 9)) })
      stream.send({ requestBody: piece(question.subarray(9)) })
      stream.send({ requestBody: piece('', true) })
      const [head, body, end] = await stream.until(3)
      const { setHeaders, removeHeaders } = head?.requestHeaders?.response.headerMutation ?? {}
      expect(setHeaders?.map(({ header }) => [header.key, header.rawValue.toString()])).toEqual([
        [':path', '/v1/chat/completions'],
        ['authorization', 'Bearer up'],
      ])
      expect(removeHeaders?.toSorted()).toEqual(['content-length', 'content-type', 'cookie'])
      expect(body?.requestBody?.response.bodyMutation).toMatchObject({
        streamedResponse: { body: question, endOfStream: false },
      })
      expect(end?.requestBody?.response.bodyMutation).toMatchObject({ streamedResponse: { endOfStream: true } })
      stream.send({ responseHeaders: { headers: headersOf({ ':status': '200', 'x-internal': 'secret' }) } })
      stream.send({ responseBody: piece('data: 1\n\n') })
      stream.send({ responseBody: piece('', true) })
      const [answered, events, over] = (await stream.until(6)).slice(3)
      expect(answered?.responseHeaders?.response.headerMutation?.removeHeaders).toEqual(['x-internal'])
      expect(events?.responseBody?.response.bodyMutation).toMatchObject({
        streamedResponse: { body: Buffer.from('data: 1\n\n') },
      })
      expect(over?.responseBody?.response.bodyMutation).toMatchObject({ streamedResponse: { endOfStream: true } })
      expect(await stream.ended).toBe(ok)
      expect(service.responses).toMatchObject([{ status: 200, complete: true, requestBytes: 31, route: 'ext-proc' }])
    })
  })

  it.each([
    ['observability_mode', { observabilityMode: true }],
    ['BUFFERED', { protocolConfig: { requestBodyMode: 2, responseBodyMode: 2 } }],
    ['no bodies of answers', { protocolConfig: { ...duplex, responseBodyMode: 0 } }],
    ['STREAMED with a head that passes first', { protocolConfig: { requestBodyMode: 1, responseBodyMode: 1 } }],
    ['no word of its modes', { protocolConfig: undefined }],
  ])('is broken off where Envoy is configured with %s', async (_what, more) => {
    await withFilter(async (stream, service) => {
      stream.begin(callHead, more)
      expect([await stream.ended, stream.answers]).toEqual([aborted, []])
      expect(service.faults).toMatchObject([{ code: 'invalid-config' }])
    })
  })

  it('is broken off where an answer comes of a request that nobody has shown, unless it is an error', async () => {
    await withFilter(async (stream, _service, peer) => {
      stream.send({ responseHeaders: { headers: headersOf({ ':status': '200' }) }, protocolConfig: duplex })
      expect([await stream.ended, stream.answers]).toEqual([aborted, []])
      const other = peer.process()
      other.send({ responseHeaders: { headers: headersOf({ ':status': '403' }) }, protocolConfig: duplex })
      other.send({ responseBody: piece('{"code":"forbidden"}', true) })
      expect(await other.ended).toBe(ok)
      expect(other.answers[0]?.responseHeaders?.response.headerMutation).toEqual({ setHeaders: [], removeHeaders: [] })
      expect(other.answers[1]?.responseBody?.response.bodyMutation).toMatchObject({
        streamedResponse: { body: Buffer.from('{"code":"forbidden"}') },
      })
    })
  })

  it('passes an error on that Envoy has in the words of gRPC, and no answer with more than that', async () => {
    await withFilter(async (stream, service, peer) => {
      const refused = { ':status': '200', 'content-type': 'application/grpc', 'grpc-status': '16' }
      stream.send({ responseHeaders: { headers: headersOf(refused), endOfStream: true }, protocolConfig: duplex })
      expect([await stream.ended, service.faults]).toEqual([ok, []])
      const others = [
        { headers: headersOf(refused), endOfStream: false },
        { headers: headersOf({ ...refused, 'grpc-status': '0' }), endOfStream: true },
      ]
      for (const responseHeaders of others) {
        const other = peer.process()
        other.send({ responseHeaders, protocolConfig: duplex })
        expect([await other.ended, other.answers]).toEqual([aborted, []])
      }
    })
  })

  it('has no body where its request has none', async () => {
    await withFilter(async (stream) => {
      const head = { ...callHead, ':method': 'GET', ':path': '/v1/responses/resp_1' }
      stream.send({ requestHeaders: { headers: headersOf(head), endOfStream: true }, protocolConfig: duplex })
      await stream.until(1)
      stream.send({ responseHeaders: { headers: headersOf({ ':status': '200' }), endOfStream: true } })
      expect(await stream.ended).toBe(ok)
      expect(stream.answers.map((answer) => Object.keys(answer).filter((name) => name !== 'response'))).toEqual([
        ['requestHeaders'],
        ['responseHeaders'],
      ])
    })
  })

  it('is refused by its head before a piece of the body has come, and failed keys count by the last address', async () => {
    await withFilter(async (stream, service) => {
      stream.begin({ ...callHead, authorization: 'Bearer sp-y', 'x-forwarded-for': '192.0.2.1, 198.51.100.7' })
      expect(await stream.ended).toBe(ok)
      const { status, body, details } = stream.answers[0]?.immediateResponse ?? {}
      expect([status?.code, details]).toEqual([401, 'sallyport_unauthenticated'])
      expect(JSON.parse(body?.toString() ?? '')).toMatchObject({ code: 'unauthenticated' })
      expect([service.guessed, service.responses[0]?.status]).toEqual([['198.51.100.7'], 401])
    })
  })

  it('is refused at the byte beyond the limit, wherever its head says how long it is', async () => {
    await withFilter(async (stream, _service, peer) => {
      stream.begin({ ...callHead, 'content-length': '10486' })
      await stream.ended
      const other = peer.process()
      other.begin()
      for (let at = 0; at < 11; at += 1) other.send({ requestBody: piece('x'.repeat(1_000)) })
      await other.ended
      const statuses = [stream, other].map(({ answers }) =>
        answers.map(({ immediateResponse }) => immediateResponse?.status.code),
      )
      expect(statuses).toEqual([[413], [413]])
    })
  })

  it('is broken off, and never ended well, where Envoy says what nobody asked it', async () => {
    await withFilter(async (stream, _service, peer) => {
      stream.send({ requestBody: piece('{}', true), protocolConfig: duplex })
      expect([await stream.ended, stream.answers]).toEqual([aborted, []])
      const other = peer.process()
      other.begin()
      other.send({ responseBody: piece('raw', true) })
      await other.ended
      expect(other.answers.map((answer) => answer.immediateResponse?.status.code)).toEqual([500])
    })
  })

  it('tells whoever carries it when Envoy lets go', async () => {
    const told = Promise.withResolvers<unknown>()
    const pass =
      (carry: Carry): PassCall =>
      async (_call, _deliver, signal) => {
        signal.addEventListener('abort', () => told.resolve((signal.reason as { code: string }).code))
        await carry({ method: 'POST', path: '/', headers: [], body: null }, signal)
      }
    await withFilter(async (stream, service) => {
      stream.begin()
      stream.send({ requestBody: piece(question, true) })
      await stream.until(2)
      stream.cancel()
      expect(await told.promise).toBe('cancelled')
      await expect.poll(() => service.responses.length).toBe(1)
      expect(service.responses[0]).toMatchObject({ complete: false })
    }, pass)
  })
})

describe('a question by the head of a request', () => {
  it('is answered by its headers in either form, and by the address of the socket', async () => {
    await withFilter(async (_stream, service, peer) => {
      const source = { address: { socketAddress: { address: '203.0.113.5' } } }
      const ask = (http: object) => peer.check({ source, request: { http } })
      const plain = { method: 'POST', path: '/v1/chat/completions?x=1' }
      const yes = await ask({ ...plain, headers: { authorization: 'Bearer sp-x' } })
      const same = await ask({ ...plain, headerMap: headersOf({ authorization: 'Bearer sp-x' }) })
      expect([yes.status.code, same.status.code]).toEqual([0, 0])
      const no = await ask({ ...plain, headers: { authorization: 'Bearer sp-y' } })
      expect([no.status.code, no.deniedResponse?.status.code]).toEqual([7, 401])
      expect(service.guessed).toEqual(['203.0.113.5'])
      const empty = await peer.check({})
      expect([empty.status.code, empty.deniedResponse?.status.code]).toEqual([7, 404])
    })
  })
})
