import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { CodeValidatorOptions } from '../validators/options.ts'
import { createCodeValidators } from '../validators/code-validators.ts'
import type { Probe } from './sallyport.ts'

interface DetectionProbeParts {
  readonly config: { readonly code: CodeValidatorOptions }
  readonly sandboxes: Pick<Sandboxes, 'claim' | 'trace'>
  /** Between two looks. Figures of a trace come about once a second. */
  readonly lookMilliseconds?: number
}

const looks = 50

/** Has a program start in a sandbox, which every trace tells, whatever its rules, and sees that it was heard. */
export function detectionProbe({ config, sandboxes, lookMilliseconds = 100 }: DetectionProbeParts): Probe {
  return {
    name: 'Detection hears what code in a sandbox does',
    sandbox: true,
    run: async (signal) => {
      const validators = createCodeValidators({ ...config.code, forbid: [] })
      const verdict = await validators.python.validate("import subprocess\nsubprocess.run(['/bin/true'])", signal)
      if (verdict.kind === 'refused') return unheard('the probe was refused by its own validator')
      await using sandbox = await sandboxes.claim({ tenant: 'doctor', language: 'python' }, signal)
      await sandbox.run(verdict.value, { timeoutMilliseconds: 20_000 }, signal)
      for (let look = 0; look < looks; look += 1) {
        const figures = (await sandboxes.trace(sandbox.id))?.figures
        if (figures !== undefined && figures !== null && figures.messages > 0) {
          const detail = `${sandbox.driver}: ${figures.messages} messages of its kernel, ${figures.lost} lost`
          return { passed: true, detail, fix: null }
        }
        await sleep(lookMilliseconds, undefined, { signal })
      }
      return unheard('the kernel of a sandbox told nothing of a program that started in it')
    },
  }
}

function unheard(detail: string) {
  const fix = 'Run "sallyport doctor --fix", or set sandbox.detection.mode to off (docs/detection.md).'
  return { passed: false, detail, fix }
}
