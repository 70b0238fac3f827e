import { euros, markdownTable, percent, sql, whole, type Script } from '../script.ts'
import { numberIn, unexpected } from '../tool-result.ts'

export const refundRate: Script = {
  question: 'In which countries is the refund rate highest?',
  aliases: ['refund rate by country', 'refunds per country', 'where do we give back the most money'],
  tools: ['run_sql', 'describe_data'],
  turns: [
    () => ({
      say: 'I compare refunds with orders per country.',
      // Names a table and a column that do not exist, so that a refusal and its correction can be seen.
      calls: [
        sql(`SELECT s.country, sum(r.amount) AS refunded
FROM refunds r
JOIN order_shipping_addresses s ON s.order_id = r.order_id
GROUP BY s.country
ORDER BY refunded DESC`),
      ],
    }),
    (seen) => {
      if (!seen.at(0).refused) throw unexpected('a refusal of order_shipping_addresses', seen.at(0).text)
      return {
        say: 'That was refused: I assumed a table that I may not use. I look up what there is.',
        calls: [{ tool: 'describe_data', input: { tables: ['customers', 'orders', 'refunds'] } }],
      }
    },
    () => ({
      say: 'The country stands with the customer. Corrected:',
      calls: [
        sql(`WITH per_order AS (
  SELECT order_id, sum(amount) AS amount
  FROM refunds
  GROUP BY order_id
)
SELECT c.country,
       count(*) AS orders,
       count(r.order_id) AS refunded_orders,
       sum(o.total) AS revenue,
       coalesce(sum(r.amount), 0) AS refunded
FROM orders o
JOIN customers c ON c.id = o.customer_id
LEFT JOIN per_order r ON r.order_id = o.id
WHERE o.status <> 'cancelled'
GROUP BY c.country
ORDER BY count(r.order_id)::numeric / count(*) DESC`),
      ],
    }),
  ],
  answer(seen) {
    const rows = seen.at(2).rows()
    const [first] = rows
    const last = rows.at(-1)
    const rate = (row: typeof first): number => numberIn(row, 'refunded_orders') / numberIn(row, 'orders')
    const table = rows.map((row) => [
      row['country'] ?? '',
      whole(numberIn(row, 'orders')),
      percent(rate(row)),
      euros(numberIn(row, 'refunded')),
      percent(numberIn(row, 'refunded') / numberIn(row, 'revenue')),
    ])
    return [
      `The refund rate is highest in **${first?.['country'] ?? ''}**: ${percent(rate(first))} of the orders, against ${percent(rate(last))} in ${last?.['country'] ?? ''}.`,
      '',
      markdownTable(['country', 'orders', 'orders refunded', 'money refunded', 'of revenue'], table),
    ].join('\n')
  },
}
