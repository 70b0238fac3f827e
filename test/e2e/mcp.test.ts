import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mcpClients, openMcpClient, textOf } from '../support/mcp/mcp-clients.ts'
import { verifies } from '../support/verifies.ts'
import { cleanEnvironment, sallyportProgram, serve } from '../support/cli/sallyport-process.ts'

describe.each(mcpClients)('sallyport mcp, started by a %s', (client) => {
  it('queries the sample data, keeps variables in a session and shows what it draws', async () => {
    const place = { ...sallyportProgram(['mcp']), env: cleanEnvironment() }
    await using mcp = await openMcpClient(client, place)
    const names = (await mcp.tools()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['run_sql', 'run_python', 'ask', 'open_session']))
    expect(names.length).toBeLessThanOrEqual(12)
    const counted = await mcp.call('run_sql', { statement: 'SELECT count(*) AS orders FROM orders' })
    expect(counted.structuredContent).toMatchObject({ row_count: 1, columns: [{ name: 'orders' }] })
    const opened = await mcp.call('open_session')
    const session = String(opened.structuredContent?.['session'])
    await mcp.call('run_python', { code: 'x = 6 * 7', session })
    const drawn = await mcp.call('run_python', {
      code: 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nx',
      session,
    })
    expect(drawn.structuredContent).toMatchObject({ outcome: 'ok', value: '42' })
    expect(drawn.content.find(({ type }) => type === 'image')).toMatchObject({ mimeType: 'image/png' })
    const answered = await mcp.call('ask', { question: 'How many orders?', session })
    expect(textOf(answered).length).toBeGreaterThan(20)
  })
})

interface HostConfiguration {
  readonly mcpServers: {
    readonly sallyport: {
      readonly args?: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly headers?: Readonly<Record<string, string>>
    }
  }
}

/** What docs/clients.md tells hosts of, for a service at `url` with this key. */
function configurations(url: string, key: string): HostConfiguration['mcpServers']['sallyport'][] {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/clients.md'), 'utf8')
  const [, section = ''] = page.split('## Hosts of the Model Context Protocol')
  const [own = ''] = section.split('\n## ')
  return Array.from(own.matchAll(/^```json\n(.*?)^```/gms), ([, text = '']) => {
    const here = text
      .replaceAll('http://127.0.0.1:8080', url)
      .replaceAll('KEY"', `${key}"`)
      .replace(`SALLYPORT_${key}`, 'SALLYPORT_KEY')
    return (JSON.parse(here) as HostConfiguration).mcpServers.sallyport
  })
}

describe('a host that is configured as docs/clients.md says', () => {
  it('reaches the tools, and each call is on the trail', async () => {
    verifies('mcp.blocks')
    verifies('mcp.audit')
    await using service = await serve()
    const told = configurations(service.url, service.key)
    expect(told).toHaveLength(3)
    for (const { args, env = {}, headers } of told) {
      // A host starts it wherever it is, where npx must not take a package of that name from a registry.
      if (args !== undefined) expect(args.slice(0, 4)).toEqual(['--no', '--prefix', '/opt/sallyport', 'sallyport'])
      const place =
        args === undefined
          ? { url: service.url, key: null, headers: { ...headers } }
          : { ...sallyportProgram(args.slice(args.indexOf('sallyport') + 1)), env: { ...cleanEnvironment(), ...env } }
      await using mcp = await openMcpClient('client of 2025-11-25', place)
      const result = await mcp.call('run_sql', { statement: 'SELECT 1 AS one FROM orders LIMIT 1' })
      expect(result.structuredContent).toMatchObject({ rows: [[1]] })
    }
    // The first one works on the parts of this machine, as the operator.
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    const facts = trail.split('\n').filter((line) => line.includes('"mcp-call"'))
    expect(facts).toHaveLength(2)
    expect(facts[0]).toContain('"tool":"run_sql","outcome":"result"')
  })
})

describe('sallyport mcp --server', () => {
  it('serves the tools of a running service to a host, with its key, and says that a key does not count', async () => {
    await using service = await serve()
    const env = { ...cleanEnvironment(), SALLYPORT_KEY: service.key }
    const words = ['mcp', '--server', service.url]
    for (const client of mcpClients) {
      await using mcp = await openMcpClient(client, { ...sallyportProgram(words), env })
      const result = await mcp.call('run_sql', { statement: 'SELECT 1 AS one FROM orders LIMIT 1' })
      expect(result.structuredContent).toMatchObject({ rows: [[1]] })
      const refused = await mcp.call('run_sql', { statement: 'DELETE FROM orders' })
      expect(refused.isError).toBe(true)
      await expect(mcp.call('no_such_tool')).rejects.toThrow('There is no tool "no_such_tool".')
    }
    const wrong = { ...sallyportProgram(words), env: { ...env, SALLYPORT_KEY: 'sp-wrong' } }
    await expect(openMcpClient('client of 2025-11-25', wrong)).rejects.toThrow(/closed/i)
  })
})
