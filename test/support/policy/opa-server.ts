import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, stopServer } from '../databases/server-process.ts'
import { opaProgram } from './rules.ts'

/** A server of OPA on the loopback that decides by one bundle. */
export class OpaServer implements AsyncDisposable {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#process = child
  }

  /** Resolves when the bundle is in force. */
  static async start(bundle: string): Promise<OpaServer> {
    const address = `127.0.0.1:${await freePort()}`
    const words = ['run', '--server', '--skip-version-check', '--log-level', 'error', '--addr', address]
    const child = spawn(opaProgram, [...words, '--bundle', bundle], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const server = new OpaServer(`http://${address}`, child)
    for (let attempt = 0; attempt < 1_200; attempt += 1) {
      const state = await fetch(`${server.url}/health?bundles`).catch(() => null)
      if (state?.ok === true) return server
      if (child.exitCode !== null) throw new Error(`OPA did not start: ${said}`)
      await sleep(50)
    }
    await server[Symbol.asyncDispose]()
    throw new Error(`OPA did not become ready: ${said}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopServer(this.#process, ['SIGTERM', 'SIGKILL'], 5_000)
  }
}
