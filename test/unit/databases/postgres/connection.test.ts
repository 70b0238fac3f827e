import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { PostgresConnection } from '../../../../src/databases/postgres/connection.ts'
import { StatementError } from '../../../../src/databases/session.ts'

/** An ErrorResponse of the frontend protocol: length, then fields of a type and a text. */
function errorResponse(sqlstate: string): Buffer {
  const fields = [`SFATAL`, `C${sqlstate}`, 'Mpermission denied for database "salaries"'].map((field) => `${field}\0`)
  const body = Buffer.from(`${fields.join('')}\0`)
  const head = Buffer.alloc(5, 'E')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** What opening a connection to a server rejects with that answers every start-up with this SQLSTATE. */
async function refusal(sqlstate: string): Promise<unknown> {
  const server = createServer((socket) => socket.once('data', () => socket.end(errorResponse(sqlstate))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const config = { host: '127.0.0.1', port, user: 'reader', database: 'shop', password: 'x' }
    return await PostgresConnection.open(config, 'shop').catch((error: unknown) => error)
  } finally {
    server.close()
  }
}

describe('a server that refuses the connection', () => {
  it.each([
    ['42501', 'does not let its role connect', 'GRANT CONNECT'],
    ['3D000', 'does not exist on its server', 'its url'],
    ['42704', 'refused the connection', 'the log of the server'],
  ])('%s is the database, never a table of a statement', async (sqlstate, message, advice) => {
    expect(await refusal(sqlstate)).toMatchObject({
      code: 'database-unavailable',
      message: `The database "shop" ${message} (SQLSTATE ${sqlstate}).`,
      advice: expect.stringContaining(advice),
    })
  })

  it('keeps a code that says so by itself', async () => {
    const fault = await refusal('53300')
    expect(fault).toBeInstanceOf(StatementError)
    expect(fault).toMatchObject({ sqlstate: '53300' })
  })
})
