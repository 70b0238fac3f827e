import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { httpOptions, type TlsOptions } from '../../src/http/options.ts'
import { TlsFiles } from '../../src/http/tls-files.ts'
import { issueCertificate, makeAuthority, type IssuedCertificate } from '../support/http/certificates.ts'
import { key, startService, type TestService } from '../support/http/http-service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const authority = makeAuthority('Test')
const ca = readFileSync(authority.certificateFile, 'utf8')
const [first, second] = [issueCertificate(authority, 'first'), issueCertificate(authority, 'second')]

/** Files that a test renews, with what the configuration says of them. */
function renewable(issued: IssuedCertificate) {
  const folder = temporaryFolder('tls-')
  const options = {
    certificate_file: join(folder, 'certificate.pem'),
    key_file: join(folder, 'key.pem'),
    reload_ms: 100,
  }
  const renew = ({ certificateFile, keyFile }: IssuedCertificate): void => {
    copyFileSync(certificateFile, options.certificate_file)
    copyFileSync(keyFile, options.key_file)
  }
  renew(issued)
  return { options, renew }
}

const started = (tls: object): Promise<TestService> => startService({ settings: { tls: tls as TlsOptions } })

async function handshake({ server }: TestService, own: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: server.port, ca, ...own })
  await once(socket, 'secureConnect')
  return socket
}

/** What a handshake came to: protocol, cipher and the name of the certificate. */
async function told(service: TestService, own?: ConnectionOptions) {
  const socket = await handshake(service, own)
  const { name } = socket.getCipher()
  const seen = [socket.getProtocol(), name, String(socket.getPeerCertificate().subject.CN)]
  socket.destroy()
  return seen
}

function ask({ server }: TestService, options: object): Promise<number> {
  const headers = { authorization: `Bearer ${key}` }
  const given = { host: '127.0.0.1', port: server.port, path: '/v1/models', headers, ca, ...options }
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(given, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    asked.once('error', reject)
    asked.end()
  })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20)
}

describe('the service over TLS', () => {
  it('is asked by TLS 1.3, or by 1.2 with authenticated encryption, and says its address so', async () => {
    verifies('tls.modern')
    await using service = await started(renewable(first).options)
    expect(service.url).toBe(`https://127.0.0.1:${service.server.port}`)
    expect((await told(service)).slice(0, 1)).toEqual(['TLSv1.3'])
    expect(await told(service, { maxVersion: 'TLSv1.2' })).toEqual([
      'TLSv1.2',
      expect.stringMatching(/^ECDHE-ECDSA-.*(?:GCM|CHACHA20)/),
      'first',
    ])
    expect(await ask(service, {})).toBe(200)
  })

  it.each<readonly [string, ConnectionOptions]>([
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['a cipher without authentication', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
    ['a cipher of old', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }],
  ])('is not asked by %s', async (_case, own) => {
    verifies('tls.modern')
    await using service = await started(renewable(first).options)
    await expect(handshake(service, own)).rejects.toThrow(/alert|handshake|protocol/i)
  })

  it('is not asked by TLS 1.2 where the configuration wants 1.3', async () => {
    await using service = await started({ ...renewable(first).options, minimum_version: 'TLSv1.3' })
    await expect(handshake(service, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert|version/i)
  })

  it('answers nothing to a request that is not encrypted', async () => {
    verifies('tls.modern')
    await using service = await started(renewable(first).options)
    const socket = connectPlain(service.server.port, '127.0.0.1')
    const heard: Buffer[] = []
    socket.on('data', (piece: Buffer) => heard.push(piece))
    socket.on('error', () => undefined)
    socket.write(`GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`)
    await once(socket, 'close')
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('HTTP')
    expect(service.responses).toEqual([])
  })

  it('takes renewed files for new connections, and goes on with those that are there', async () => {
    verifies('tls.renewed')
    const { options, renew } = renewable(first)
    await using service = await started(options)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await ask(service, { agent })).toBe(200)
    const names: string[] = []
    agent.on('free', (socket: TLSSocket) => names.push(String(socket.getPeerCertificate().subject.CN)))
    renew(second)
    await until(() => service.reloads.length > 0)
    expect(service.reloads).toEqual([null])
    expect((await told(service)).at(-1)).toBe('second')
    expect(await ask(service, { agent })).toBe(200)
    await until(() => names.length > 0)
    expect(names).toEqual(['first'])
    agent.destroy()
  })

  it.each<readonly [string, (options: { certificate_file: string; key_file: string }) => void, RegExp]>([
    ['no certificate', ({ certificate_file: file }) => writeFileSync(file, 'garbage'), /no certificate and key/],
    [
      'a key of another one',
      ({ key_file: file }) => copyFileSync(second.keyFile, file),
      /mismatch|not of the certificate/,
    ],
    ['an empty key', ({ key_file: file }) => writeFileSync(file, ''), /no certificate and key/],
    ['cut', ({ certificate_file: file }) => writeFileSync(file, readFileSync(file).subarray(0, 200)), /no certificate/],
  ])('keeps its files where new ones are %s, says so, and takes the next good ones', async (_case, spoil, reason) => {
    verifies('tls.kept')
    const { options, renew } = renewable(first)
    await using service = await started(options)
    spoil(options)
    await until(() => service.reloads.length > 0)
    expect(service.reloads).toEqual([expect.stringMatching(reason)])
    expect(service.server.faults).toEqual(['the files of http.tls are not taken, those before them are in use'])
    expect((await told(service)).at(-1)).toBe('first')
    renew(second)
    await until(() => service.reloads.at(-1) === null)
    expect(service.server.faults).toEqual([])
    expect((await told(service)).at(-1)).toBe('second')
  })

  it('is well again where a file that was away is back as it was', () => {
    verifies('tls.kept')
    const { options, renew } = renewable(first)
    const { tls } = httpOptions.parse({ tls: options })
    const [reloads, taken] = [[] as unknown[], [] as unknown[]]
    const server = { setSecureContext: (context: unknown) => taken.push(context) }
    using files = new TlsFiles({ options: tls as TlsOptions, onReload: (fault) => reloads.push(fault?.code ?? null) })
    rmSync(options.key_file)
    for (let look = 0; look < 3; look += 1) files.check(server)
    expect([reloads, files.fault?.code, taken.length]).toEqual([['invalid-config'], 'invalid-config', 0])
    renew(first)
    for (let look = 0; look < 3; look += 1) files.check(server)
    expect([reloads, files.fault, taken.length]).toEqual([['invalid-config', null], null, 1])
  })

  it('does not start with files that are no pair, are not there, or have expired', async () => {
    verifies('tls.kept')
    const pair = { certificate_file: first.certificateFile, key_file: first.keyFile }
    await expect(started({ ...pair, key_file: second.keyFile, reload_ms: 100 })).rejects.toMatchObject({
      code: 'invalid-config',
    })
    await expect(started({ ...pair, key_file: '/nowhere', reload_ms: 100 })).rejects.toThrow('/nowhere cannot be read')
    const { tls } = httpOptions.parse({ tls: pair })
    if (tls === null) throw new Error('the test has no files')
    const late = () => new TlsFiles({ options: tls, onReload: () => undefined, now: () => Date.now() + 3 * 86_400_000 })
    expect(late).toThrow(/has expired at/)
  })

  it('wants a certificate of its authorities from callers where it names them', async () => {
    verifies('tls.client-certificates')
    const clients = makeAuthority('Clients')
    const caller = issueCertificate(clients, 'caller')
    const stranger = issueCertificate(makeAuthority('Others'), 'caller')
    await using service = await started({ ...renewable(first).options, client_ca_file: clients.certificateFile })
    const shown = ({ certificateFile, keyFile }: IssuedCertificate) => ({
      cert: readFileSync(certificateFile),
      key: readFileSync(keyFile),
    })
    expect(await ask(service, shown(caller))).toBe(200)
    await expect(ask(service, {})).rejects.toThrow(/alert|socket hang up|ECONNRESET|EPIPE/)
    await expect(ask(service, shown(stranger))).rejects.toThrow(/alert|socket hang up|ECONNRESET|EPIPE/)
    expect(service.responses.length).toBe(1)
  })
})
