import type { Sallyport } from '../../../src/service/sallyport.ts'
import { toServiceError } from '../../../src/core/errors.ts'
import { IsolateEngine } from '../../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../../src/sandbox/isolates/options.ts'
import { createCodeValidators } from '../../../src/validators/code-validators.ts'
import { codeValidatorOptions } from '../../../src/validators/options.ts'
import { vettedJavaScript } from '../vetted.ts'
import type { CodeAttack } from './attack.ts'
import type { Outcome } from './layered-service.ts'

const patience = 60_000
const textOf = ({ code }: CodeAttack): string => code.join('\n')

/** By the rules on programs alone: what they let pass counts as through, and is not run. */
export async function byRules(attack: CodeAttack): Promise<Outcome> {
  const validators = createCodeValidators(codeValidatorOptions.parse({}))
  const program = { language: attack.language, code: textOf(attack), profile: null }
  const verdict = await validators.validate(program, AbortSignal.timeout(patience))
  return verdict.kind === 'refused' ? 'refused' : 'through'
}

/** By the sandbox alone, in a service without rules on programs. `skipped` where this machine has no sandboxes. */
export async function bySandbox(attack: CodeAttack, sallyport: Sallyport): Promise<Outcome | 'skipped'> {
  return said(attack.isolate === true ? await inIsolate(attack) : await inGvisor(attack, sallyport))
}

const said = (output: string | null): Outcome | 'skipped' =>
  output === null ? 'skipped' : output.includes('reached') ? 'through' : 'refused'

async function inIsolate(attack: CodeAttack): Promise<string> {
  await using engine = new IsolateEngine(isolateOptions.parse({ ready: 0, maximum: 1 }))
  const signal = AbortSignal.timeout(patience)
  await using sandbox = await engine.claim({ tenant: 'attacker', language: 'javascript' }, signal)
  return (await sandbox.run(await vettedJavaScript(textOf(attack)), {}, signal)).stdout.text
}

async function inGvisor(attack: CodeAttack, sallyport: Sallyport): Promise<string | null> {
  const program = {
    language: attack.language,
    code: textOf(attack),
    files: [],
    timeoutMilliseconds: 10_000,
    limits: {},
    driver: null,
    bringsFiles: false,
    validate: null,
  }
  try {
    const answer = await sallyport.runCode(program, AbortSignal.timeout(120_000))
    if (answer.kind === 'refused') throw new Error(`the rules were on: ${JSON.stringify(answer.findings)}`)
    return answer.cell.stdout.text
  } catch (thrown) {
    if (toServiceError(thrown).code === 'sandbox-unavailable') return null
    throw thrown
  }
}
