import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { yaml } from '../../config/yaml-library.ts'
import { ServiceError } from '../../core/errors.ts'
import type { TestedCase } from '../../service/policy-tools.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { runRegoTests, type RegoTest } from '../opa-tests.ts'
import { plainLine } from '../output/plain-text.ts'
import { readWholeText } from '../text-input.ts'

interface PolicyTestOptions {
  readonly bundle?: string
  readonly cases?: boolean
  readonly opa?: string
  readonly output?: 'text' | 'json'
}

const caseFile = /\.cases\.(?:ya?ml|json)$/
const regoTest = /_test\.rego$/

/** `sallyport policy test PATHS…`: do rules decide as their tests expect; 1 where they do not. */
export async function policyTest(
  context: CommandContext,
  paths: readonly string[],
  { bundle, cases: onlyCases = false, opa, output }: PolicyTestOptions,
): Promise<ExitCode> {
  const found = await Promise.all(paths.map((path) => testsIn(resolve(context.workingDirectory, path))))
  const files = found.flatMap((each) => each.files)
  const folders = onlyCases ? [] : found.flatMap(({ folder }) => (folder === null ? [] : [folder]))
  if (files.length + folders.length === 0) {
    throw new ServiceError('invalid-request', `There are no tests in ${paths.join(', ')}.`, {
      advice: 'Tests are files *.cases.yaml, *.cases.json and *_test.rego; docs/policy.md says how they are written.',
    })
  }
  const tools = await context.openPolicyTools(context.config().config)
  const tested: (TestedCase & { readonly file: string })[] = []
  for (const file of files) {
    const content = readCases(await readWholeText(context, file), file)
    for (const each of await tools.test({ file, content }, bundle ?? null)) tested.push({ file, ...each })
  }
  const program = opa ?? context.variables['OPA'] ?? 'opa'
  const rego: RegoTest[] = []
  for (const folder of folders) rego.push(...(await runRegoTests(program, folder)))
  const wrong = tested.filter((each) => each.wrong.length > 0)
  const failed = rego.filter(({ result }) => result === 'failed')
  const { out } = context.terminal
  if (output === 'json') out.writeJson(JSON.parse(JSON.stringify({ cases: tested, rego })) as object)
  else {
    for (const { file, name, wrong: members } of wrong) {
      out.write(`${file}: ${plainLine(name, 500)}\n`)
      for (const { member, expected, got } of members) {
        out.write(`  ${member}: expected ${shown(expected)}, got ${shown(got)}\n`)
      }
    }
    for (const { name } of failed) out.write(`${plainLine(name, 500)} fails\n`)
    if (files.length > 0) out.write(`${tested.length - wrong.length} of ${tested.length} cases are as expected.\n`)
    if (folders.length > 0) out.write(`${rego.length - failed.length} of ${rego.length} tests in Rego do not fail.\n`)
  }
  return wrong.length + failed.length === 0 ? exitCodes.ok : exitCodes.failure
}

const shown = (value: unknown): string => plainLine(JSON.stringify(value) ?? 'nothing', 1_000)

interface FoundTests {
  /** Of cases. */
  readonly files: readonly string[]
  /** Of rules with tests in Rego; null where there are none. */
  readonly folder: string | null
}

async function testsIn(path: string): Promise<FoundTests> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new ServiceError('invalid-request', `${path} cannot be read.`, { cause })
  })
  if (!facts.isDirectory()) return { files: [path], folder: null }
  const names = (await readdir(path, { recursive: true })).toSorted()
  const files = names.filter((name) => caseFile.test(name)).map((name) => join(path, name))
  return { files, folder: names.some((name) => regoTest.test(name)) ? path : null }
}

function readCases(text: string, file: string): unknown {
  try {
    return yaml().parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : ''
    throw new ServiceError('invalid-file', `${file} is no YAML: ${why}`, { cause })
  }
}
