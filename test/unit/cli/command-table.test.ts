import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { exitCodes, outcomeExit } from '../../../src/cli/exit-codes.ts'
import { errorTable } from '../../../src/core/error-table.ts'
import { createProgramWithoutParts } from '../../support/cli/fake-sallyport.ts'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')
const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8')
const section = operations.split('\n## Commands\n')[1]?.split('\n## ')[0] ?? ''

const rows = [...section.matchAll(/^\| `(sallyport[a-z -]*)` \| [^|]+ \| ([^|]*)\| ([^|]*)\|$/gm)].map((match) => ({
  command: match[1] ?? '',
  forms: words(match[2] ?? ''),
  codes: words(match[3] ?? '').map(Number),
}))

function words(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(' ')
}

/** The commands that do something, by their whole names: the others are nouns, which only hold verbs. */
function commandsOf(command: Command, above = ''): readonly { name: string; forms: readonly string[] }[] {
  const name = `${above} ${command.name()}`.trim()
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
  const output = command.options.find((option) => option.long === '--output')
  const doesSomething = visible.length === 0 || command.registeredArguments.length > 0
  const own = doesSomething ? [{ name, forms: output?.argChoices ?? [] }] : []
  return [...own, ...visible.flatMap((each) => commandsOf(each, name))]
}

const commands = commandsOf(createProgramWithoutParts())

describe('the table of commands in docs/operations.md', () => {
  it('has every command there is, in the forms it can be written in, and none that there is not', () => {
    verifies('commands.table')
    const byName = (list: readonly { readonly name: string }[]) =>
      list.toSorted((left, right) => left.name.localeCompare(right.name))
    expect(byName(rows.map(({ command, forms }) => ({ name: command, forms })))).toEqual(byName(commands))
    expect(commands.length).toBeGreaterThan(20)
  })

  it('names exit codes that a command can end with', () => {
    const known = new Set([
      ...Object.values(exitCodes),
      ...Object.values(outcomeExit),
      ...Object.values(errorTable).map(({ exitCode }) => exitCode),
    ])
    expect(rows.flatMap(({ codes }) => codes).filter((code) => !known.has(code))).toEqual([])
  })
})

describe('the commands', () => {
  it('all take --output json, but for a conversation, which is for people, and one of a protocol of its own', () => {
    verifies('commands.json')
    expect(commands.filter(({ forms }) => !forms.includes('json')).map(({ name }) => name)).toEqual([
      'sallyport chat',
      'sallyport mcp',
      'sallyport sessions resume',
    ])
  })

  it('have no other way to ask for JSON', () => {
    const flags = (command: Command): readonly string[] => [
      ...command.options.map((option) => option.long ?? ''),
      ...command.commands.flatMap(flags),
    ]
    expect(flags(createProgramWithoutParts()).filter((flag) => /json/i.test(flag) && flag !== '--jsonl')).toEqual([])
  })
})
