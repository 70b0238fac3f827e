import { PassThrough, Writable } from 'node:stream'
import { ignoreActivity } from '../../../src/core/activity.ts'
import { Interrupts } from '../../../src/cli/interrupts.ts'
import { lazyOpeners } from '../../../src/cli/lazy-openers.ts'
import type { Openers } from '../../../src/cli/openers.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { createOutput } from '../../../src/cli/terminal.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface CommandOptions {
  readonly environment: Readonly<Record<string, string>>
  /** For commands that answer questions or statements, or run programs. */
  readonly open?: Openers['open']
}

class Written extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

const ownProcess = () => Promise.reject(new Error('such a command runs in a process of its own'))

/**
 * Runs a command in this process, with all of the parts that it has in its own, for what it does. A process takes half a second to begin; what is its own (folder, streams, signals, its end) is for
 * `sallyport`.
 */
export async function sallyportHere(
  words: readonly string[],
  { environment, open = ownProcess }: CommandOptions,
): Promise<Ended> {
  const [stdout, stderr] = [new Written(), new Written()]
  const piped = { isTerminal: false, colour: false }
  const code = await runProgram(words, {
    ...lazyOpeners,
    version: 'of a test',
    terminal: {
      input: new PassThrough().end(),
      inputIsTerminal: false,
      inputIsPiped: false,
      out: createOutput(stdout, piped),
      error: createOutput(stderr, piped),
    },
    variables: environment,
    workingDirectory: temporaryFolder('sallyport-here-'),
    interrupts: new Interrupts({ leave: () => undefined, say: (text) => stderr.write(text) }),
    onActivity: ignoreActivity,
    open,
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}
