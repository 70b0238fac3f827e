import { ServiceError } from '../../core/errors.ts'
import type { PolicyAnswer, PolicyChange } from '../../service/policy-tools.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import { readWholeText } from '../text-input.ts'

interface PolicyCommandOptions {
  readonly output?: 'text' | 'json'
}

/** `sallyport policy check [BUNDLE]`: are the configured rules, or those of a bundle, usable. */
export async function policyCheck(
  context: CommandContext,
  bundle: string | undefined,
  { output }: PolicyCommandOptions,
): Promise<ExitCode> {
  const tools = await context.openPolicyTools(context.config().config)
  const { patterns } = await tools.check(bundle ?? null)
  if (output === 'json') context.terminal.out.writeJson({ usable: true, patterns: [...patterns] })
  else context.terminal.out.write(`The rules can be used; they have ${patterns.length} patterns.\n`)
  return exitCodes.ok
}

/** `sallyport policy explain [FILE]`: what rules say of one recorded question; 3 where they refuse. */
export async function policyExplain(
  context: CommandContext,
  file: string | undefined,
  { bundle, output }: PolicyCommandOptions & { readonly bundle?: string },
): Promise<ExitCode> {
  const tools = await context.openPolicyTools(context.config().config)
  const answer = await tools.explain(jsonOf(await readWholeText(context, file)), bundle ?? null)
  if (output === 'json') context.terminal.out.writeJson(answerJson(answer))
  else context.terminal.out.write(`${lineOf(answer)}\n`)
  return answer.outcome === 'allowed' ? exitCodes.ok : exitCodes.refused
}

/** `sallyport policy simulate --bundle FILE [RECORDING]`: what a bundle would say otherwise than the rules in force. */
export async function policySimulate(
  context: CommandContext,
  file: string | undefined,
  { bundle, output }: PolicyCommandOptions & { readonly bundle: string },
): Promise<ExitCode> {
  const tools = await context.openPolicyTools(context.config().config)
  const lines = (await readWholeText(context, file)).split('\n').filter((line) => line.trim() !== '')
  const changes = await tools.compare(lines.map(jsonOf), bundle)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({ questions: lines.length, changes: changes.map(changeJson) })
    return exitCodes.ok
  }
  for (const { line, before, after } of changes) out.write(`${line}: ${lineOf(before)}\n  → ${lineOf(after)}\n`)
  out.write(`${changes.length} of ${lines.length} decisions change.\n`)
  return exitCodes.ok
}

/** `sallyport policy schema DECISION`: JSON Schemas of what a decision is asked and may answer. */
export async function policySchema(
  context: CommandContext,
  decision: 'grant' | 'payload' | 'action' | 'content',
  { output }: PolicyCommandOptions,
): Promise<ExitCode> {
  const tools = await context.openPolicyTools(context.config().config)
  context.terminal.out.write(`${JSON.stringify(tools.schema(decision), null, output === 'json' ? 0 : 2)}\n`)
  return exitCodes.ok
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('invalid-request', 'A question is a line of JSON, and this is none.', { cause })
  }
}

function lineOf({ decision, outcome, rules, reason }: PolicyAnswer): string {
  const why = reason === null ? '' : `: ${plainLine(reason, 500)}`
  return `${decision} ${outcome}${why}${rules.length === 0 ? '' : ` [${rules.join(', ')}]`}`
}

function answerJson({ decision, outcome, revision, rules, reason, output }: PolicyAnswer) {
  const said = output === null ? null : (JSON.parse(JSON.stringify(output)) as { readonly [name: string]: string })
  return { decision, outcome, revision, rules: [...rules], reason, output: said }
}

function changeJson({ line, before, after }: PolicyChange) {
  return { line, before: answerJson(before), after: answerJson(after) }
}
