import { bytesOf } from '../../core/sizes.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Finding, Verdict } from '../../core/verdict.ts'
import type { CodeValidatorOptions } from '../options.ts'
import { checkSource } from '../source-limits.ts'
import type { Validator } from '../validator.ts'
import { vet } from '../vet.ts'
import { ruleFindings } from './check.ts'
import { type JavaScriptParse, parseJavaScript, parseTypeScript, walkProgram } from './parse.ts'

/**
 * Checks JavaScript before it runs; what is TypeScript instead is read as that. A courtesy to the author, not a wall: the
 * walls are gVisor and the isolate's own process.
 */
export function createJavaScriptValidator(options: CodeValidatorOptions): Validator<'javascript'> {
  return createValidator(options, parseJavaScript)
}

/** Validates a source that says it is TypeScript. What runs is the JavaScript it compiles to. */
export function createTypeScriptValidator(options: CodeValidatorOptions): Validator<'javascript'> {
  return createValidator(options, parseTypeScript)
}

function createValidator(
  options: CodeValidatorOptions,
  parseSource: (source: string) => Promise<JavaScriptParse>,
): Validator<'javascript'> {
  const read = async (source: string): Promise<{ readonly findings: readonly Finding[]; readonly text: string }> => {
    const early = checkSource(source, { maximumBytes: bytesOf.kb(options.maximum_source_kb) })
    if (early.length > 0) return { findings: early, text: '' }
    const parse = await parseSource(source)
    const tooDeep = `The code nests deeper than ${options.maximum_nesting} levels.`
    if (parse.kind === 'too-deep') return { findings: [finding('source/too-deep', 1, 1, tooDeep)], text: '' }
    if (parse.kind === 'failed') {
      const message = `The code does not parse: ${parse.message}.`
      return { findings: [finding('javascript/syntax', parse.line, parse.column, message)], text: '' }
    }
    const depth = walkProgram(parse.program, () => {})
    if (depth > options.maximum_nesting) return { findings: [finding('source/too-deep', 1, 1, tooDeep)], text: '' }
    const findings = ruleFindings(parse.program, options).map((found) => {
      const { line, column } = parse.place(found.line ?? 1, found.column ?? 1)
      return finding(found.rule, line, column, found.message)
    })
    return { findings, text: parse.text }
  }

  return {
    language: 'javascript',
    async validate(source, signal): Promise<Verdict<Vetted<'javascript'>>> {
      signal.throwIfAborted()
      const { findings, text } = await read(source)
      const [first, ...rest] = findings
      if (first !== undefined) return { kind: 'refused', findings: [first, ...rest] }
      return { kind: 'accepted', value: vet('javascript', text, {}) }
    },
  }
}

function finding(rule: string, line: number, column: number, message: string): Finding {
  return { rule, line, column, message }
}
