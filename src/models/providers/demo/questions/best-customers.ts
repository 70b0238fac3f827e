import { euros, markdownTable, sql, whole, type Script } from '../script.ts'
import { numberIn } from '../tool-result.ts'

export const bestCustomers: Script = {
  question: 'Who are our ten best customers, and how do we reach them?',
  aliases: [
    'best customers',
    'top ten customers',
    'top 10 customers',
    'who are our best customers',
    'contact details of our best customers',
  ],
  tools: ['run_sql'],
  turns: [
    () => ({
      say: 'Customers by what they spent, with their contact details.',
      calls: [
        sql(`SELECT c.name, c.country, c.email, c.phone, count(*) AS orders, sum(o.total) AS spent
FROM customers c
JOIN orders o ON o.customer_id = c.id
WHERE o.status <> 'cancelled'
GROUP BY c.id, c.name, c.country, c.email, c.phone
ORDER BY spent DESC, c.name
LIMIT 10`),
      ],
    }),
  ],
  answer(seen) {
    const rows = seen.at(0).rows()
    const spent = rows.reduce((sum, row) => sum + numberIn(row, 'spent'), 0)
    return [
      `The ten best customers spent **${euros(spent)}** together.`,
      '',
      markdownTable(
        ['name', 'country', 'e-mail', 'phone', 'orders', 'spent'],
        rows.map((row) => [
          row['name'] ?? '',
          row['country'] ?? '',
          row['email'] ?? '',
          row['phone'] ?? '',
          whole(numberIn(row, 'orders')),
          euros(numberIn(row, 'spent')),
        ]),
      ),
      '',
      'Contact details are personal data: where they are masked above, the filter profile of your group asks for it.',
    ].join('\n')
  },
}
