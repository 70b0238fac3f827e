import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface RuleTestFile {
  readonly tests?: readonly RuleTest[]
}

interface RuleTest {
  readonly stages?: readonly { readonly input?: RuleTestInput; readonly stage?: { readonly input?: RuleTestInput } }[]
}

interface RuleTestInput {
  readonly uri?: string
  readonly method?: string
  readonly data?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Requests as the rule set's own tests send them. */
export interface RuleAttack {
  readonly file: string
  readonly method: string
  readonly uri: string
  readonly data: string
  readonly headers: Readonly<Record<string, string>>
}

/** All of them, from where the rule set was unpacked: no test of ours has a copy. */
export function ruleAttacks(folder: string): readonly RuleAttack[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
  return files.toSorted().flatMap((file) => {
    const read = parse(readFileSync(join(folder, file), 'utf8'), { logLevel: 'silent' }) as RuleTestFile | null
    const inputs = (read?.tests ?? []).flatMap(({ stages = [] }) =>
      stages.map((each) => each.input ?? each.stage?.input),
    )
    return inputs.flatMap((input) => (input === undefined ? [] : [attackOf(file, input)]))
  })
}

function attackOf(file: string, { uri = '/', method = 'GET', data = '', headers = {} }: RuleTestInput): RuleAttack {
  return { file, method, uri, data, headers }
}

/** What an attack would have read: the values of its query and of its form, decoded. */
export function payloadsOf(attacks: readonly RuleAttack[]): readonly string[] {
  const payloads = attacks.flatMap(({ uri, data, headers }) => {
    const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
    const form = /json|xml|multipart/.test(type) ? [] : valuesOf(data)
    return [...valuesOf(uri.split('?').slice(1).join('?')), ...form]
  })
  return [...new Set(payloads)].filter((payload) => payload.length > 2 && payload.length < 4_000)
}

const valuesOf = (form: string): readonly string[] => [...new URLSearchParams(form).values()]
