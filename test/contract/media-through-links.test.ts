import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const root = join(import.meta.dirname, '../..')

it('pictures are decoded where the packages stand elsewhere and a link leads to them', async () => {
  verifies('media.decoded-whole')
  const folder = temporaryFolder('media-linked-')
  await mkdir(join(folder, 'test/support'), { recursive: true })
  for (const name of ['src', 'test/support/processes', 'test/support/media', 'package.json'])
    await cp(join(root, name), join(folder, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const program = join(folder, 'test/support/processes/drawing-process.ts')
  const child = spawn(process.execPath, [program], { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const [answer] = (await once(child, 'message')) as [unknown]
  expect(answer).toMatchObject({ kind: 'accepted', media: { type: 'image/png', width: 24, height: 16 } })
})
