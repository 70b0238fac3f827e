import { bytesOf } from '../core/sizes.ts'
import type { CodeValidatorOptions } from './options.ts'
import { checkSource } from './source-limits.ts'
import type { Validator } from './validator.ts'
import { vet } from './vet.ts'

/** Shell has no rules but those on any text: who may run it decides the grant, and the sandbox is the wall. */
export function createShellValidator(options: CodeValidatorOptions): Validator<'shell'> {
  return {
    language: 'shell',
    async validate(source, signal) {
      signal.throwIfAborted()
      const [first, ...rest] = checkSource(source, { maximumBytes: bytesOf.kb(options.maximum_source_kb) })
      if (first !== undefined) return { kind: 'refused', findings: [first, ...rest] }
      return { kind: 'accepted', value: vet('shell', source, {}) }
    },
  }
}
