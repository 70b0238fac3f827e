import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'

// A child for the tests of the wall: it tries to reach what a program behind one may not, and says what it reached.

export interface Targets {
  readonly file: string
  readonly folder: string
  readonly port: number
  readonly pid: number
}

function isReached(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

async function isConnected(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function isDone(program: string, ...rest: readonly string[]): boolean {
  return spawnSync(program, rest).status === 0
}

const { file, folder, port, pid } = JSON.parse(process.argv[2] ?? '') as Targets

process.send?.({
  readsFile: isReached(() => readFileSync(file)),
  writesFile: isReached(() => writeFileSync(`${folder}/written`, 'x')),
  writesToItself: isReached(() => writeFileSync(import.meta.filename, '', { flag: 'a' })),
  makesFolder: isReached(() => {
    mkdirSync('/made-by-a-test')
    rmdirSync('/made-by-a-test')
  }),
  seesHome: isReached(() => readdirSync('/home')),
  seesProcesses: isReached(() => readdirSync('/proc')),
  signals: isReached(() => process.kill(pid, 0)),
  connects: await isConnected(port),
  makesNamespaces: isDone('/usr/bin/unshare', '--user', 'true'),
  mounts: isDone('/usr/bin/unshare', '--mount', 'true'),
  variables: Object.keys(process.env).filter((name) => !['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)),
})
process.disconnect?.()
