import type { Customer } from './generator.ts'
import type { Product } from './products.ts'
import { createWeightedPicker, type SeededRandom } from './random.ts'

export interface OrderLine {
  readonly product: Product
  readonly quantity: number
  /** Per piece on the day of the order. */
  readonly priceCents: number
  readonly discountPercent: number
  readonly totalCents: number
}

export interface Order {
  readonly id: number
  readonly customer: Customer
  /** Seconds since 1970, UTC. */
  readonly orderedAt: number
  readonly channel: string
  readonly status: string
  readonly shippingCents: number
  readonly totalCents: number
  readonly lines: readonly OrderLine[]
}

interface Shop {
  readonly random: SeededRandom
  /** Customers in the order of their sign-up day. */
  readonly customers: readonly Customer[]
  readonly products: readonly Product[]
  /** Day numbers since 1970-01-01. */
  readonly firstDay: number
  readonly lastDay: number
}

/** Orders a day, averaged over the first year. */
const ordersPerDay = 32
const growthPerYear = 1.19
const monthFactor = [0.82, 0.78, 0.95, 1.08, 1.16, 1.06, 0.94, 0.86, 0.92, 1.0, 1.34, 1.62]
const weekdayFactor = [1.15, 1.1, 0.98, 0.95, 0.96, 0.94, 0.92]
/** List prices of today over those of earlier years. */
const priceFactor: Readonly<Record<number, number>> = { 2023: 0.93, 2024: 0.97, 2025: 1 }

/** Every order of the period, by time. */
export function inventOrders(shop: Shop): Order[] {
  const orders: Order[] = []
  let eligible = 0
  let due = 0
  for (let day = shop.firstDay; day <= shop.lastDay; day += 1) {
    while ((shop.customers[eligible]?.signedUpOn ?? Infinity) <= day) eligible += 1
    due += expectedOrders(shop, day)
    const times = Array.from({ length: Math.floor(due) }, () => secondOfDay(shop.random)).sort((a, b) => a - b)
    due -= times.length
    const demand = demandOn(shop.products, day)
    for (const time of times) {
      orders.push(inventOrder(shop, { id: orders.length + 1, day, orderedAt: day * 86_400 + time, eligible, demand }))
    }
  }
  return orders
}

function expectedOrders({ random, firstDay }: Shop, day: number): number {
  const date = new Date(day * 86_400_000)
  const growth = growthPerYear ** ((day - firstDay) / 365)
  const noise = 0.85 + random.next() * 0.3
  return ordersPerDay * growth * (monthFactor[date.getUTCMonth()] ?? 1) * (weekdayFactor[date.getUTCDay()] ?? 1) * noise
}

/** Few at night, most in the evening. */
function secondOfDay(random: SeededRandom): number {
  const hour = random.weighted(
    [1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 15, 18, 21, 22, 18, 10, 4].map(
      (weight, index) => [index, weight] as const,
    ),
  )
  return hour * 3600 + random.between(0, 3599)
}

type Demand = (random: SeededRandom) => Product

function demandOn(products: readonly Product[], day: number): Demand {
  const month = new Date(day * 86_400_000).getUTCMonth()
  const onSale = products.filter((product) => product.launchedOn <= day)
  return createWeightedPicker(onSale.map((product) => [product, product.demand(month)] as const))
}

interface OrderPlan {
  readonly id: number
  readonly day: number
  readonly orderedAt: number
  readonly eligible: number
  readonly demand: Demand
}

function inventOrder(shop: Shop, plan: OrderPlan): Order {
  const { random } = shop
  const customer = shop.customers[Math.floor(plan.eligible * random.next() ** 1.35)]
  if (customer === undefined) throw new RangeError('no customer signed up before the first order')
  const lines = inventLines(random, plan)
  const goods = lines.reduce((sum, line) => sum + line.totalCents, 0)
  const shippingCents = goods >= 7500 ? 0 : customer.country === 'DE' ? 490 : 890
  return {
    id: plan.id,
    customer,
    orderedAt: plan.orderedAt,
    channel: random.weighted([
      ['web', 54],
      ['app', 22 + (plan.day - shop.firstDay) / 60],
      ['phone', 9],
      ['store', 15],
    ]),
    status: statusOf(random, shop.lastDay - plan.day),
    shippingCents,
    totalCents: goods + shippingCents,
    lines,
  }
}

function inventLines(random: SeededRandom, plan: OrderPlan): OrderLine[] {
  const count = random.weighted([
    [1, 24],
    [2, 29],
    [3, 23],
    [4, 14],
    [5, 7],
    [6, 3],
  ])
  const chosen = new Set<Product>()
  while (chosen.size < count) chosen.add(plan.demand(random))
  const year = new Date(plan.day * 86_400_000).getUTCFullYear()
  return [...chosen].map((product) => {
    const quantity = random.weighted([
      [1, 70],
      [2, 19],
      [3, 7],
      [6, 4],
    ])
    const priceCents = Math.round(product.priceCents * (priceFactor[year] ?? 1))
    const discountPercent = random.weighted([
      [0, 76],
      [5, 8],
      [10, 9],
      [20, 5],
      [30, 2],
    ])
    const totalCents = Math.round((priceCents * quantity * (100 - discountPercent)) / 100)
    return { product, quantity, priceCents, discountPercent, totalCents }
  })
}

function statusOf(random: SeededRandom, daysAgo: number): string {
  if (random.chance(0.031)) return 'cancelled'
  if (daysAgo <= 5) return 'shipped'
  return random.chance(0.042) ? 'refunded' : 'completed'
}
