import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { createKey, serve, type Served } from '../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** Every place is kept small, so that these tests need no sandbox. */
const withoutSandboxes = { SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '0', SALLYPORT_SANDBOX_POOL_MAXIMUM_READY: '0' }

async function statusOf({ url }: Served, key: string): Promise<readonly [number, string]> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'analyst', messages: [{ role: 'user', content: 'Which products sold best?' }] }),
  })
  return [response.status, await response.text()]
}

const readiness = async ({ url }: Served): Promise<string> => (await fetch(`${url}/readyz`)).text()

describe('a service that runs', () => {
  it('knows of a restore with the next request: revoked keys stay revoked, and the day counts as used', async () => {
    verifies('storage.restore-holds')
    verifies('storage.restore-quota')
    const folder = temporaryFolder('storage-e2e-')
    await using service = await serve({ ...withoutSandboxes, SALLYPORT_STATE_DIRECTORY: folder })
    const { environment } = service
    const run = async (...words: readonly string[]) => {
      const ended = await sallyportHere(['storage', ...words], { environment })
      expect(ended).toMatchObject({ code: 0 })
      return ended.stdout
    }
    const leaver = await createKey(service, 'default')
    expect((await statusOf(service, leaver))[0]).toBe(200)
    const backup = join(folder, 'backup.db')
    await run('backup', backup)
    const { keys } = JSON.parse(
      (await sallyportHere(['keys', 'list', '--output', 'json'], { environment })).stdout,
    ) as {
      keys: { id: string; name: string }[]
    }
    const revoked = keys.find(({ name }) => name === 'test')?.id ?? ''
    expect((await sallyportHere(['keys', 'revoke', revoked], { environment })).code).toBe(0)
    await run('restore', backup)
    expect((await statusOf(service, leaver))[0]).toBe(401)
    const [status, text] = await statusOf(service, service.key)
    expect([status, text]).toEqual([403, expect.stringContaining('The storage was restored today')])
    await run('accept', 'quota', '--all')
    expect((await statusOf(service, service.key))[0]).toBe(200)
    await run('accept', 'keys', revoked)
    // The tokens of a revoked key count as used as well.
    expect((await statusOf(service, leaver))[0]).toBe(403)
    await run('accept', 'quota', revoked)
    expect((await statusOf(service, leaver))[0]).toBe(200)
    expect((await sallyportHere(['audit', 'verify'], { environment })).code).toBe(0)
  })

  it('names a storage that another program holds in /readyz, and is ready again when it is free', async () => {
    verifies('storage.recovers')
    await using service = await serve({ ...withoutSandboxes, SALLYPORT_STORAGE_TIMEOUT_MS: '500' })
    const stateOf = { interval: 500 }
    await expect.poll(() => readiness(service), stateOf).not.toContain('warming up')
    using other = new DatabaseSync(service.environment['SALLYPORT_STORAGE_PATH'] ?? '')
    other.exec('BEGIN IMMEDIATE')
    await expect.poll(() => readiness(service), stateOf).toContain('storage: locked')
    other.exec('COMMIT')
    await expect.poll(() => readiness(service), stateOf).not.toContain('storage:')
    expect((await statusOf(service, service.key))[0]).toBe(200)
  })
})
