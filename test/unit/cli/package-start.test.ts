import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const script = resolve(import.meta.dirname, '../../../src/cli/start.sh')

/** A program that says which it is and what it was given. */
function putNode(path: string, name: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho ${name} $$ "$@"\nexit 7\n`)
  chmodSync(path, 0o755)
}

/** The package as npm puts it below a folder, with a command that is a link, and a Node of the machine. */
function install() {
  const folder = temporaryFolder('installed-')
  const own = join(folder, 'node_modules/sallyport')
  mkdirSync(join(own, 'dist/src/cli'), { recursive: true })
  copyFileSync(script, join(own, 'dist/src/cli/start.sh'))
  const command = join(folder, 'a b/sallyport')
  mkdirSync(dirname(command))
  symlinkSync('../node_modules/sallyport/dist/src/cli/start.sh', command)
  putNode(join(folder, 'bin/node'), 'of-the-machine')
  return { folder, own, command }
}

/** What was said by the program that ran, and that it stood in the place of the shell. */
async function started({ folder, command }: ReturnType<typeof install>, words: readonly string[]) {
  const environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` }
  const running = promisify(execFile)(command, words, { env: environment })
  const failed: unknown = await running.catch((error: unknown) => error)
  const { code, stdout } = failed as { code: number; stdout: string }
  const [node, pid, main, ...given] = stdout.trimEnd().split(' ')
  return { code, node, isTheShell: pid === String(running.child.pid), main, given }
}

describe('the start of the package', () => {
  it('is by the Node within the package, else by that beside it, else by that of the machine', async () => {
    verifies('package.node')
    const { folder, own, command } = install()
    const installed = { folder, own, command }
    const expected = { code: 7, isTheShell: true, main: join(own, 'dist/src/cli/main.js'), given: ['run', '*', 'x'] }
    putNode(join(own, 'node_modules/node/bin/node'), 'within')
    putNode(join(folder, 'node_modules/node/bin/node'), 'beside')
    const words = ['run', '*', 'x']
    expect(await started(installed, words)).toEqual({ ...expected, node: 'within' })
    rmSync(join(own, 'node_modules'), { recursive: true })
    expect(await started(installed, words)).toEqual({ ...expected, node: 'beside' })
    // npm ran no scripts: its place is there and is no program.
    chmodSync(join(folder, 'node_modules/node/bin/node'), 0o644)
    expect(await started(installed, words)).toEqual({ ...expected, node: 'of-the-machine' })
  })
})
