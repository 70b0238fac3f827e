import { inventOrders, type Order } from './orders.ts'
import { inventPerson, type Person } from './people.ts'
import { inventProducts, type Product } from './products.ts'
import { createSeededRandom, type SeededRandom } from './random.ts'
import { inventReview } from './review-text.ts'
import { sampleFirstDay, sampleLastDay, type SampleTable } from './schema.ts'
import { copyRow, dayNumber, dayText, euros, timeText } from './text.ts'

/** Changes whenever the rows change: prepared copies of another version are not used. */
export const sampleVersion = 2

const seed = 20_230_101
const customerCount = 4000
const staffCount = 24

export interface Customer extends Person {
  readonly id: number
  readonly segment: string
  /** Day number since 1970-01-01. */
  readonly signedUpOn: number
}

/** The rows of every table in COPY's text format, in the order the tables must be loaded. */
export function generateSample(): (readonly [table: SampleTable, rows: string])[] {
  const random = createSeededRandom(seed)
  const [firstDay, lastDay] = [dayNumber(sampleFirstDay), dayNumber(sampleLastDay)]
  const products = inventProducts(random, lastDay)
  const customers = inventCustomers(random, firstDay - 365, lastDay)
  const orders = inventOrders({ random, customers, products, firstDay, lastDay })
  return [
    ['customers', customers.map(customerRow).join('')],
    ['products', products.map(productRow).join('')],
    ['orders', orders.map(orderRow).join('')],
    ['order_lines', orders.map(lineRows).join('')],
    ['refunds', refundRows(random, orders)],
    ['reviews', reviewRows({ random, orders, customers, products })],
    ['staff_salaries', staffRows(random)],
  ]
}

function inventCustomers(random: SeededRandom, firstDay: number, lastDay: number): Customer[] {
  const days = Array.from(
    { length: customerCount },
    () => firstDay + Math.floor((lastDay - firstDay) * random.next() ** 1.4),
  )
  days.sort((left, right) => left - right)
  days[0] = firstDay
  return days.map((signedUpOn, index) => {
    const person = inventPerson(random, index + 1)
    const segment = random.weighted([
      ['consumer', 82],
      ['business', 13],
      ['school', 5],
    ])
    return Object.assign(person, { id: index + 1, signedUpOn, segment })
  })
}

function customerRow(customer: Customer): string {
  const { id, name, email, phone, cardNumber, address, city, country, segment } = customer
  return copyRow([id, name, email, phone, cardNumber, address, city, country, segment, dayText(customer.signedUpOn)])
}

function productRow(product: Product): string {
  const { id, name, category, discontinued } = product
  const money = [euros(product.priceCents), euros(product.costCents)]
  return copyRow([
    id,
    name,
    category,
    ...money,
    (product.weightGrams / 1000).toFixed(2),
    dayText(product.launchedOn),
    discontinued,
  ])
}

function orderRow(order: Order): string {
  const { id, customer, channel, status } = order
  return copyRow([
    id,
    customer.id,
    timeText(order.orderedAt),
    channel,
    status,
    euros(order.shippingCents),
    euros(order.totalCents),
  ])
}

function lineRows(order: Order): string {
  return order.lines
    .map((line, index) =>
      copyRow([
        order.id,
        index + 1,
        line.product.id,
        line.quantity,
        euros(line.priceCents),
        line.discountPercent,
        euros(line.totalCents),
      ]),
    )
    .join('')
}

function refundRows(random: SeededRandom, orders: readonly Order[]): string {
  const rows: string[] = []
  for (const order of orders) {
    if (order.status !== 'refunded') continue
    const reason = random.pick(['damaged', 'late', 'wrong article', 'changed mind', 'defective'])
    const parts = order.lines.length > 1 && random.chance(0.25) ? 2 : 1
    const refunded = reason === 'late' ? order.shippingCents + 500 : (order.lines[0]?.totalCents ?? 0)
    for (let part = 0; part < parts; part += 1) {
      const amount = Math.max(100, Math.min(Math.floor(refunded / parts), Math.floor(order.totalCents / 2)))
      const at = order.orderedAt + random.between(2, 24) * 86_400 + random.between(0, 36_000)
      rows.push(copyRow([rows.length + 1, order.id, timeText(at), euros(amount), reason]))
    }
  }
  return rows.join('')
}

function reviewRows(shop: {
  random: SeededRandom
  orders: readonly Order[]
  customers: readonly Customer[]
  products: readonly Product[]
}): string {
  const { random, orders } = shop
  const rows: string[] = []
  for (const order of orders) {
    const line = order.lines[0]
    if (line === undefined || order.status === 'cancelled' || !random.chance(0.16)) continue
    const number = rows.length + 1
    const unhappy = order.status === 'refunded' ? 6 : 1
    const rating = random.weighted([
      [5, 46],
      [4, 27],
      [3, 13],
      [2, 7 * unhappy],
      [1, 7 * unhappy],
    ])
    const { title, body } = inventReview(random, {
      rating,
      product: line.product.article,
      person: order.customer,
      number,
    })
    const at = timeText(order.orderedAt + random.between(5, 40) * 86_400 + random.between(0, 50_000))
    rows.push(copyRow([number, line.product.id, order.customer.id, rating, title, body, at]))
  }
  return rows.join('')
}

function staffRows(random: SeededRandom): string {
  return Array.from({ length: staffCount }, (_, index) => {
    const position = random.pick(['Warehouse', 'Customer care', 'Purchasing', 'Accounting', 'Marketing', 'Management'])
    return copyRow([index + 1, inventPerson(random, index).name, position, euros(random.between(3200, 9800) * 1000)])
  }).join('')
}
