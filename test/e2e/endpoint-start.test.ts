import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { documentFile, documentWith } from '../support/endpoints/document.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** The kernel makes no more namespaces for whatever runs in here, as it does where an administrator has switched them off. */
const withoutNamespaces = [
  'unshare',
  '--user',
  '--map-root-user',
  'sh',
  '-c',
  'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"',
  'sh',
]

function serveOnce(command: readonly string[], operation: object) {
  const file = join(temporaryFolder('sallyport-start-'), 'sallyport.yaml')
  const document = documentFile(documentWith({ operation }))
  const endpoints = { classifier: { document, base_url: 'http://127.0.0.1:1' } }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ endpoints, gateway: { groups: { default: { endpoints: ['classifier'] } } } }))
  const program = [
    process.execPath,
    '--no-node-snapshot',
    '--disable-warning=ExperimentalWarning',
    resolve(import.meta.dirname, '../../src/cli/main.ts'),
    'serve',
  ]
  const [first = '', ...rest] = [...command, ...program]
  return spawnSync(first, rest, {
    cwd: temporaryFolder('sallyport-start-'),
    env: cleanEnvironment({ SALLYPORT_CONFIG: file, SALLYPORT_HTTP_PORT: '0' }),
    encoding: 'utf8',
    timeout: 120_000,
  })
}

it('a service whose endpoint takes pictures does not start where no wall can be made to decode them behind, and says what to do', () => {
  verifies('endpoints.no-wall')
  const operation = { requestBody: { required: true, content: { 'image/png': {} } } }
  const { status, stdout, stderr } = serveOnce(withoutNamespaces, operation)
  expect(status).not.toBe(0)
  expect(status).not.toBeNull()
  expect(stdout).not.toContain('listens on')
  expect(stderr).toMatch(/user namespaces/)
})
