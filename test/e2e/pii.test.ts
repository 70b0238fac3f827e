import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport, serve } from '../support/cli/sallyport-process.ts'
import { FakePresidio } from '../support/privacy/fake-presidio.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const email = 'kim.wexler@hamlin.example'
const text = `Mail ${email}\r\n\tor call +1 415 555 2671 \u001b[31mnow\u001b[0m`

describe('pii in a pipe', () => {
  it('masks to standard output and restores to the byte, what drives a terminal included', async () => {
    const folder = temporaryFolder('sallyport-pii-')
    const environment = cleanEnvironment({ SALLYPORT_SECRETS_DIRECTORY: join(folder, 'secrets') })
    writeFileSync(join(folder, 'in.txt'), text)
    const masked = await sallyport(['pii', 'mask', 'in.txt', '--map', 'map.json'], { environment, folder })
    expect(masked).toMatchObject({ code: 0, stderr: expect.stringContaining('2 values') as string })
    expect(masked.stdout).not.toContain(email)
    expect(statSync(join(folder, 'map.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'secrets/privacy.key')).mode & 0o777).toBe(0o600)
    const restored = await sallyport(['pii', 'restore', '--map', 'map.json'], {
      environment,
      folder,
      input: masked.stdout,
    })
    expect(restored).toMatchObject({ code: 0, stdout: text, stderr: '2 restored.\n' })
  })

  it('explains without a key, and writes nothing to the disk', async () => {
    const folder = temporaryFolder('sallyport-pii-')
    const environment = cleanEnvironment({ SALLYPORT_SECRETS_DIRECTORY: join(folder, 'secrets') })
    const { code, stdout } = await sallyport(['pii', 'explain', '-', '--output', 'json'], {
      environment,
      folder,
      input: text,
    })
    expect(code).toBe(0)
    const { findings } = JSON.parse(stdout) as { findings: object[] }
    expect(findings).toContainEqual(expect.objectContaining({ line: 1, column: 6, kind: 'pii/email' }))
    expect(findings).toContainEqual(expect.objectContaining({ line: 2, column: 10, kind: 'pii/phone' }))
    expect(stdout).not.toContain(email)
    expect(() => readFileSync(join(folder, 'secrets/privacy.key'))).toThrow(/ENOENT/)
  })

  it('refuses 50 MB by their size, from a file without reading it', async () => {
    const folder = temporaryFolder('sallyport-pii-')
    const path = join(folder, 'large.txt')
    writeFileSync(path, 'a')
    truncateSync(path, 50_000_000)
    const { code, stdout, stderr } = await sallyport(['pii', 'mask', path])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('large.txt: 47.7 MiB are too much, the limit is 32 MiB')
    const piped = await sallyport(['pii', 'mask'], { input: 'a'.repeat(34_000_000) })
    expect([piped.code, piped.stdout]).toEqual([2, ''])
    expect(piped.stderr).toContain('standard input is longer than 33,554,432 bytes')
  })

  it('masks 16 MB with a value in many a line', async () => {
    const environment = cleanEnvironment({
      SALLYPORT_SECRETS_DIRECTORY: temporaryFolder('sallyport-pii-'),
      SALLYPORT_PRIVACY_DEADLINE_MS: '300000',
    })
    const line = 'The order of 12 chairs is late, and nobody knows why.\n'
    const input = `${line.repeat(30)}Mail ${email}\n`.repeat(10_000)
    const { code, stdout } = await sallyport(['pii', 'mask'], { environment, input })
    expect(code).toBe(0)
    expect(stdout.length).toBe(input.length - 10_000 * (email.length - 'EMAIL_B1C2D3F4G5'.length))
    expect(stdout).not.toContain('hamlin')
  })
})

describe('a service with an analyzer beside', () => {
  it('says in /readyz when texts cannot be looked through, and in its log why', async () => {
    await using presidio = await FakePresidio.start()
    presidio.entities = ['LOCATION']
    const file = join(temporaryFolder('sallyport-pii-'), 'sallyport.yaml')
    writeFileSync(file, JSON.stringify({ privacy: { presidio: { url: presidio.url } } }))
    await using service = await serve({ SALLYPORT_CONFIG: file })
    const ready = async () => (await fetch(`${service.url}/readyz`)).text()
    await expect.poll(ready, { timeout: 120_000 }).toContain('texts cannot be looked through')
    expect(service.log()).toContain('Presidio does not look for PERSON')
    presidio.entities = ['LOCATION', 'PERSON']
    await expect.poll(ready).toContain('sandboxes can be had')
  })
})
