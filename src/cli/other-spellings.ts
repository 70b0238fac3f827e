import type { Command } from 'commander'

/** What people write for a command, and its name. Each is refused: two names for one command would both be depended on. */
const commandNames: readonly (readonly [spelling: string, name: string])[] = [
  ['key', 'keys'],
  ['session', 'sessions'],
  ['audit check', 'audit verify'],
]

/** What people look for that no command does, and what does it. */
const noCommands: readonly (readonly [words: string, instead: string])[] = [
  [
    'limits set',
    'limits stand in the configuration, under gateway.groups.NAME, and count from the next start of the service; "sallyport suspensions add ID" keeps a caller out at once',
  ],
]

/** What people write for an option that a command does not have. */
const optionNames: Readonly<Record<string, string>> = { '--json': '--output json' }

/** Makes each spelling a command that nobody sees in a list and that only says what the name is. */
export function addOtherSpellings(program: Command): void {
  for (const [words, instead] of noCommands) {
    hiddenCommand(program, words).action(() => program.error(`error: there is no command "${words}": ${instead}`))
  }
  for (const [spelling, name] of commandNames) {
    hiddenCommand(program, spelling).action((words: readonly string[]) => {
      const verbs = commandAt(program, name.split(' ')).commands.map((command) => command.name())
      const verb = verbs.find((known) => known === words[0])
      const whole = ['sallyport', name, ...(verb === undefined ? [] : [verb])].join(' ')
      program.error(`error: there is no command "${spelling}"; it is "${name}": ${whole}`)
    })
  }
}

function hiddenCommand(program: Command, words: string): Command {
  const above = commandAt(program, words.split(' ').slice(0, -1))
  return above
    .command(`${words.split(' ').at(-1)} [words...]`, { hidden: true })
    .allowUnknownOption()
    .helpOption(false)
}

function commandAt(program: Command, names: readonly string[]): Command {
  return names.reduce((command, name) => {
    const found = command.commands.find((each) => each.name() === name)
    if (found === undefined) throw new Error(`there is no command ${names.join(' ')}`)
    return found
  }, program)
}

/** A complaint about an unknown option, with the one that does it. */
export function withOption(complaint: string): string {
  const [, option = ''] = /^error: unknown option '([^']+)'/.exec(complaint) ?? []
  const name = Object.hasOwn(optionNames, option) ? optionNames[option] : undefined
  return name === undefined ? complaint : `error: there is no option ${option}; write ${name}\n`
}
