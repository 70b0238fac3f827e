import { describe, expect, it } from 'vitest'
import { mcpClients, openMcpClient, textOf } from '../support/mcp/mcp-clients.ts'
import { cleanEnvironment, sallyportProgram, serve } from '../support/cli/sallyport-process.ts'

describe.each(mcpClients)('sallyport mcp, started by a %s', (client) => {
  it(
    'queries the sample data, keeps variables in a session and shows what it draws',
    { timeout: 240_000 },
    async () => {
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
    },
  )
})

describe('sallyport mcp --server', () => {
  it(
    'serves the tools of a running service to a host, with its key, and says that a key does not count',
    { timeout: 240_000 },
    async () => {
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
    },
  )
})
