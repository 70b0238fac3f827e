import { bytesOf } from '../../core/sizes.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Finding, Verdict } from '../../core/verdict.ts'
import type { CodeValidatorOptions } from '../options.ts'
import { checkSource } from '../source-limits.ts'
import type { Validator } from '../validator.ts'
import { vet } from '../vet.ts'
import { ruleFindings, syntaxFindings } from './check.ts'
import { withKnownSyntax } from './newer-syntax.ts'
import { PythonParser, walkTree } from './parse.ts'

/**
 * Checks Python before it runs, so that a model hears at once what will not work and why. A courtesy, not a wall:
 * Python can be obfuscated past any reader, and the sandbox holds whatever gets past this.
 */
export function createPythonValidator(options: CodeValidatorOptions): Validator<'python'> {
  const parser = new PythonParser()

  const findingsOf = async (source: string): Promise<readonly Finding[]> => {
    const early = checkSource(source, { maximumBytes: bytesOf.kb(options.maximum_source_kb) })
    if (early.length > 0) return early
    const parse = await parser.parse(source, options.parse_deadline_ms)
    if (parse.kind === 'gave-up') return [tooComplex]
    const known = parse.tree.rootNode.hasError ? withKnownSyntax(source) : source
    const again = known === source ? parse : await parser.parse(known, options.parse_deadline_ms)
    if (again !== parse) parse.tree.delete()
    if (again.kind === 'gave-up') return [tooComplex]
    const { tree } = again
    try {
      if (walkTree(tree, (_, depth) => depth <= options.maximum_nesting) > options.maximum_nesting) {
        return [finding('source/too-deep', `The code nests deeper than ${options.maximum_nesting} levels.`)]
      }
      const syntax = syntaxFindings(tree)
      return syntax.length > 0 ? syntax : ruleFindings(tree, options)
    } finally {
      tree.delete()
    }
  }

  return {
    language: 'python',
    async validate(source, signal): Promise<Verdict<Vetted<'python'>>> {
      signal.throwIfAborted()
      const [first, ...rest] = await findingsOf(source)
      if (first !== undefined) return { kind: 'refused', findings: [first, ...rest] }
      return { kind: 'accepted', value: vet('python', source, {}) }
    },
  }
}

const tooComplex = finding('source/too-complex', 'Reading this took too long; write it more simply.')

function finding(rule: string, message: string): Finding {
  return { rule, line: 1, column: 1, message }
}
