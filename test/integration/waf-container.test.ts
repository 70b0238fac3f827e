import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'

const program = wafProgram()
const docker = (...words: readonly string[]) => spawnSync('docker', words, { encoding: 'utf8', timeout: 120_000 })
const hasDocker = docker('version').status === 0
if ('missing' in program || !hasDocker) {
  const why = 'missing' in program ? program.missing : 'there is no Docker daemon'
  process.stderr.write(`SKIPPED: the container of deploy/waf cannot be had: ${why}\n`)
}

/** The last stage of the Dockerfile, with a program that this machine's Go has built in the place of the first one. */
function buildImage(path: string): string {
  const folder = temporaryFolder('sallyport-waf-image-')
  copyFileSync(path, join(folder, 'waf'))
  copyFileSync(join(wafFolder, 'exclusions.conf'), join(folder, 'exclusions.conf'))
  const dockerfile = readFileSync(join(wafFolder, 'Dockerfile'), 'utf8')
  const last = dockerfile.slice(dockerfile.indexOf('FROM scratch'))
  const own = last.replace(/^COPY --from=build \/etc.*\n/m, '').replace('--from=build /waf', 'waf')
  writeFileSync(join(folder, 'Dockerfile'), own)
  const built = docker('build', '--quiet', '--network', 'none', folder)
  if (built.status !== 0) throw new Error(built.stderr)
  return built.stdout.trim()
}

describe.skipIf('missing' in program || !hasDocker)('the container of the firewall', () => {
  const image = 'missing' in program || !hasDocker ? '' : buildImage(program.path)
  afterAll(() => void docker('image', 'rm', '--force', image))

  it('runs without rights, and says that it is well', async () => {
    const rights = [
      '--read-only',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges:true',
      '--pids-limit',
      '256',
    ]
    const started = docker('run', '--detach', '--rm', '--network', 'none', ...rights, image)
    const id = started.stdout.trim()
    try {
      const health = () => docker('inspect', '--format', '{{.State.Health.Status}}', id).stdout.trim()
      await expect.poll(health, { interval: 500 }).toBe('healthy')
      expect(docker('logs', id).stderr).toContain('"exclusions":"/exclusions.conf"')
      expect(docker('stop', id).status).toBe(0)
    } finally {
      docker('kill', id)
    }
  })
})
