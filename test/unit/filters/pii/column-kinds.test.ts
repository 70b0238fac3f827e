import { expect, it } from 'vitest'
import { kindsOfColumn } from '../../../../src/filters/pii/column-kinds.ts'

it.each([
  ['email', ['pii/email']],
  ['EmailAddress', ['pii/email']],
  ['e_mail', ['pii/email']],
  ['mobile_phone', ['pii/phone']],
  ['creditCardNumber', ['pii/card']],
  ['ssn', ['pii/ssn']],
  ['iban', ['pii/iban']],
  ['first_name', ['pii/person']],
  ['customerLastName', ['pii/person']],
  ['billing.street', ['pii/address']],
  ['zip_code', ['pii/address']],
  ['name', []],
  ['product_name', []],
  ['order_id', []],
  ['order_email', ['pii/email']],
  ['emails_sent_count', []],
  ['address_id', []],
  ['libane', []],
])('the name %j speaks of %j', (name, kinds) => {
  expect(kindsOfColumn(name)).toEqual(kinds)
})
