import { z } from 'zod'
import type { Vetted } from '../core/vetted.ts'
import { describeSandbox } from '../sandbox/describe-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxTime } from '../sandbox/sandbox-time.ts'
import type { Validator } from '../validators/validator.ts'
import { describeCell, summarizeCell } from './describe-cell.ts'
import { vet, type Permit } from './permit.ts'
import { refusedForTime } from './refused-for-time.ts'
import type { Tool } from './tool.ts'

export interface RunJavaScriptSettings {
  readonly permit: Permit
  readonly validator: Validator<'javascript'>
  /** Validates sources that say they are TypeScript. */
  readonly typescript: Validator<'javascript'>
  /** A fresh sandbox for one job. */
  readonly claim: (signal: AbortSignal) => Promise<Sandbox>
  readonly timeoutMilliseconds: number
  readonly time: SandboxTime
}

const input = z.strictObject({
  code: z
    .string()
    .min(1)
    .describe('JavaScript source. The value of its last expression is returned; console.log is captured.'),
  typescript: z.boolean().optional().describe('True where the source is TypeScript.'),
})

/** Runs a light, validated JavaScript job in a sandbox of its own. Nothing is kept between calls. */
export function createRunJavaScript(settings: RunJavaScriptSettings): Tool<z.infer<typeof input>> {
  return {
    name: 'run_javascript',
    description:
      'Runs a short, self-contained piece of JavaScript without modules, files or network: arithmetic, dates, text. Starts at once; nothing persists between calls. For data analysis use run_python.',
    input,
    independent: true,
    source: ({ code }) => ({ language: 'javascript', text: code }),
    async execute({ code, typescript }, signal, onChanged) {
      if (settings.time.isUsedUp) return refusedForTime
      const validator = typescript === true ? settings.typescript : settings.validator
      const action = ({ text }: Vetted<'javascript'>) =>
        ({ tool: 'run_javascript', language: 'javascript', tables: [], columns: [], text }) as const
      const verdict = await vet(code, { validator, permit: settings.permit, onChanged, action }, signal)
      if (verdict.kind === 'refused') return verdict
      await using sandbox = await settings.claim(signal)
      const run = (timeoutMilliseconds: number) => sandbox.run(verdict.value, { timeoutMilliseconds }, signal)
      const cell = await settings.time.run({ wanted: settings.timeoutMilliseconds, run }, signal)
      if (cell === null) return refusedForTime
      return {
        kind: 'result',
        forModel: describeCell(cell),
        summary: summarizeCell(cell),
        ranIn: describeSandbox(sandbox),
        cell,
        table: null,
        artifacts: [],
      }
    },
  }
}
