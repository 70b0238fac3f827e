import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { stopServer } from '../databases/server-process.ts'

/** A line of the log of the proxy. */
export interface WafLine {
  readonly msg: string
  readonly address?: string
  readonly request_id?: string
  readonly path?: string
  readonly status?: number
  readonly rules?: readonly number[]
}

/** The proxy of deploy/waf, at work in front of an address. */
export class WafServer implements AsyncDisposable {
  readonly url: string
  /** What it has said so far. */
  readonly lines: readonly WafLine[]
  readonly process: ChildProcess

  private constructor(url: string, lines: readonly WafLine[], child: ChildProcess) {
    this.url = url
    this.lines = lines
    this.process = child
  }

  /** Resolves when it listens; `exclusions: null` is the stock rules. */
  static async start(
    program: string,
    upstream: string,
    { exclusions, flags = [] }: { readonly exclusions: string | null; readonly flags?: readonly string[] },
  ): Promise<WafServer> {
    const words = ['-listen', '127.0.0.1:0', '-upstream', upstream, ...flags]
    if (exclusions !== null) words.push('-exclusions', exclusions)
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], env: {} })
    const lines: WafLine[] = []
    const said: string[] = []
    const address = await new Promise<string>((tell, fail) => {
      child.once('exit', () => fail(new Error(`the proxy did not start: ${said.join('\n')}`)))
      createInterface({ input: child.stderr }).on('line', (line) => {
        said.push(line)
        if (!line.startsWith('{')) return
        const read = JSON.parse(line) as WafLine
        lines.push(read)
        if (read.msg === 'listening') tell(read.address ?? '')
      })
    })
    return new WafServer(`http://${address}`, lines, child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopServer(this.process, ['SIGTERM', 'SIGKILL'], 5_000)
  }
}
