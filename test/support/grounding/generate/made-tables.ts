import { shuffled, type Random } from '../../random.ts'
import { sourceTable, type SourceTable } from './source-table.ts'
import { pick } from './written.ts'

const regions = ['North', 'South', 'East', 'West', 'Bavaria', 'Saxony', 'Tyrol', 'Alsace', 'Lombardy', 'Catalonia', 'Flanders', 'Jutland', 'Brittany', 'Silesia', 'Moravia', 'Provence'] // prettier-ignore
const products = ['Aurora', 'Basalt', 'Cobalt', 'Dune', 'Ember', 'Fjord', 'Granite', 'Harbour', 'Indigo', 'Juniper', 'Kestrel', 'Lagoon', 'Meadow', 'Nimbus', 'Onyx', 'Prairie'] // prettier-ignore
const segments = ['Retail', 'Wholesale', 'Online', 'Export']

/** Results as an analyst's queries give them, with units in the names of columns: by region, by month, by delivery. */
export function madeTables(count: number, random: Random): SourceTable[] {
  return Array.from({ length: count }, (_, at) => pick([byName, byMonth, byDelivery, byYears], random)(at, random))
}

function byName(at: number, random: Random): SourceTable {
  const names = shuffled(random() < 0.5 ? regions : products, random).slice(0, 6 + Math.floor(random() * 10))
  const cells = names.map((name) => [
    name,
    pick(segments, random),
    whole(50_000, 4_000_000, random),
    whole(200, 20_000, random),
    (random() * 12).toFixed(1),
    whole(40, 5000, random),
    (5 + random() * 90).toFixed(2),
  ])
  const columns = [random() < 0.5 ? 'region' : 'product', 'segment', 'revenue_eur', 'orders', 'returns_pct', 'customers', 'avg_basket_eur'] // prettier-ignore
  return sourceTable(`made-${at}`, 'made', { title: 'sales', columns, cells })
}

function byMonth(at: number, random: Random): SourceTable {
  const months = 6 + Math.floor(random() * 19)
  let [visitors, revenue] = [200_000 + random() * 300_000, 40_000 + random() * 900_000]
  const cells = Array.from({ length: months }, (_, month) => {
    visitors *= 0.85 + random() * 0.35
    revenue *= 0.85 + random() * 0.35
    const time = `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
    return [time, visitors.toFixed(0), revenue.toFixed(2), whole(20, 900, random), (1 + random() * 5).toFixed(2)]
  })
  return sourceTable(`made-${at}`, 'made', { title: 'by month', columns: ['month', 'visitors', 'revenue_eur', 'tickets', 'conversion_pct'], cells }) // prettier-ignore
}

function byDelivery(at: number, random: Random): SourceTable {
  const cells = Array.from({ length: 8 + Math.floor(random() * 40) }, (_, row) => {
    const day = new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 300) * 86_400_000).toISOString().slice(0, 10)
    return [`D-${1001 + row}`, pick(regions, random), day, whole(1, 400, random), (random() * 900).toFixed(1)]
  })
  return sourceTable(`made-${at}`, 'made', { title: 'deliveries', columns: ['delivery', 'region', 'delivered_on', 'parcels', 'weight_kg'], cells }) // prettier-ignore
}

function byYears(at: number, random: Random): SourceTable {
  const years = Array.from({ length: 3 + Math.floor(random() * 5) }, (_, year) => 2018 + year)
  const cells = shuffled(products, random)
    .slice(0, 6 + Math.floor(random() * 10))
    .map((name) => [name].concat(years.map(() => whole(1000, 90_000, random))))
  return sourceTable(`made-${at}`, 'made', { title: 'units sold', columns: ['product', ...years.map((year) => `units_${year}`)], cells }) // prettier-ignore
}

function whole(least: number, most: number, random: Random): string {
  return String(Math.round(least + random() * (most - least)))
}
