import type { SeededRandom } from './random.ts'

interface Category {
  readonly name: string
  /** Share of sales. */
  readonly weight: number
  /** EUR, cheapest and dearest article. */
  readonly prices: readonly [number, number]
  /** Factor on sales per month, January first. */
  readonly season: readonly number[]
  readonly articles: readonly string[]
}

const evenly = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.4]
const summer = [0.4, 0.5, 0.9, 1.4, 1.8, 1.7, 1.4, 1.1, 0.8, 0.6, 0.5, 0.5]
const winter = [1.3, 1.1, 0.9, 0.7, 0.6, 0.5, 0.5, 0.6, 0.9, 1.2, 1.6, 2.1]

const categories: readonly Category[] = [
  {
    name: 'Garden',
    weight: 22,
    prices: [4, 180],
    season: summer,
    articles: [
      'Spade',
      'Rake',
      'Hose',
      'Planter',
      'Pruning Shears',
      'Watering Can',
      'Bird House',
      'Seed Mix',
      'Wheelbarrow',
      'Lawn Edger',
    ],
  },
  {
    name: 'Kitchen',
    weight: 20,
    prices: [6, 240],
    season: winter,
    articles: [
      'Chef Knife',
      'Skillet',
      'Stock Pot',
      'Cutting Board',
      'Kettle',
      'Coffee Grinder',
      'Baking Tin',
      'Scale',
      'Mortar',
      'Teapot',
    ],
  },
  {
    name: 'Camping',
    weight: 14,
    prices: [9, 420],
    season: summer,
    articles: [
      'Tent',
      'Sleeping Bag',
      'Stove',
      'Headlamp',
      'Camp Chair',
      'Cool Box',
      'Water Filter',
      'Hammock',
      'Mess Kit',
      'Tarp',
    ],
  },
  {
    name: 'Tools',
    weight: 12,
    prices: [5, 320],
    season: evenly,
    articles: [
      'Hammer',
      'Drill',
      'Screwdriver Set',
      'Spirit Level',
      'Hand Saw',
      'Wrench',
      'Tool Box',
      'Clamp',
      'Chisel',
      'Tape Measure',
    ],
  },
  {
    name: 'Lighting',
    weight: 10,
    prices: [8, 160],
    season: winter,
    articles: [
      'Desk Lamp',
      'Lantern',
      'String Lights',
      'Floor Lamp',
      'Solar Light',
      'Candle Holder',
      'Wall Lamp',
      'Reading Light',
      'Torch',
      'Pendant',
    ],
  },
  {
    name: 'Storage',
    weight: 8,
    prices: [3, 110],
    season: evenly,
    articles: [
      'Basket',
      'Shelf',
      'Jar Set',
      'Crate',
      'Wall Hook',
      'Laundry Bag',
      'Shoe Rack',
      'Tin Box',
      'Drawer Divider',
      'Bottle Rack',
    ],
  },
  {
    name: 'Textiles',
    weight: 8,
    prices: [7, 130],
    season: winter,
    articles: [
      'Blanket',
      'Towel',
      'Apron',
      'Cushion',
      'Tablecloth',
      'Bathrobe',
      'Rug',
      'Curtain',
      'Oven Glove',
      'Quilt',
    ],
  },
  {
    name: 'Toys',
    weight: 6,
    prices: [5, 90],
    season: [0.6, 0.7, 0.8, 1, 0.9, 1, 1, 0.9, 0.8, 1, 1.9, 3.2],
    articles: [
      'Kite',
      'Wooden Train',
      'Puzzle',
      'Ball',
      'Building Blocks',
      'Board Game',
      'Skipping Rope',
      'Puppet',
      'Sand Set',
      'Marble Run',
    ],
  },
]

const ranges: readonly (readonly [name: string, priceFactor: number])[] = [
  ['Classic', 0.8],
  ['Nord', 1.15],
]

export interface Product {
  readonly id: number
  readonly name: string
  /** The name without its range: 'Kettle'. */
  readonly article: string
  readonly category: string
  readonly priceCents: number
  readonly costCents: number
  readonly weightGrams: number
  /** Day number since 1970-01-01. */
  readonly launchedOn: number
  readonly discontinued: boolean
  /** Share of sales in a month, January = 0. */
  readonly demand: (month: number) => number
}

/** All articles of the shop: ten kinds in two ranges for each category. `lastLaunch` is a day number. */
export function inventProducts(random: SeededRandom, lastLaunch: number): Product[] {
  const products: Product[] = []
  for (const category of categories) {
    for (const article of category.articles) {
      for (const [range, factor] of ranges) {
        const [cheapest, dearest] = category.prices
        const euros = cheapest + (dearest - cheapest) * random.next() ** 2.2 * factor
        const priceCents = Math.round(euros) * 100 + random.pick([-1, -5, -10, 50])
        const popularity = (0.3 + random.next() * 1.4) * (priceCents > 15_000 ? 0.4 : 1)
        products.push({
          id: products.length + 1,
          name: `${range} ${article}`,
          article,
          category: category.name,
          priceCents,
          costCents: Math.round(priceCents * (0.42 + random.next() * 0.26)),
          weightGrams: random.between(8, 900) * 10,
          launchedOn: lastLaunch - (random.chance(0.8) ? random.between(1100, 2900) : random.between(60, 1000)),
          discontinued: random.chance(0.06),
          demand: (month) => (category.weight * popularity * (category.season[month] ?? 1)) / 10,
        })
      }
    }
  }
  return products
}
