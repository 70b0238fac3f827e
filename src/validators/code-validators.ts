import { ServiceError } from '../core/errors.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Vetted } from '../core/vetted.ts'
import type { SandboxLanguage } from '../core/languages.ts'
import { createJavaScriptValidator, createTypeScriptValidator } from './javascript/javascript-validator.ts'
import type { CodeValidatorOptions, ValidatorProfile } from './options.ts'
import { createPythonValidator } from './python/python-validator.ts'
import { createShellValidator } from './shell-validator.ts'

/** Validators of program code by profile; null is the configured one. `parse-only` leaves out every rule, so that the sandbox can be tried alone. */
export function createCodeValidators(options: CodeValidatorOptions) {
  const make = (settings: CodeValidatorOptions) => ({
    python: createPythonValidator(settings),
    javascript: createJavaScriptValidator(settings),
    typescript: createTypeScriptValidator(settings),
    shell: createShellValidator(settings),
  })
  const byProfile = {
    standard: make({ ...options, profile: 'standard' }),
    strict: make({ ...options, profile: 'strict' }),
    'parse-only': make({ ...options, forbid: [] }),
  }

  return {
    ...byProfile[options.profile],
    validate(
      program: {
        readonly language: SandboxLanguage | 'typescript'
        readonly code: string
        readonly profile: ValidatorProfile | null
      },
      signal: AbortSignal,
    ): Promise<Verdict<Vetted<SandboxLanguage>>> {
      const profile = program.profile ?? options.profile
      if (program.profile !== null && !options.profiles.includes(profile)) {
        throw new ServiceError('forbidden', `the validator profile "${profile}" is not allowed here`, {
          advice: 'code.profiles in the configuration lists the profiles that may be asked for.',
        })
      }
      return byProfile[profile][program.language].validate(program.code, signal)
    },
  }
}

export type CodeValidators = ReturnType<typeof createCodeValidators>
