import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../support/databases/server-process.ts'
import { EnvoyPeer, FilterService } from '../../../support/envoy/envoy-peer.ts'
import { issueCertificate, makeAuthority } from '../../../support/http/certificates.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const pass = () => async () => undefined

describe('where the filters of Envoy listen', () => {
  it('answers nobody on a port with TLS who shows no certificate of its authorities', async () => {
    verifies('envoy.certificate')
    const authority = makeAuthority('ours')
    const server = issueCertificate(authority, 'localhost')
    const client = issueCertificate(authority, 'envoy')
    const foreign = issueCertificate(makeAuthority('theirs'), 'envoy')
    const listen = `localhost:${await freePort()}`
    const tls = {
      certificate_file: server.certificateFile,
      key_file: server.keyFile,
      client_ca_file: authority.certificateFile,
    }
    await using _service = await new FilterService(pass, { listen, tls }).listen()
    const ca = readFileSync(authority.certificateFile)
    const outcome = async (how: Parameters<typeof credentials.createSsl>) => {
      using peer = new EnvoyPeer(listen, credentials.createSsl(...how))
      return await peer.check({}).then(
        ({ status }) => status.code,
        (fault: { code: number }) => `gRPC ${fault.code}`,
      )
    }
    const shown = ({ keyFile, certificateFile }: typeof client) =>
      outcome([ca, readFileSync(keyFile), readFileSync(certificateFile)])
    expect([await shown(client), await shown(foreign), await outcome([ca])]).toEqual([7, 'gRPC 14', 'gRPC 14'])
  })

  it('takes the place of a socket that was left, and never that of one that answers or of another file', async () => {
    const folder = temporaryFolder('sp-')
    const listen = `unix:${join(folder, 'envoy.sock')}`
    await using _first = await new FilterService(pass, { listen }).listen()
    await expect(new FilterService(pass, { listen }).listen()).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('another process listens there') as string,
    })
    const file = join(folder, 'file')
    writeFileSync(file, 'kept')
    await expect(new FilterService(pass, { listen: `unix:${file}` }).listen()).rejects.toMatchObject({
      code: 'invalid-config',
    })
    expect(readFileSync(file, 'utf8')).toBe('kept')
  })

  it('says which file of TLS cannot be used', async () => {
    const authority = makeAuthority('ours')
    const { certificateFile, keyFile } = issueCertificate(authority, 'localhost')
    const other = issueCertificate(authority, 'other')
    const listen = `127.0.0.1:${await freePort()}`
    const faultOf = (tls: object) =>
      new FilterService(pass, {
        listen,
        tls: { certificate_file: certificateFile, key_file: keyFile, client_ca_file: certificateFile, ...tls },
      })
        .listen()
        .then(
          () => 'none',
          (fault: Error) => fault.message,
        )
    expect(await faultOf({ key_file: other.keyFile })).toContain('the key is not of the certificate')
    expect(await faultOf({ client_ca_file: '/nowhere/ca.pem' })).toContain('/nowhere/ca.pem cannot be read')
  })
})
