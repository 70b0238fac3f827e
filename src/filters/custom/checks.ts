import { passesRoutingCheck } from '../identifiers/banking.ts'
import { isNumberOf, numberKinds } from '../identifiers/check-digits.ts'
import { passesVinCheck } from '../identifiers/devices.ts'
import { passesNhsCheck } from '../identifiers/european-numbers.ts'
import { passesLuhn } from '../pii/card.ts'
import { passesIbanCheck } from '../pii/iban.ts'

const compact = (value: string) => value.replace(/[^A-Za-z0-9]/g, '').toUpperCase()

const ownChecks = {
  luhn: (value: string) => passesLuhn(value.replace(/\D/g, '')),
  'mod97-10': (value: string) => compact(value).length > 4 && passesIbanCheck(compact(value)),
  mod11: passesNhsCheck,
  'routing-number': (value: string) => passesRoutingCheck(compact(value)),
  vin: (value: string) => passesVinCheck(compact(value)),
} as const

type OwnCheck = keyof typeof ownChecks
const ownNames = Object.keys(ownChecks) as OwnCheck[]

/** Check digits by name: our own, and those of a country's number, `de/idnr`. */
export const checkNames = [...ownNames, ...numberKinds]
export type CheckName = (typeof checkNames)[number]

const isOwn = (name: CheckName): name is OwnCheck => Object.hasOwn(ownChecks, name)

export function checkOf(name: CheckName): (value: string) => boolean {
  return isOwn(name) ? ownChecks[name] : isNumberOf(name)
}
