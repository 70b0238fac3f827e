import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { ExecutionAnswer, ExecutionRequest } from '../../../../src/core/execution.ts'
import { ProgramsInMemory } from '../../../support/e2b/programs-in-memory.ts'
import { key, onlyKey, startService, type TestServiceOptions } from '../../../support/http/http-service.ts'
import { KernelClient } from '../../../support/jupyter/kernel-client.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'

const kernel = '0b6d1f0e-6f63-4c6f-9a54-0c7c2f0f8f10'
const session = {
  id: `session_${kernel}`,
  openedAt: new Date(0),
  usedAt: new Date(0),
  losses: 0,
  inUse: false,
  expiresAt: null,
  leftMilliseconds: null,
  limits: {},
}

/** A service with one kernel, whose programs a test decides about. */
async function kernelService(
  play: (asked: ExecutionRequest, signal: AbortSignal) => Promise<Partial<ExecutionAnswer>> = async () => ({}),
  options: TestServiceOptions = {},
) {
  const programs = new ProgramsInMemory(play)
  let isOpen = true
  const service = await startService({
    programs,
    sessions: {
      open: async () => session,
      list: async ({ id }) => (isOpen && id === 'k1' ? [session] : []),
      find: async ({ id }, asked) => (isOpen && id === 'k1' && asked === session.id ? session : null),
      close: async () => void (isOpen = false),
    },
    ...options,
  })
  const channels = `${service.url}/jupyter/api/kernels/${kernel}/channels?token=${key}`
  return {
    ...service,
    programs,
    channels,
    endKernel: () => (isOpen = false),
    connect: () => KernelClient.connect(channels),
  }
}

const statusOf = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  KernelClient.connect(url, headers).then(
    async (client) => {
      await client[Symbol.asyncDispose]()
      return 'connected'
    },
    (thrown: unknown) => (thrown as Error).message,
  )

describe('the key of a connection to a kernel', () => {
  it('comes in each way that clients have, and in one of them', async () => {
    await using service = await kernelService()
    const bare = service.channels.split('?')[0] ?? ''
    expect(await statusOf(service.channels)).toBe('connected')
    expect(await statusOf(bare, { authorization: `token ${key}` })).toBe('connected')
    expect(await statusOf(bare, { authorization: `Bearer ${key}` })).toBe('connected')
    expect(await statusOf(bare, { 'x-api-key': key })).toBe('connected')
    expect(await statusOf(bare)).toBe('answered 401')
    expect(await statusOf(`${bare}?token=sp-nobody`)).toBe('answered 401')
    expect(await statusOf(`${bare}?token=${key}&token=${key}`)).toBe('answered 401')
    expect(await statusOf(service.channels, { authorization: 'Bearer sp-other' })).toBe('answered 400')
    expect(await statusOf(service.channels, { 'x-api-key': 'sp-other' })).toBe('answered 400')
    expect(await statusOf(`${bare}?token=${onlyKey('sql')}`)).toBe('answered 403')
    expect(await statusOf(`${bare}?token=${onlyKey('execute')}`)).toBe('answered 404')
    expect(await statusOf(bare, { cookie: '_xsrf=a; sallyport-jupyter=b', 'x-xsrftoken': 'a' })).toBe('answered 401')
    expect(service.responses.map(({ status }) => status)).toEqual(expect.arrayContaining([101, 400, 401, 403, 404]))
    expect(JSON.stringify(service.responses)).not.toContain(key)
  })

  it('is asked about anew for each program', async () => {
    await using service = await kernelService()
    await using client = await service.connect()
    await client.run('1')
    await client.run('2')
    const [one, two] = service.programs.ran.map(({ received }) => received)
    expect([one?.credential?.reveal(), two?.credential?.reveal()]).toEqual([key, key])
    expect(one?.credential).not.toBe(two?.credential)
    expect(one?.requestId).not.toBe(two?.requestId)
  })
})

describe('what is no WebSocket to a kernel', () => {
  it('is answered as any other request', async () => {
    await using service = await kernelService()
    const plain = await fetch(service.channels)
    expect([plain.status, (await plain.json()) as object]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ])
    expect(await statusOf(`${service.url}/livez`)).toBe('answered 200')
    expect(await statusOf(`${service.url}/v1/models`, { authorization: `Bearer ${key}` })).toBe('answered 200')
    expect(await statusOf(`${service.url}/jupyter/api/kernels/${kernel}%2fx/channels?token=${key}`)).toBe(
      'answered 400',
    )
  })
})

describe('a connection to a kernel', () => {
  it('answers what clients ask beside programs, and says plainly what it takes not', async () => {
    await using service = await kernelService()
    await using client = await service.connect()
    const answerTo = async (type: string, channel?: string) => {
      const replies = await client.answersTo(client.send(type, {}, channel))
      return replies.find(({ msg_type: said }) => said.endsWith('_reply'))
    }
    expect((await answerTo('kernel_info_request'))?.content).toMatchObject({
      protocol_version: '5.3',
      language_info: { name: 'python' },
    })
    expect((await answerTo('kernel_info_request', 'control'))?.channel).toBe('control')
    expect((await answerTo('debug_request'))?.content).toMatchObject({ status: 'error', ename: 'NotImplementedError' })
    expect((await answerTo('constructor_request'))?.content).toMatchObject({ status: 'error' })
    expect(await answerTo('comm_open')).toBeUndefined()
  })

  it('runs requests one after the other, and none that was asked before a failure', async () => {
    const failing = async ({ code }: ExecutionRequest) =>
      code === 'bad'
        ? { cell: cellResult({ outcome: 'user-error', error: { name: 'E', value: 'v', traceback: 'E: v' } }) }
        : {}
    await using service = await kernelService(failing)
    await using client = await service.connect()
    const asked = ['good', 'bad', 'next'].map((code) => client.send('execute_request', { code }))
    const statuses: unknown[] = []
    for (const id of asked) {
      const replies = await client.answersTo(id)
      statuses.push(replies.find(({ msg_type: type }) => type === 'execute_reply')?.content['status'])
    }
    expect(statuses).toEqual(['ok', 'error', 'aborted'])
    expect((await client.run('later')).types).toContain('execute_reply')
    expect(service.programs.ran.map(({ code }) => code)).toEqual(['good', 'bad', 'later'])
  })

  it('says a fault in the words of any other answer, and what is refused', async () => {
    const finding = { rule: 'code/x', message: 'It may not.' } as const
    const answers: Readonly<Record<string, () => Promise<Partial<ExecutionAnswer>>>> = {
      fault: () => Promise.reject(new ServiceError('quota-exceeded', 'It is used up.')),
      inside: () => Promise.reject(new Error('a secret of the service')),
      refused: async () => ({ kind: 'refused', findings: [finding] }) as unknown as Partial<ExecutionAnswer>,
    }
    await using service = await kernelService(async ({ code }) => (await answers[code]?.()) ?? {})
    await using client = await service.connect()
    expect((await client.run('fault')).stderr).toContain('QuotaExceeded: It is used up.')
    const inside = await client.run('inside')
    expect(inside.stderr).toMatch(/^Internal: /)
    expect(inside.stderr).not.toContain('secret')
    expect((await client.run('refused')).stderr).toContain('It may not.')
    expect(service.callerFaults).toContain('k1 quota-exceeded')
  })

  it.each([
    ['no JSON', '{', 1007],
    ['another message', '{"header": 1}', 1007],
    ['a name that stands twice', '{"header": {"msg_id": "a", "msg_id": "b", "msg_type": "x"}}', 1007],
    ['nesting without an end', '['.repeat(5_000), 1007],
    ['a binary message', Buffer.from([1, 2, 3]), 1003],
    ['a message that is too large', `"${'x'.repeat(2_000_000)}"`, 1009],
  ])('is closed by %s', async (_what, sent, code) => {
    await using service = await kernelService(undefined, { settings: { body_limit_mb: 1 } })
    await using client = await service.connect()
    const closed = once(client.socket, 'close')
    client.socket.send(sent)
    expect((await closed)[0]).toBe(code)
    expect(service.programs.ran).toEqual([])
  })

  it('is closed by more requests than may wait', async () => {
    await using service = await kernelService(
      (_asked, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    )
    await using client = await service.connect()
    const closed = once(client.socket, 'close')
    for (let asked = 0; asked < 102; asked += 1) client.send('execute_request', { code: 'x' })
    expect((await closed)[0]).toBe(1008)
  })

  it('is closed by requests that are few, and too long to be held until their turn comes', async () => {
    const waiting = (_asked: ExecutionRequest, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    await using service = await kernelService(waiting, { settings: { body_limit_mb: 1 } })
    await using client = await service.connect()
    const closed = once(client.socket, 'close')
    for (let asked = 0; asked < 12; asked += 1) client.send('execute_request', { code: 'x'.repeat(400_000) })
    expect((await closed)[0]).toBe(1008)
  })

  it('says again that it is busy while a program takes long', async () => {
    const finish = Promise.withResolvers<Partial<ExecutionAnswer>>()
    await using service = await kernelService(() => finish.promise, { settings: { heartbeat_ms: 100 } })
    await using client = await service.connect()
    const running = client.run('long')
    await expect
      .poll(() => client.replies.filter(({ content }) => content['execution_state'] === 'busy').length)
      .toBeGreaterThan(3)
    finish.resolve({})
    expect((await running).types.at(-1)).toBe('idle')
  })

  it('ends with its kernel, and is not there for another that has ended', async () => {
    await using service = await kernelService(undefined, { settings: { heartbeat_ms: 100 } })
    await using client = await service.connect()
    const closed = once(client.socket, 'close')
    service.endKernel()
    expect((await closed)[0]).toBe(1001)
    expect(await statusOf(service.channels)).toBe('answered 404')
  })

  it('does not hold the end of the service up while nothing runs', async () => {
    const service = await kernelService(undefined, { settings: { drain_ms: 60_000 } })
    await using client = await service.connect()
    const closed = once(client.socket, 'close')
    await service[Symbol.asyncDispose]()
    expect((await closed)[0]).toBe(1001)
  })
})
