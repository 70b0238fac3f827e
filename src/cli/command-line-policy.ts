import { Argument, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { keyFileOption, serverOption } from './server-options.ts'

export function addPolicy(program: Command, act: Act): void {
  const policy = program.command('policy').description('rules in Rego that take from what groups may do; local')
  policy
    .command('check [bundle]')
    .description('are the rules in force, or those of a bundle, usable')
    .addOption(textOrJson())
    .action(async (bundle: string | undefined, options) => {
      const { policyCheck } = await import('./commands/policy.ts')
      return act((context) => policyCheck(context, bundle, options))
    })
  policy
    .command('explain [file]')
    .description('what rules say of one recorded question; "-" or none is standard input')
    .option('--bundle <file>', 'ask the rules of a bundle, not those in force')
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { policyExplain } = await import('./commands/policy.ts')
      return act((context) => policyExplain(context, file, options))
    })
  policy
    .command('simulate [recording]')
    .description('what a bundle would decide otherwise than the rules in force; "-" or none is standard input')
    .requiredOption('--bundle <file>', 'the rules to compare with')
    .addOption(textOrJson())
    .action(async (recording: string | undefined, options) => {
      const { policySimulate } = await import('./commands/policy.ts')
      return act((context) => policySimulate(context, recording, options))
    })
  policy
    .command('test')
    .description('whether rules decide as their tests expect: cases as YAML or JSON, and tests in Rego by OPA')
    .argument('<paths...>', 'folders with *.cases.yaml, *.cases.json and *_test.rego, or files of cases')
    .option('--bundle <file>', 'ask the cases of the rules of a bundle, not of those in force')
    .option('--cases', 'only the cases, for which no OPA is needed')
    .option('--opa <file>', 'the program of OPA (default: $OPA, else "opa" of the path)')
    .addOption(textOrJson())
    .action(async (paths: string[], options) => {
      const { policyTest } = await import('./commands/policy-test.ts')
      return act((context) => policyTest(context, paths, options))
    })
  policy
    .command('schema')
    .description('JSON Schemas of what a decision is asked and may answer')
    .addArgument(new Argument('<decision>').choices(['grant', 'payload', 'action', 'content'] as const))
    .addOption(textOrJson())
    .action(async (decision: 'grant' | 'payload' | 'action' | 'content', options) => {
      const { policySchema } = await import('./commands/policy.ts')
      return act((context) => policySchema(context, decision, options))
    })
}

export function addApprovals(program: Command, act: Act): void {
  const approvals = program.command('approvals').description('what rules ask a person about before it runs')
  approvals
    .command('list')
    .description('list those that wait, newest first; what would run stays sealed')
    .option('--all', 'those that are decided, used or over, too')
    .option('--after <id>', 'from behind this one on')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { approvalsList } = await import('./commands/approvals.ts')
      return act((context) => approvalsList(context, options))
    })
  approvals
    .command('show <id>')
    .description('open one with the key of the service, and print all of what would run')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { approvalsShow } = await import('./commands/approvals.ts')
      return act((context) => approvalsShow(context, id, options))
    })
  approvals
    .command('allow <id>')
    .description('let it run, once, until the approval is over')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { approvalsDecide } = await import('./commands/approvals.ts')
      return act((context) => approvalsDecide(context, { id, verdict: 'allowed' }, options))
    })
  approvals
    .command('refuse <id>')
    .description('let it not run')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { approvalsDecide } = await import('./commands/approvals.ts')
      return act((context) => approvalsDecide(context, { id, verdict: 'refused' }, options))
    })
}
