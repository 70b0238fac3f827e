import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { type Variables, wantsColour } from '../config/environment.ts'
import { packageVersion } from '../files/package-version.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { Departure } from './departure.ts'
import { exitCodes } from './exit-codes.ts'
import { Interrupts } from './interrupts.ts'
import { lazyOpeners } from './lazy-openers.ts'
import { plainLine } from './output/plain-text.ts'
import { runProgram } from './program.ts'
import { isPiped } from './standard-input.ts'
import { StatusLine } from './output/status-line.ts'
import { createOutput } from './terminal.ts'

/** Milliseconds. Loading blocks the thread, so a sandbox is begun first; one that takes longer to begin loses little by it. */
const longestLead = 300

/** The process around one command line: its streams, its signals, and its end. Ends the process. */
export async function runCommandLine(words: readonly string[], variables: Variables): Promise<never> {
  const status = new StatusLine({ stream: process.stderr, isTerminal: isatty(2) })
  const output = (stream: NodeJS.WriteStream, descriptor: number) => {
    const isTerminal = isatty(descriptor)
    return createOutput(stream, { isTerminal, colour: wantsColour(variables, isTerminal), status })
  }
  const terminal = {
    input: process.stdin,
    inputIsTerminal: isatty(0),
    inputIsPiped: isPiped(0),
    out: output(process.stdout, 1),
    error: output(process.stderr, 2),
  }
  const onActivity = status.begin.bind(status)

  const departure = new Departure((code) => process.exit(code))
  const interrupts = new Interrupts({
    leave: () => departure.leave(130),
    say: (text) => terminal.error.write(text),
  })
  process.on('SIGINT', () => interrupts.interrupt())
  let readerLeft: number | null = null
  /** A reader that has seen enough (`| head`) is no fault; what runs for it ends in good order. */
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (readerLeft !== null) return
    readerLeft = error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failure
    if (interrupts.isBusy) interrupts.terminate()
    else departure.leave(readerLeft)
  })
  process.on('SIGTERM', () => interrupts.terminate())

  const exitCode = await runProgram(words, {
    version: packageVersion(),
    terminal,
    variables,
    workingDirectory: process.cwd(),
    interrupts,
    onActivity,
    open: async (config, expected) => {
      using _ = onActivity('starting')
      const { openSandboxes } = await import('../compose/sandboxes.ts')
      const sandboxes = openSandboxes(config, onActivity)
      departure.keep(sandboxes.sandboxes)
      if (expected) await Promise.race([sandboxes.sandboxes.startAhead(expected.driver), sleep(longestLead)])
      const { openSallyport } = await import('../compose.ts')
      const onProgress = (text: string) => terminal.error.write(`  … sample database: ${text}\n`)
      const onFileNotes = (file: string, notes: readonly string[]): void => {
        for (const note of notes) terminal.error.write(`${plainLine(`${file}: ${note}`, 1_000)}\n`)
      }
      const opened = await openSallyport(config, { onProgress, onActivity, onFileNotes, sandboxes })
      const sallyport = {
        ...opened,
        [Symbol.asyncDispose]: onceUntilFailure(async () => opened[Symbol.asyncDispose]()),
      }
      departure.keep(sallyport)
      return sallyport
    },
    ...lazyOpeners,
  })

  // What was written must be out, and then nothing may hold the process: a pipe that nobody closes would.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  await new Promise<void>((resolve) => process.stderr.write('', () => resolve()))
  process.exit(readerLeft ?? exitCode)
}
