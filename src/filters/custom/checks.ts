import { passesRoutingCheck } from '../identifiers/banking.ts'
import { isNumberOf } from '../identifiers/check-digits.ts'
import { passesVinCheck } from '../identifiers/devices.ts'
import { passesNhsCheck } from '../identifiers/european-numbers.ts'
import { passesLuhn } from '../pii/card.ts'
import { passesIbanCheck } from '../pii/iban.ts'
import type { CheckName } from './options.ts'

const compact = (value: string) => value.replace(/[^A-Za-z0-9]/g, '').toUpperCase()

const ownChecks = {
  luhn: (value: string) => passesLuhn(value.replace(/\D/g, '')),
  'mod97-10': (value: string) => compact(value).length > 4 && passesIbanCheck(compact(value)),
  mod11: passesNhsCheck,
  'routing-number': (value: string) => passesRoutingCheck(compact(value)),
  vin: (value: string) => passesVinCheck(compact(value)),
} as const

const isOwn = (name: CheckName): name is keyof typeof ownChecks => Object.hasOwn(ownChecks, name)

export function checkOf(name: CheckName): (value: string) => boolean {
  return isOwn(name) ? ownChecks[name] : isNumberOf(name)
}
