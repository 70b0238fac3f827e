import { spawn } from 'node:child_process'
import { gvisorRuntime, sandboxImage } from './docker-sandbox.ts'

export interface PlainNodeRun {
  readonly status: number | null
  readonly stdout: string
}

// Runs in the sandbox image: each program as a file of its own, as anybody would run it.
const driver = `
const { spawnSync } = require('node:child_process')
const { readFileSync, writeFileSync } = require('node:fs')
const runs = JSON.parse(readFileSync(0, 'utf8')).map((program) => {
  writeFileSync('/tmp/program.js', program)
  const { status, stdout } = spawnSync(process.execPath, ['/tmp/program.js'], { timeout: 20_000 })
  return { status, stdout: stdout.toString() }
})
process.stdout.write(JSON.stringify(runs))
`

/** What plain Node makes of programs nobody has read, so also behind gVisor: one run per program, in order. */
export async function runUnderPlainNode(programs: readonly string[]): Promise<readonly PlainNodeRun[]> {
  const flags = `run --rm --interactive --runtime ${gvisorRuntime} --network none --read-only --cap-drop ALL`
  const limits =
    '--user 1001:1001 --memory 1g --pids-limit 1024 --tmpfs /tmp:mode=1777 --entrypoint /usr/local/bin/node'
  const words = `${flags} ${limits} ${sandboxImage()}`.split(' ')
  const child = spawn('docker', [...words, '-e', driver], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(programs))
  const pieces: Buffer[] = []
  for await (const piece of child.stdout) pieces.push(piece)
  return JSON.parse(Buffer.concat(pieces).toString())
}
