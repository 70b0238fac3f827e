import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FilterProcesses } from '../../../../src/filters/service/filter-processes.ts'
import { serviceOptions } from '../../../../src/filters/service/options.ts'
import { RemoteFault } from '../../../../src/filters/remote/remote-fault.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { FakeServer, sendJson, type Misbehaviour } from '../../../support/filters/remote/fake-server.ts'
import { serviceKey } from '../../../support/filters/service/filter-service.ts'
import { verifies } from '../../../support/verifies.ts'

const started: FakeServer[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]()
})

async function startProcess(answer: Misbehaviour | null = null): Promise<FakeServer> {
  const server = await FakeServer.start(() => ({ status: 200, body: { fine: true } }))
  server.answer = answer
  started.push(server)
  return server
}

/** An address at which nobody listens. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

const status =
  (code: number): Misbehaviour =>
  (response) =>
    sendJson(response, { status: code, body: {} })

function processesAt(urls: readonly string[], settings: object = {}) {
  const tries: string[] = []
  const options = serviceOptions.parse({ urls, key: serviceKey, deadline_ms: 60_000, ...settings })
  const processes = new FilterProcesses(options, (url, outcome) => tries.push(`${urls.indexOf(url)} ${outcome}`))
  const ask = (group = 'staff', signal = never) =>
    processes.ask({ body: { text: 'x' }, characters: 1, group }, (answer) => answer, signal)
  return { processes, ask, tries }
}

const faultOf = async (promise: Promise<unknown>): Promise<RemoteFault> => {
  const thrown: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(thrown).toBeInstanceOf(RemoteFault)
  return thrown as RemoteFault
}

describe('processes of filters', () => {
  it('are asked in turn, with the key', async () => {
    const [one, other] = [await startProcess(), await startProcess()]
    const { ask } = processesAt([one.url, `${other.url}/`])
    for (let time = 0; time < 4; time += 1) expect(await ask()).toEqual({ fine: true })
    expect([one.asked.length, other.asked.length]).toEqual([2, 2])
    expect(other.asked[0]).toMatchObject({
      method: 'POST',
      path: '/v1/filters/check',
      headers: { authorization: `Bearer ${serviceKey}` },
    })
  })

  it('take over from one that refuses the connection, drains or has no answer', async () => {
    verifies('filter-service.another-process')
    const well = await startProcess()
    for (const broken of [
      await unusedUrl(),
      (await startProcess(status(503))).url,
      (await startProcess(status(500))).url,
    ]) {
      const { ask, tries } = processesAt([broken, well.url])
      expect(await ask()).toEqual({ fine: true })
      expect(tries.map((each) => each.slice(0, 1))).toEqual(['0', '1'])
    }
  })

  it('are left alone after failures in a row, and found again when they are back', async () => {
    verifies('filter-service.breaker')
    const [well, ill] = [await startProcess(), await startProcess(status(500))]
    const { ask, tries } = processesAt([ill.url, well.url], { breaker_failures: 2, breaker_open_ms: 200 })
    for (let time = 0; time < 10; time += 1) await ask()
    expect(tries.filter((each) => each === '0 failed')).toHaveLength(2)
    ill.answer = null
    await expect.poll(async () => (await ask(), tries.includes('0 ok'))).toBe(true)
  })

  it('are asked all the same where all are left alone and say at once that they cannot be had', async () => {
    const process = await startProcess(status(503))
    const { ask } = processesAt([process.url], { breaker_failures: 1, breaker_open_ms: 3_600_000 })
    expect((await faultOf(ask())).word).toBe('busy')
    process.answer = null
    expect(await ask()).toEqual({ fine: true })
  })

  it('lose no check where one dies while the other, which has just come back, is still left alone', async () => {
    const [back, dying] = [await startProcess(status(503)), await startProcess()]
    const { ask, tries } = processesAt([back.url, dying.url], { breaker_failures: 2, breaker_open_ms: 3_600_000 })
    for (let time = 0; time < 3; time += 1) await ask()
    back.answer = null
    dying.answer = (response) => void response.destroy()
    expect(await ask()).toEqual({ fine: true })
    expect(tries.at(-1)).toBe('0 ok')
  })

  it('are not asked while all are left alone and fail slowly', async () => {
    const process = await startProcess(status(500))
    const { ask } = processesAt([process.url], { breaker_failures: 1, breaker_open_ms: 3_600_000 })
    expect((await faultOf(ask())).word).toBe('failed')
    expect((await faultOf(ask())).word).toBe('left-alone')
    expect(process.asked).toHaveLength(1)
  })

  it('leave one alone for the group alone whose texts it fails at', async () => {
    const [process, failing] = [await startProcess(), new Set(['staff'])]
    process.answer = (response) =>
      sendJson(response, { status: failing.has('staff') ? 500 : 200, body: { fine: true } })
    const { ask } = processesAt([process.url], { breaker_failures: 2, breaker_open_ms: 3_600_000 })
    await faultOf(ask('staff'))
    await faultOf(ask('staff'))
    failing.clear()
    expect((await faultOf(ask('staff'))).word).toBe('left-alone')
    expect(await ask('public')).toEqual({ fine: true })
  })

  it('have the deadline together, and are not tried after it', async () => {
    const [hanging, well] = [await startProcess(() => {}), await startProcess()]
    const { ask } = processesAt([hanging.url, well.url], { deadline_ms: 100 })
    const fault = await faultOf(ask())
    expect(fault).toMatchObject({ word: 'deadline', why: 'deadline' })
    expect(fault.message).toContain('filters.content.service.deadline_ms')
    expect(well.asked).toHaveLength(0)
  })

  it('are left with the reason of the signal, which counts against none', async () => {
    const hanging = await startProcess(() => {})
    const { ask, tries } = processesAt([hanging.url])
    const [leaving, reason] = [new AbortController(), new Error('the caller has gone')]
    const asked = ask('staff', leaving.signal)
    await expect.poll(() => hanging.asked.length).toBe(1)
    leaving.abort(reason)
    await expect(asked).rejects.toBe(reason)
    expect(tries).toEqual([])
  })

  it('are ready where one of them is', async () => {
    const [ready, draining] = [await startProcess(), await startProcess(status(503))]
    await expect(processesAt([draining.url, ready.url]).processes.probe(never)).resolves.toBeUndefined()
    expect(ready.asked[0]?.path).toBe('/readyz')
    await faultOf(processesAt([draining.url, await unusedUrl()]).processes.probe(never))
  })
})
