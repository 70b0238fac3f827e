/** Values of one case, by what they are: in no other case, so that one which leaks says where it was. */
export interface PlantedValues {
  readonly email: string
  readonly card: string
  readonly phone: string
  readonly iban: string
  readonly ssn: string
  readonly secret: string
  /** Of a person, whom the profile of the test lists: found in words only. */
  readonly person: string
  /** Of a card, for places that hold numbers. */
  readonly number: string
  /** Addresses that are written in another way: with percent signs, and in base64. */
  readonly inPercent: string
  readonly inBase64: string
}

const letters = (number: number): string =>
  Array.from(String(number).padStart(4, '0'), (digit) => 'bdfghklmnp'.charAt(Number(digit))).join('a')

/** The digits with the last one that Luhn's sum asks for. */
function withLuhn(digits: string): string {
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = digit * (index % 2 === 0 ? 2 : 1)
      return total + (doubled > 9 ? doubled - 9 : doubled)
    }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}

/** A German account with the check digits of ISO 7064. */
function germanIban(account: string): string {
  const bban = `37040044${account}`
  const check = String(98n - (BigInt(`${bban}131400`) % 97n)).padStart(2, '0')
  return `DE${check}${bban}`.replace(/(.{4})(?=.)/g, '$1 ')
}

/** The values of the case with this number, from 0 to 9,999. */
export function plantedValues(index: number): PlantedValues {
  const four = String(index).padStart(4, '0')
  const word = letters(index)
  const digits = withLuhn(`55000055${four}317`)
  return {
    email: `kim.${word}@${word}.example`,
    card: withLuhn(`41111111${four}555`).replace(/(.{4})(?=.)/g, '$1 '),
    phone: `+1 415 2${four.slice(0, 2)} ${four.slice(2)}71`,
    iban: germanIban(`0532${four}00`),
    ssn: `536-22-${String(1000 + index).slice(0, 4)}`,
    secret: ['sk', 'proj', `Zk3Lq8${word}Wm2Rt7Xv5Nb9Yc4Hd6`].join('-'),
    person: `Zyanya Quetz${word}`,
    number: digits,
    inPercent: `percent.${word}@${word}.example`,
    inBase64: `base64.${word}@${word}.example`,
  }
}

/** A sentence with all of them but the number. */
export function sentenceOf(values: PlantedValues): string {
  const { email, card, phone, iban, ssn, secret, person, inPercent, inBase64 } = values
  return (
    `Write to ${person} at ${email}, card ${card}, call ${phone}, ${iban}, SSN ${ssn}, key ${secret}, ` +
    `see ${encodeURIComponent(inPercent)} and ${Buffer.from(`address: ${inBase64} is hers`).toString('base64')} there.`
  )
}
