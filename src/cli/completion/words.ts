import type { Command } from 'commander'

export type Shell = 'bash' | 'zsh' | 'fish'

/** An option as it is typed. */
export interface OptionWords {
  /** `--output`, and the other spellings of the same: `-c`. */
  readonly flags: readonly string[]
  readonly about: string
  readonly takesValue: boolean
  /** What its value may be; none where that is open. */
  readonly values: readonly string[]
}

/** One command with all that may stand behind it. */
export interface CommandWords {
  /** Words from the program on, without it: `sessions export`. */
  readonly path: readonly string[]
  readonly about: string
  readonly commands: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly OptionWords[]
  /** What its argument may be; none where that is open. */
  readonly values: readonly string[]
}

/** The program and every command of it that is shown, as they may be typed. What is hidden is there to be refused. */
export function commandWords(program: Command, path: readonly string[] = []): readonly CommandWords[] {
  const help = program.createHelp()
  const visible = help.visibleCommands(program).filter((command) => command.name() !== 'help')
  const own: CommandWords = {
    path,
    about: program.description(),
    commands: visible.map((command) => ({ name: command.name(), about: command.description() })),
    options: help
      .visibleOptions(program)
      .map(({ short, long, description, required, optional, argChoices, flags }) => ({
        flags: spellings({ short, long, flags }),
        about: description,
        takesValue: required || optional,
        values: argChoices ?? [],
      })),
    values: program.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  }
  return [own, ...visible.flatMap((command) => commandWords(command, [...path, command.name()]))]
}

interface Flags {
  readonly short: string | undefined
  readonly long: string | undefined
  readonly flags: string
}

function spellings({ short, long, flags }: Flags): readonly string[] {
  const written = flags.split(/[ ,|]+/).filter((word) => /^-{1,2}[A-Za-z]/.test(word))
  return [...new Set([...written, ...(short === undefined ? [] : [short]), ...(long === undefined ? [] : [long])])]
}
