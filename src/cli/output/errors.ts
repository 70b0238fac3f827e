import { errorTable } from '../../core/error-table.ts'
import { toServiceError, type ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Output } from '../terminal.ts'
import { foldText } from './fold-text.ts'
import { plainText } from './plain-text.ts'

/** What may be shown of a fault: the operator at their own terminal sees internal ones too, without a stack. */
export function describeError(error: ServiceError): string {
  const lines = plainText(error.message).split('\n')
  const separator = lines.length > 1 ? ':\n  ' : ': '
  return `${errorTable[error.code].title}${separator}${lines.join('\n  ')}`
}

export function errorJson(error: ServiceError): { readonly error: JsonValue } {
  return {
    error: { code: error.code, title: errorTable[error.code].title, message: error.message, advice: error.advice },
  }
}

/** Prints a fault with what to do about it and returns the exit code that stands for it. */
export function reportError(thrown: unknown, output: Output): number {
  const error = toServiceError(thrown)
  if (error.code !== 'cancelled') {
    const mark = output.style('red', 'sallyport:')
    output.write(foldText(`${mark} ${describeError(error)}\n`, output.width))
    output.write(foldText(`  ${output.style('dim', '→')} ${error.advice}\n`, output.width))
  } else {
    output.write('Cancelled.\n')
  }
  return errorTable[error.code].exitCode
}
