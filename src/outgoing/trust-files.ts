import { readFile } from 'node:fs/promises'
import { ServiceError } from '../core/errors.ts'
import type { TlsOptions } from './options.ts'

/** What a TLS connection is made with; members that are not there are Node's own. */
export interface TrustFiles {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly servername?: string
}

/** The files of these options, which stand at `setting`. Rejects with `invalid-config` for one that cannot be read. */
export async function readTrustFiles(setting: string, tls: TlsOptions): Promise<TrustFiles> {
  const read = async (member: 'ca_file' | 'certificate_file' | 'key_file'): Promise<Buffer | undefined> => {
    const path = tls[member]
    if (path === null) return undefined
    try {
      return await readFile(path)
    } catch (cause) {
      const reason = (cause as Error).message
      throw new ServiceError('invalid-config', `${setting}.${member} cannot be read: ${reason}`, { cause })
    }
  }
  const [ca, cert, key] = await Promise.all([read('ca_file'), read('certificate_file'), read('key_file')])
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(tls.server_name === null ? {} : { servername: tls.server_name }),
  }
}
