import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureRunsc, findInstalled, fromReleaseStorage, isAtLeast, PIN, releaseDay } from '../../../runsc/install.mjs'
import { verifies } from '../../support/verifies.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sallyport-runsc-test-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('the age of a runsc', () => {
  it.each([
    ['release-20260810.0', '20260810'],
    ['runsc version release-20250407.0-12-gabcdef\nspec: 1.1.0', '20250407'],
    ['0.0~20240729.0', '20240729'],
    ['0.0.0-20260905035102-160fafc42237', '20260905'],
    ['VERSION_MISSING', null],
    ['', null],
  ])('of %j is %s', (text, day) => expect(releaseDay(text)).toBe(day))

  it('decides whether it is new enough, and one that does not say is not', () => {
    expect(isAtLeast('release-20260810.0', '20260601')).toBe(true)
    expect(isAtLeast('0.0~20221219.0', '20240729')).toBe(false)
    expect(isAtLeast('VERSION_MISSING', '20240729')).toBe(false)
  })

  it('of the pins is at least what is preferred', () => {
    expect(isAtLeast(PIN.release.version, PIN.preferred)).toBe(true)
    expect(isAtLeast(PIN.module.version, PIN.preferred)).toBe(true)
  })
})

describe('a runsc that is already there', () => {
  it('is not used when somebody else than root may change it, for Docker runs it as root', () => {
    const path = join(folder, 'runsc')
    writeFileSync(path, '#!/bin/sh\necho runsc version release-20990101.0\n')
    chmodSync(path, 0o777)
    expect(findInstalled({ registered: [path], since: '20980101' })).toBeNull()
  })

  it('is not looked for at a relative path', () =>
    expect(findInstalled({ registered: ['runsc'], since: '20980101' })).toBeNull())
})

describe("gVisor's release storage", () => {
  let server: Server
  let address: string
  beforeEach(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url === '/runsc' ? 200 : 404
      response.end('the binary')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => void server.close())
  const sha256 = createHash('sha256').update('the binary').digest('hex')

  it('gives the file with the pinned checksum', async () => {
    verifies('setup.pinned-runsc')
    const file = await fromReleaseStorage(folder, { address: `${address}/runsc`, sha256 })
    expect(readFileSync(file, 'utf8')).toBe('the binary')
  })

  it('is refused when the checksum is another', async () => {
    verifies('setup.pinned-runsc')
    await expect(fromReleaseStorage(folder, { address: `${address}/runsc`, sha256: 'f'.repeat(64) })).rejects.toThrow(
      'not the pinned ffff',
    )
  })

  it('is refused when it does not have the file', async () =>
    await expect(fromReleaseStorage(folder, { address: `${address}/other`, sha256 })).rejects.toThrow('404'))
})

describe('the sources', () => {
  it('are tried in order, and a failure names what was wrong with each', async () => {
    verifies('setup.sources-in-order')
    const tried: string[] = []
    const source = (name: string) => ({
      name,
      get: async () => {
        tried.push(name)
        throw new Error(`${name} is away`)
      },
    })
    const attempt = ensureRunsc({ sources: [source('storage'), source('module')], installed: () => null })
    await expect(attempt).rejects.toThrow(/storage: storage is away\n.*module: module is away/)
    expect(tried).toEqual(['storage', 'module'])
  })

  it('are left alone when one is installed', async () => {
    const installed = { path: '/opt/runsc', version: 'release-20260810.0', source: 'installed' }
    const sources = [{ name: 'never', get: () => Promise.reject(new Error('was asked')) }]
    expect(await ensureRunsc({ sources, installed: () => installed })).toBe(installed)
  })
})
