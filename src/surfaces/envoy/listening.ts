import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { ServerCredentials, type Server } from '@grpc/grpc-js'
import { ServiceError } from '../../core/errors.ts'
import { socketPath, type EnvoyOptions, type EnvoyTlsOptions } from './options.ts'

/** Rejects with `invalid-config` where nobody can listen there, or the files of TLS cannot be used. */
export async function listenAt(server: Server, { listen, tls }: EnvoyOptions): Promise<void> {
  const credentials = tls === null ? ServerCredentials.createInsecure() : credentialsOf(tls)
  const path = socketPath(listen)
  if (path !== null) await removeLeftSocket(path)
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(listen, credentials, (fault) => {
      if (fault === null) resolve()
      else reject(cannotListen(listen, fault))
    })
  })
}

const cannotListen = (listen: string, cause: Error): ServiceError =>
  new ServiceError('invalid-config', `Cannot listen on ${listen} for Envoy: ${cause.message}.`, {
    cause,
    advice: 'Choose another envoy.listen, or stop what listens there.',
  })

/** Removes the socket of a process that is gone; one that is answered stays, and whatever else has the name. */
async function removeLeftSocket(path: string): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return
  const asking = connect(path)
  const isAnswered = await once(asking, 'connect').then(
    () => true,
    () => false,
  )
  asking.destroy()
  if (isAnswered) throw cannotListen(`unix:${path}`, new Error('another process listens there'))
  rmSync(path)
}

/** Connections of those who show a certificate, and of nobody else. */
function credentialsOf(tls: EnvoyTlsOptions): ServerCredentials {
  const [certificate, key, authorities] = [tls.certificate_file, tls.key_file, tls.client_ca_file].map(readPem)
  try {
    const first = new X509Certificate(certificate ?? '')
    if (!first.checkPrivateKey(createPrivateKey(key ?? ''))) throw new Error('the key is not of the certificate')
    return ServerCredentials.createSsl(
      authorities ?? null,
      [{ cert_chain: certificate ?? Buffer.alloc(0), private_key: key ?? Buffer.alloc(0) }],
      true,
    )
  } catch (cause) {
    throw unusable(`${tls.certificate_file} and ${tls.key_file}: ${(cause as Error).message}`, cause)
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw unusable(`${path} cannot be read: ${(cause as Error).message}`, cause)
  }
}

const unusable = (message: string, cause: unknown): ServiceError =>
  new ServiceError('invalid-config', message, {
    cause,
    advice: 'envoy.tls names a certificate with its chain, its key, and the authorities of Envoy, all in PEM.',
  })
