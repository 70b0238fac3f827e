import type { Vetted } from '../../src/core/vetted.ts'
import { createJavaScriptValidator } from '../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions } from '../../src/validators/options.ts'
import { createPythonValidator } from '../../src/validators/python/python-validator.ts'

// Tests of the walls let everything past the courtesies: only what does not parse is kept out.
const parseOnly = codeValidatorOptions.parse({ forbid: [] })
const never = new AbortController().signal
const python = createPythonValidator(parseOnly)
const javascript = createJavaScriptValidator(parseOnly)

export async function vettedPython(code: string): Promise<Vetted<'python'>> {
  const verdict = await python.validate(code, never)
  if (verdict.kind === 'refused') throw new Error(`not valid Python: ${JSON.stringify(verdict.findings)}`)
  return verdict.value
}

export async function vettedJavaScript(code: string): Promise<Vetted<'javascript'>> {
  const verdict = await javascript.validate(code, never)
  if (verdict.kind === 'refused') throw new Error(`not valid JavaScript: ${JSON.stringify(verdict.findings)}`)
  return verdict.value
}
