import { readFile } from 'node:fs/promises'
import { ServiceError } from '../../core/errors.ts'
import type { DetectionOptions } from './options.ts'
import { parseRules } from './rules/parse-rules.ts'
import type { DetectionRule } from './rules/rule.ts'

/** The rules that come with Sallyport. */
export const shippedRules = new URL('./sandbox-rules.yaml', import.meta.url)

/** The rules in force. Rejects with `invalid-config`, which names the file and the item at fault. */
export async function loadRules(
  options: Pick<DetectionOptions, 'rules' | 'own_rules'>,
): Promise<readonly DetectionRule[]> {
  const files = [...(options.own_rules ? [shippedRules] : []), ...options.rules]
  const rules: DetectionRule[] = []
  for (const file of files) rules.push(...(await rulesOf(file)))
  const names = rules.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ServiceError('invalid-config', `There are two rules called "${twice}"`)
  if (rules.length === 0) {
    throw new ServiceError('invalid-config', 'sandbox.detection is on, and no rule is in force', {
      advice: 'Name a file in sandbox.detection.rules, set own_rules to true, or set mode to off.',
    })
  }
  return rules
}

async function rulesOf(file: string | URL): Promise<readonly DetectionRule[]> {
  const text = await readFile(file, 'utf8').catch((thrown: Error) => {
    throw new ServiceError('invalid-config', `The rules of sandbox.detection cannot be read: ${thrown.message}`)
  })
  try {
    return parseRules(text)
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || file instanceof URL) throw thrown
    throw new ServiceError('invalid-config', `${file}: ${thrown.message}`, { advice: thrown.advice, cause: thrown })
  }
}
