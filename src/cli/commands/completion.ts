import type { Command } from 'commander'
import { completionScript } from '../completion/scripts.ts'
import { commandWords, type Shell } from '../completion/words.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

export interface CompletionOptions {
  readonly shell: Shell
  /** The commands that there are. */
  readonly program: Command
  readonly output?: 'text' | 'json'
}

/** `sallyport completion SHELL`: made from the commands themselves, so that none is missing. */
export function completion({ terminal }: CommandContext, { shell, program, output }: CompletionOptions): ExitCode {
  const script = completionScript(shell, commandWords(program))
  if (output === 'json') terminal.out.writeJson({ shell, script })
  else terminal.out.writeExact(script)
  return exitCodes.ok
}
