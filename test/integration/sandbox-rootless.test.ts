import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createDockerImageSource } from '../../src/sandbox/containers/docker/image-source.ts'
import { readState } from '../../setup/state.mjs'
import { dockerSocket, sandboxImage } from '../support/sandbox/docker-sandbox.ts'

const never = new AbortController().signal
const nobody = 65_534

it('runs as an ordinary user without Docker, and says which walls are missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-rootless-'))
  const source = createDockerImageSource({ socketPath: dockerSocket, image: sandboxImage() })
  const { environment } = await source.identify(never)
  const image = join(folder, 'state/images/image')
  try {
    await mkdir(join(image, 'rootfs'), { recursive: true })
    await source.unpack(join(image, 'rootfs'), never)
    for (const path of [folder, join(folder, 'state'), join(folder, 'state/images'), image])
      await chown(path, nobody, nobody)
    await chmod(folder, 0o755)
    const program = join(import.meta.dirname, '../support/sandbox/rootless-process.ts')
    const asNobody = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', '--inh-caps=-all']
    const node = ['env', '-i', 'HOME=/tmp', process.execPath, program]
    const { stdout } = await promisify(execFile)(
      'setpriv',
      asNobody.concat(node, readState().runsc?.path ?? '', folder, JSON.stringify(environment)),
    )
    const answer = JSON.parse(stdout) as Record<string, unknown>
    expect(answer).toEqual({
      uid: nobody,
      missingWalls: [expect.stringContaining('not limited by the kernel')],
      stdout: '1001\n',
      outcomes: ['ok', 'out-of-memory', 'timeout'],
    })
    expect(await readdir(join(folder, 'run/bundles'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
