import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/** An authority of a test's own. */
export interface Authority {
  readonly certificateFile: string
  readonly keyFile: string
}

export interface IssuedCertificate {
  readonly certificateFile: string
  readonly keyFile: string
}

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' })
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const

export function makeAuthority(name: string): Authority {
  const folder = temporaryFolder('authority-')
  const [certificateFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')]
  openssl('req', '-x509', ...newKey, '-keyout', keyFile, '-out', certificateFile, '-subj', `/CN=${name}`, '-days', '2')
  return { certificateFile, keyFile }
}

/** A certificate for an address, by itself 127.0.0.1, and localhost by an authority, valid for two days. */
export function issueCertificate(
  { certificateFile: ca, keyFile: caKey }: Authority,
  name: string,
  address = '127.0.0.1',
): IssuedCertificate {
  const folder = temporaryFolder('certificate-')
  const at = (file: string) => join(folder, file)
  writeFileSync(at('names'), `subjectAltName=IP:${address},DNS:localhost\n`)
  openssl('req', ...newKey, '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', `/CN=${name}`)
  const by = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', at('names'), '-days', '2']
  openssl('x509', '-req', '-in', at('request.pem'), '-out', at('certificate.pem'), ...by)
  return { certificateFile: at('certificate.pem'), keyFile: at('key.pem') }
}
