// The first sandbox without Docker unpacks the image and makes a checkpoint. The set-up has it do so, before a person waits for it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT, projectNode } from './packages.mjs'
import { Interruption, runShown, say, SetupError } from './shell.mjs'
import { logFile } from './state.mjs'

/** Runs one program without Docker. Where that fails, it is said, and single commands take Docker. */
export async function prepareSingleCommands() {
  const source = join(PROJECT, 'src', 'cli', 'start.mjs')
  const cli = existsSync(source) ? source : join(PROJECT, 'dist', 'src', 'cli', 'main.js')
  const program = join(PROJECT, 'setup', 'first-program.py')
  const command = [projectNode() ?? process.execPath, cli, 'run', '--driver', 'runsc', program]
  try {
    await runShown('unpack the image, and keep a checkpoint of a sandbox', command, {
      log: logFile('unpack'),
      folder: PROJECT,
      seconds: 600,
    })
  } catch (error) {
    if (!(error instanceof SetupError) || error instanceof Interruption) throw error
    say('  – sandboxes do not start without Docker on this machine; single commands take Docker')
  }
}
