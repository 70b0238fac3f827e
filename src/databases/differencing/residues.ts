/** `target - factor × row`, in place, modulo a prime below 2^26 so that every product is exact. `row` may be shorter. */
export function subtractMultiple(
  target: Int32Array,
  row: Int32Array,
  { factor, prime }: { readonly factor: number; readonly prime: number },
): void {
  const negative = prime - factor
  const reciprocal = 1 / prime
  for (let index = 0; index < row.length; index += 1) {
    const coefficient = row[index] ?? 0
    if (coefficient === 0) continue
    const value = (target[index] ?? 0) + negative * coefficient
    const rest = value - Math.floor(value * reciprocal) * prime
    // The quotient is off by less than 1 / prime: it never reaches the next whole number, but may fall short of its own.
    target[index] = rest >= prime ? rest - prime : rest
  }
}

/** The inverse of a residue that is not 0, by Fermat: value^(prime - 2). */
export function inverse(value: number, prime: number): number {
  let [result, base, exponent] = [1, value % prime, prime - 2]
  while (exponent > 0) {
    if (exponent % 2 === 1) result = (result * base) % prime
    base = (base * base) % prime
    exponent = Math.floor(exponent / 2)
  }
  return result
}

/** A prime between 2^25 and 2^26. `random` gives a number from 0 to below its argument. */
export function randomPrime(random: (below: number) => number): number {
  for (;;) {
    const candidate = 2 ** 25 + 2 * random(2 ** 24) + 1
    if (isPrime(candidate)) return candidate
  }
}

function isPrime(odd: number): boolean {
  for (let divisor = 3; divisor * divisor <= odd; divisor += 2) if (odd % divisor === 0) return false
  return true
}
