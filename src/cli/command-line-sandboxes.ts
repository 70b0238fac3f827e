import { Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { keyFileOption } from './server-options.ts'

/** Sandboxes are of the process that has them, so each of these asks a service. */
const everywhere = (command: Command): Command =>
  command
    .addOption(textOrJson())
    .addOption(
      new Option(
        '--server <url>',
        'the running service, by the address of its routes for operators',
      ).makeOptionMandatory(),
    )
    .addOption(keyFileOption())

const whyOption = () => new Option('--why <text>', 'why, in one line: for the audit trail')

export function addSandboxes(program: Command, act: Act): void {
  const sandboxes = program.command('sandboxes').description('what runs programs in a service: who has it, and its end')
  everywhere(
    sandboxes.command('list').description('list them, with who has each and what proves that they are in gVisor'),
  ).action(async (options) => {
    const { sandboxesList } = await import('./commands/sandboxes.ts')
    return act((context) => sandboxesList(context, options))
  })
  everywhere(sandboxes.command('end <id>').description('end one, whoever has it; what runs in it is told so')).action(
    async (id: string, options) => {
      const { sandboxesEnd } = await import('./commands/sandboxes.ts')
      return act((context) => sandboxesEnd(context, id, options))
    },
  )
  everywhere(
    sandboxes.command('trace <id>').description('what detection has heard of one, be it over: its alerts and figures'),
  ).action(async (id: string, options) => {
    const { sandboxesTrace } = await import('./commands/sandboxes.ts')
    return act((context) => sandboxesTrace(context, id, options))
  })
  for (const [name, told] of [
    ['drain', 'hand out none from now on; what somebody has lives on until they leave it'],
    ['resume', 'hand them out again'],
  ] as const) {
    everywhere(sandboxes.command(name).description(told).addOption(whyOption())).action(async (options) => {
      const { sandboxesServe } = await import('./commands/sandboxes.ts')
      return act((context) => sandboxesServe(context, { ...options, resume: name === 'resume' }))
    })
  }
}
