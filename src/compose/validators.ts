import { ServiceError } from '../core/errors.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Vetted } from '../core/vetted.ts'
import type { SandboxLanguage } from '../sandbox/sandbox.ts'
import { createJavaScriptValidator } from '../validators/javascript/javascript-validator.ts'
import type { CodeValidatorOptions } from '../validators/options.ts'
import { createPythonValidator } from '../validators/python/python-validator.ts'
import { createShellValidator } from '../validators/shell-validator.ts'

export type ValidatorProfile = 'strict' | 'parse-only'

/** Validators of program code by profile. `parse-only` leaves out every rule, so that the sandbox can be tried alone. */
export function createCodeValidators(options: CodeValidatorOptions) {
  const make = (settings: CodeValidatorOptions) => ({
    python: createPythonValidator(settings),
    javascript: createJavaScriptValidator(settings),
    shell: createShellValidator(settings),
  })
  const byProfile = { strict: make(options), 'parse-only': make({ ...options, forbid: [] }) }

  return {
    ...byProfile.strict,
    validate(
      program: { readonly language: SandboxLanguage; readonly code: string; readonly profile: ValidatorProfile },
      signal: AbortSignal,
    ): Promise<Verdict<Vetted<SandboxLanguage>>> {
      if (!options.profiles.includes(program.profile)) {
        throw new ServiceError('forbidden', `the validator profile "${program.profile}" is not allowed here`, {
          advice: 'code.profiles in the configuration lists the profiles that may be asked for.',
        })
      }
      return byProfile[program.profile][program.language].validate(program.code, signal)
    },
  }
}

export type CodeValidators = ReturnType<typeof createCodeValidators>
