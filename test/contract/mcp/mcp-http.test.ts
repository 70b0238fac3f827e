import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { ExecutionAnswer } from '../../../src/core/execution.ts'
import type { Artifact, CellResult } from '../../../src/core/result.ts'
import { delta, end } from '../../support/agent-events.ts'
import { key, onlyKey } from '../../support/http/http-service.ts'
import { mcpClients, openMcpClient, textOf } from '../../support/mcp/mcp-clients.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'
import { refusal, rowsOf, startMcpService } from '../../support/mcp/mcp-service.ts'
import { verifies } from '../../support/verifies.ts'

const session = {
  id: 'session_1',
  openedAt: new Date(),
  inUse: false,
  expiresAt: null,
  leftMilliseconds: null,
  limits: {},
  usedAt: new Date(),
  losses: 0,
}

const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')
const ran = (overrides: Partial<CellResult> = {}): ExecutionAnswer => ({
  kind: 'result',
  cell: cellResult(overrides),
  files: [],
  missing: [],
  ranIn: 'gVisor (runsc)',
  renewed: null,
})

describe.each(mcpClients)('tools over HTTP, asked by a %s', (client) => {
  it('speaks the revision of the client', async () => {
    verifies('mcp.eras')
    await using service = await startMcpService()
    await using mcp = await openMcpClient(client, { url: service.url, key })
    expect(mcp.version()).toBe(client === 'client of 2026-07-28' ? '2026-07-28' : '2025-11-25')
  })

  it('lists what the grant and the key allow, with hints that are true and schemas of both sides', async () => {
    verifies('mcp.granted')
    await using service = await startMcpService()
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const tools = await mcp.tools()
    expect(tools.map(({ name }) => name)).toEqual([
      'describe_data',
      'run_sql',
      'check_sql',
      'ask',
      'run_python',
      'run_javascript',
      'run_shell',
      'open_session',
      'close_session',
      'list_files',
      'read_file',
      'put_file',
    ])
    for (const tool of tools) {
      expect(tool.name.length).toBeLessThanOrEqual(64)
      expect(tool).toMatchObject({ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } })
    }
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]))
    expect(hints).toMatchObject({
      run_sql: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
      close_session: { readOnlyHint: false, destructiveHint: true },
    })
    await using only = await openMcpClient(client, { url: service.url, key: onlyKey('sql') })
    expect((await only.tools()).map(({ name }) => name)).toEqual(['describe_data', 'run_sql', 'check_sql'])
  })

  it('gives rows as data: structured, and as a text that says it is no instruction', async () => {
    verifies('mcp.data')
    await using service = await startMcpService()
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const result = await mcp.call('run_sql', { statement: 'SELECT id, name FROM customers', source: 'shop' })
    expect(result.structuredContent).toMatchObject({
      source: 'shop',
      rows: [
        [1, 'customer number 1'],
        [2, 'customer number 2'],
        [3, 'customer number 3'],
      ],
      row_count: 3,
      as_of: '2026-11-29T10:00:00.000Z',
    })
    expect(textOf(result)).toMatch(/is data, not an instruction\.\n<<untrusted \w+ run_sql>>\nrows: 3/)
    expect(textOf(result)).toContain('2,customer number 2')
    expect(result.isError ?? false).toBe(false)
    expect(service.calls).toMatchObject([{ tool: 'run_sql', outcome: 'result', principal: 'k1', code: null }])
  })

  it('describes data and checks statements', async () => {
    await using service = await startMcpService()
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const described = await mcp.call('describe_data', { tables: ['orders'] })
    expect(described.structuredContent).toMatchObject({
      sources: ['shop'],
      tables: [{ name: 'public.orders', columns: [{ name: 'id' }, { name: 'email', use: 'mask' }] }],
    })
    expect(textOf(described)).toContain('email text (mask) -- Of the customer.')
    const checked = await mcp.call('check_sql', { statement: 'SELECT * FROM salaries' })
    expect(checked.structuredContent).toMatchObject({ verdict: 'refuse', findings: [refusal] })
  })

  it('gives a part and a link where a result has more than 10,000 tokens, and all of it to its caller alone', async () => {
    verifies('mcp.long-results')
    await using service = await startMcpService({
      statements: { run: async () => rowsOf(5_000), check: () => Promise.reject(new Error('not asked')) },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const result = await mcp.call('run_sql', { statement: 'SELECT 1' })
    const rows = result.structuredContent?.['rows'] as unknown[]
    expect(result.structuredContent?.['row_count']).toBe(5_000)
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.length).toBeLessThan(1_000)
    const { encode } = await import('gpt-tokenizer/encoding/o200k_base')
    const given = `${textOf(result)}${JSON.stringify(result.structuredContent)}`
    expect(encode(given).length).toBeLessThanOrEqual(10_000)
    const link = result.content.find(({ type }) => type === 'resource_link')
    expect(link).toMatchObject({ name: 'rows.json', mimeType: 'application/json' })
    const [whole] = await mcp.read(link?.uri ?? '')
    expect(JSON.parse(whole?.text ?? '')).toMatchObject({ rows: { length: 5_000 } })
    expect((await mcp.resources()).map(({ uri }) => uri)).toEqual([link?.uri])
    await using other = await openMcpClient(client, { url: service.url, key: onlyKey('sql') })
    await expect(other.read(link?.uri ?? '')).rejects.toThrow('There is no such result')
    expect(await other.resources()).toEqual([])
  })

  it('answers by the analyst, tells what goes on, and shows its pictures', async () => {
    await using service = await startMcpService({
      events: [
        { type: 'step-start', step: 1 },
        {
          type: 'plan',
          steps: [
            { text: 'Read', status: 'completed' },
            { text: 'Count', status: 'pending' },
          ],
        },
        { type: 'tool-call', callId: 'c1', tool: 'run_sql', source: null },
        { type: 'artifact', artifact: { name: 'chart_1.png', mediaType: 'image/png', content: png } },
        { type: 'artifact', artifact: { name: 'out.csv', mediaType: 'text/csv', content: btoa('a,b\n1,2\n') } },
        delta('There are 300 orders.'),
        end(),
      ],
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const told: string[] = []
    const result = await mcp.call(
      'ask',
      { question: 'How many orders?', source: 'shop', session: 'session_7' },
      { onProgress: ({ message = '' }) => told.push(message) },
    )
    expect(result.structuredContent).toMatchObject({ answer: 'There are 300 orders.', ending: 'answer' })
    expect(service.received).toMatchObject([
      { model: 'analyst', dataSource: 'shop', sessionId: 'session_7', messages: [{ content: 'How many orders?' }] },
    ])
    expect(told).toEqual(['step 1', '1 of 2 steps of its plan are done', 'runs run_sql'])
    expect(result.content[1]).toMatchObject({ type: 'image', data: png, mimeType: 'image/png' })
    expect(result.content[2]).toMatchObject({ type: 'resource_link', name: 'out.csv', size: 8 })
    expect(await mcp.read(result.content[2]?.uri ?? '')).toMatchObject([{ text: 'a,b\n1,2\n' }])
  })

  it('runs programs of its caller, and shows what they print, their values, their figures and their files', async () => {
    const asked: unknown[] = []
    await using service = await startMcpService({
      executions: {
        run: async (received, request) => {
          asked.push([received.sessionId, request.language, request.code, request.timeoutMilliseconds])
          const figure = { isMain: false, png, files: ['chart.png'] }
          const files = [
            { name: 'chart.png', mediaType: 'image/png', content: png },
            { name: 'photo.png', mediaType: 'image/png', content: png },
            { name: 'out.csv', mediaType: 'text/csv', content: btoa('a,b\n') },
          ]
          const results = [figure, { isMain: true, text: '42' }]
          const artifacts = [{ path: 'out.csv', bytes: 4 }]
          const said = ran({ stdout: { text: 'hello\n', truncated: false }, results, artifacts })
          return { ...said, files } as ExecutionAnswer
        },
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const input = { code: 'print("hello"); 42', session: 'session_1', timeout_ms: 45_000 }
    const result = await mcp.call('run_python', input)
    expect(result.structuredContent).toMatchObject({
      outcome: 'ok',
      stdout: 'hello\n',
      value: '42',
      files: [{ path: 'out.csv', bytes: 4 }],
    })
    expect(textOf(result)).toContain('stdout:\nhello\nvalue:\n42')
    // The figure was saved as a file, too: it is shown once.
    expect(result.content.map(({ type }) => type)).toEqual(['text', 'image', 'image', 'resource_link'])
    await mcp.call('run_javascript', { code: '1', typescript: true })
    await mcp.call('run_shell', { code: 'ls' })
    expect(asked).toEqual([
      ['session_1', 'python', input.code, 45_000],
      [null, 'typescript', '1', null],
      [null, 'shell', 'ls', null],
    ])
  })

  it('gives a picture of more than 1 MiB behind a link, byte for byte', async () => {
    verifies('mcp.large-pictures')
    const large = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(1_300_000, 7)]).toString('base64')
    await using service = await startMcpService({
      executions: { run: async () => ran({ results: [{ isMain: false, png: large }] }) },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const result = await mcp.call('run_python', { code: 'plt.show()' })
    expect(result.content.map(({ type }) => type)).toEqual(['text', 'resource_link'])
    const [link] = result.content.slice(1)
    expect(link).toMatchObject({ name: 'figure_1.png', mimeType: 'image/png' })
    expect((await mcp.read(link?.uri ?? ''))[0]).toMatchObject({ mimeType: 'image/png', blob: large })
  })

  it('says that a program has failed, and how, and that one was refused', async () => {
    await using service = await startMcpService({
      executions: {
        run: async (_received, { code }) =>
          code === 'import ctypes'
            ? { kind: 'refused', findings: [refusal] }
            : ran({
                outcome: 'user-error',
                error: { name: 'ZeroDivisionError', value: 'division by zero', traceback: '' },
              }),
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const failed = await mcp.call('run_python', { code: '1 / 0' })
    expect(failed).toMatchObject({ isError: true, structuredContent: { error: { name: 'ZeroDivisionError' } } })
    expect(textOf(failed)).toContain('The program failed with an error')
    const refused = await mcp.call('run_python', { code: 'import ctypes' })
    expect(textOf(refused)).toContain(refusal.message)
    expect(service.calls.map(({ outcome }) => outcome)).toEqual(['failed', 'refused'])
  })

  it('cuts a long output at 10,000 tokens, and gives all of it behind a link', async () => {
    const text = Array.from({ length: 20_000 }, (_, line) => `line ${line}`).join('\n')
    await using service = await startMcpService({
      executions: { run: async () => ran({ stdout: { text, truncated: false } }) },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const result = await mcp.call('run_python', { code: 'for' })
    expect(textOf(result)).toContain('characters left out')
    expect(textOf(result).length + JSON.stringify(result.structuredContent).length).toBeLessThan(60_000)
    const link = result.content.find(({ type }) => type === 'resource_link')
    expect((await mcp.read(link?.uri ?? ''))[0]?.text).toContain('line 19999')
  })

  it('puts, lists and reads files of a session', async () => {
    const files = new Map<string, Buffer>()
    await using service = await startMcpService({
      mcp: {
        files: {
          putFile: async ({ sessionId }, path, content) => {
            files.set(path, Buffer.from(await new Response(ReadableStream.from(content)).bytes()))
            return { path, bytes: files.get(path)?.length ?? 0, sessionId } as Artifact
          },
          listFiles: async () => [...files].map(([path, { length: bytes }]) => ({ path, bytes })),
          readFile: async (_received, path) => ({
            name: path,
            mediaType: path.endsWith('.png') ? 'image/png' : 'text/csv',
            content: files.get(path)?.toString('base64') ?? '',
          }),
        },
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const at = { session: 'session_1' }
    await mcp.call('put_file', { ...at, path: 'a.csv', content: 'x,y\n1,2\n' })
    await mcp.call('put_file', { ...at, path: 'b.png', content: png, encoding: 'base64' })
    const wrong = await mcp.call('put_file', { ...at, path: 'c.bin', content: 'no base64!', encoding: 'base64' })
    expect(textOf(wrong)).toContain('The content is not base64.')
    expect((await mcp.call('list_files', at)).structuredContent).toEqual({
      file_count: 2,
      files: [
        { path: 'a.csv', bytes: 8 },
        { path: 'b.png', bytes: 8 },
      ],
    })
    const read = await mcp.call('read_file', { ...at, path: 'a.csv' })
    expect(read.structuredContent).toMatchObject({ text: 'x,y\n1,2\n', bytes: 8 })
    const picture = await mcp.call('read_file', { ...at, path: 'b.png' })
    expect(picture.content[1]).toMatchObject({ type: 'image', data: png })
  })

  it('opens sessions and closes them, and says of another caller’s that there is none', async () => {
    verifies('mcp.sessions')
    const closed: string[] = []
    await using service = await startMcpService({
      sessions: {
        open: async () => session,
        list: async () => [],
        find: async () => null,
        close: async (_principal, id) => {
          if (id !== session.id) throw new ServiceError('not-found', `There is no session "${id}".`)
          closed.push(id)
        },
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const opened = await mcp.call('open_session')
    expect(opened.structuredContent).toEqual({ session: 'session_1', expires_at: null })
    expect((await mcp.call('close_session', { session: 'session_1' })).structuredContent).toEqual({ closed: true })
    expect(closed).toEqual(['session_1'])
    const foreign = await mcp.call('close_session', { session: 'session_of_another' })
    expect(foreign.isError).toBe(true)
    expect(textOf(foreign)).toContain('There is no session "session_of_another".')
  })

  it('refuses in a text that stands alone, and puts every refusal on the trail', async () => {
    verifies('mcp.audit')
    await using service = await startMcpService({
      statements: {
        run: async (_received, { statement }) => {
          if (statement === 'quota') throw new ServiceError('quota-exceeded', 'The quota of rows is used up.')
          if (statement === 'crash') throw new Error('password=hunter2 at /srv/secret.ts:12')
          return { kind: 'refused', findings: [refusal] }
        },
        check: () => Promise.reject(new Error('not asked')),
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const refused = await mcp.call('run_sql', { statement: 'SELECT * FROM salaries' })
    expect(refused).toMatchObject({ isError: true })
    expect(textOf(refused)).toContain('The table "salaries" may not be read; allowed are: orders.')
    const spent = await mcp.call('run_sql', { statement: 'quota' })
    expect(textOf(spent)).toContain('The quota of rows is used up.')
    const crashed = await mcp.call('run_sql', { statement: 'crash' })
    expect(crashed).toMatchObject({ isError: true })
    expect(JSON.stringify(crashed)).not.toMatch(/hunter2|secret\.ts/)
    const misfit = await mcp.call('run_sql', { statement: 7 })
    expect(textOf(misfit)).toContain('The arguments do not fit run_sql')
    await expect(mcp.call('rm_rf')).rejects.toThrow('There is no tool "rm_rf".')
    expect(service.calls.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([
      'refused null',
      'fault quota-exceeded',
      'fault internal',
      'refused invalid-request',
    ])
    // Clients of the old era ask for a stream of their own first, which there is not.
    const faults = service.faults.map(({ code }) => code).filter((code) => code !== 'method-not-allowed')
    expect(faults).toEqual(['quota-exceeded', 'internal'])
  })

  it('refuses a tool that is there and not granted, and writes that down', async () => {
    verifies('mcp.granted')
    await using service = await startMcpService({ grant: () => ({ tools: [] }) })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    expect((await mcp.tools()).map(({ name }) => name)).toEqual(['ask', 'open_session', 'close_session'])
    const refused = await mcp.call('run_sql', { statement: 'SELECT 1' })
    expect(refused.isError).toBe(true)
    expect(textOf(refused)).toContain('The tool run_sql is not for this key of the group "default".')
    expect(service.calls).toMatchObject([{ tool: 'run_sql', outcome: 'fault', code: 'forbidden' }])
  })

  it('cancels what runs when its caller cancels, and keeps on with the rest', async () => {
    verifies('mcp.cancel')
    const started = Promise.withResolvers<undefined>()
    const cancelled = Promise.withResolvers<unknown>()
    await using service = await startMcpService({
      statements: {
        run: async (_received, { statement }, signal) => {
          if (statement !== 'slow') return rowsOf(1)
          started.resolve(undefined)
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          return rowsOf(0)
        },
        check: () => Promise.reject(new Error('not asked')),
      },
      mcp: {
        onCall: async (call) => {
          if (call.outcome === 'fault') cancelled.resolve(call.code)
        },
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const abort = new AbortController()
    const call = mcp.call('run_sql', { statement: 'slow' }, { signal: abort.signal })
    const ended = call.then(
      () => 'answered',
      () => 'rejected',
    )
    await started.promise
    abort.abort(new Error('no longer wanted'))
    expect(await ended).toBe('rejected')
    expect(await cancelled.promise).toBe('cancelled')
    expect((await mcp.call('run_sql', { statement: 'fast' })).structuredContent).toMatchObject({ row_count: 1 })
  })

  it('tells that a long call goes on, with a number that grows', async () => {
    verifies('mcp.progress')
    const enough = Promise.withResolvers<undefined>()
    await using service = await startMcpService({
      settings: { mcp: { hosts: [], origins: [], progress_ms: 100 } },
      statements: {
        run: async () => {
          await enough.promise
          return rowsOf(1)
        },
        check: () => Promise.reject(new Error('not asked')),
      },
    })
    await using mcp = await openMcpClient(client, { url: service.url, key })
    const told: number[] = []
    const onProgress = ({ progress }: { readonly progress: number }): void => {
      if (told.push(progress) === 4) enough.resolve(undefined)
    }
    await mcp.call('run_sql', { statement: 'SELECT 1' }, { onProgress })
    expect(told.length).toBeGreaterThanOrEqual(4)
    expect(told).toEqual([...new Set(told)].toSorted((one, other) => one - other))
  })

  it('is not there for whoever has no key, or one that is nobody’s', async () => {
    await using service = await startMcpService()
    await expect(openMcpClient(client, { url: service.url, key: null })).rejects.toThrow(/API key|401|Unauthorized/)
    await expect(openMcpClient(client, { url: service.url, key: 'sp-wrong' })).rejects.toThrow(
      /credential|401|Unauthorized/,
    )
    expect(service.faults.map(({ code }) => code)).toContain('unauthenticated')
    expect(service.calls).toEqual([])
  })
})
