import { change } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutGrowthAndFlats: readonly AnalystAnswer[] = [
  ...asked('How are subscriptions doing since April?', ['subscriptions by month'], {
    right: [
      [
        'Monthly recurring revenue grew from $148,992 in April to $212,503 in December, which is an increase of 42.6 %.',
        (t) => [
          [t.at('2025-04', 'mrr_usd'), 148_992],
          [t.at('2025-12', 'mrr_usd'), 212_503],
          [change(t.at('2025-04', 'mrr_usd'), t.at('2025-12', 'mrr_usd')), 42.6],
        ],
      ],
      [
        'We won 2,135 new customers in these nine months and lost 795, a net gain of 1,340.',
        (t) => [
          [t.sum('new_customers'), 2135],
          [t.count(), 9],
          [t.sum('churned'), 795],
          [t.sum('new_customers') - t.sum('churned'), 1340],
        ],
      ],
      [
        'November was the best month for acquisition (322 new customers), December the worst for churn: 131 customers left.',
        (t) => [
          [t.highest('month', 'new_customers'), '2025-11'],
          [t.at('2025-11', 'new_customers'), 322],
          [t.highest('month', 'churned'), '2025-12'],
          [t.at('2025-12', 'churned'), 131],
        ],
      ],
      [
        'Growth was slowest in August, when only 58 more customers joined than left (176 vs. 118).',
        (t) => [
          [t.at('2025-08', 'new_customers') - t.at('2025-08', 'churned'), 58],
          [t.at('2025-08', 'new_customers'), 176],
          [t.at('2025-08', 'churned'), 118],
          [t.rows.every(([month = '']) => t.at(month, 'new_customers') - t.at(month, 'churned') >= 58), true],
        ],
      ],
      [
        'Revenue per active customer has edged up from $48.00 to $49.50 over the period.',
        (t) => [
          [t.at('2025-04', 'mrr_usd') / t.at('2025-04', 'active'), 48, 2],
          [t.at('2025-12', 'mrr_usd') / t.at('2025-12', 'active'), 49.5, 2],
        ],
      ],
      [
        'The number of active customers passed 4,000 in November, when it stood at 4,184; a month later it was 4,293.',
        (t) => [
          [t.at('2025-10', 'active') < 4000, true],
          [t.at('2025-11', 'active'), 4184],
          [t.at('2025-12', 'active'), 4293],
        ],
      ],
    ],
    wrong: [
      [
        'Churn has gone up lately: 79 customers left in October, 88 in November and 113 in December.',
        (t) => [
          [t.at('2025-10', 'churned'), 79],
          [t.at('2025-11', 'churned'), 88],
          [t.at('2025-12', 'churned'), 113],
        ],
      ],
      [
        'The weakest month for new customers was July with 184.',
        (t) => [
          [t.lowest('month', 'new_customers'), '2025-07'],
          [t.at('2025-07', 'new_customers'), 184],
        ],
      ],
      [
        'On average we gained 237 customers per month and lost 98.',
        (t) => [
          [t.mean('new_customers'), 237],
          [t.mean('churned'), 98],
        ],
      ],
      [
        'MRR crossed the mark of $200,000 in October, reaching $195,525.',
        (t) => [
          [t.at('2025-10', 'mrr_usd'), 195_525],
          [t.at('2025-10', 'mrr_usd') > 200_000, true],
        ],
      ],
    ],
  }),
  ...asked('What is the price of a flat correlated with?', ['correlations of flat prices'], {
    right: [
      [
        'Price correlates most strongly with area (r = 0.846), followed by the number of rooms (0.744).',
        (t) => [
          [t.at('price', 'area'), 0.846],
          [t.at('price', 'rooms'), 0.744],
          [t.ranked('index', 'price').slice(0, 3).join(), 'price,area,rooms'],
        ],
      ],
      [
        'Age and distance to the centre push prices down: their correlations with price are −0.195 and −0.311.',
        (t) => [
          [t.at('price', 'age'), -0.195],
          [t.at('price', 'distance'), -0.311],
        ],
      ],
      [
        'Note that area and rooms are themselves highly correlated (0.845), so they should not both be read as independent drivers.',
        (t) => [[t.at('area', 'rooms'), 0.845]],
      ],
      [
        'Age is practically unrelated to area (−0.004) and to rooms (0.014).',
        (t) => [
          [t.at('age', 'area'), -0.004],
          [t.at('age', 'rooms'), 0.014],
        ],
      ],
      [
        'Area alone explains about 72 % of the variance in price (0.846² ≈ 0.716).',
        (t) => [
          [100 * t.at('price', 'area') ** 2, 72],
          [t.at('price', 'area'), 0.846],
          [t.at('price', 'area') ** 2, 0.716],
        ],
      ],
    ],
    wrong: [
      [
        'The correlation between price and rooms is 0.774, that between price and area 0.846.',
        (t) => [
          [t.at('price', 'rooms'), 0.774],
          [t.at('price', 'area'), 0.846],
        ],
      ],
      ['Flats get more expensive with age: the coefficient is 0.195.', (t) => [[t.at('price', 'age'), 0.195]]],
      [
        'Of all variables, age has the strongest negative correlation with price (−0.195).',
        (t) => [
          [t.at('price', 'age'), -0.195],
          [t.lowest('index', 'price'), 'age'],
        ],
      ],
      [
        'Distance and rooms hardly move together (−0.008), whereas distance and area do (−0.311).',
        (t) => [
          [t.at('distance', 'rooms'), -0.008],
          [t.at('distance', 'area'), -0.311],
        ],
      ],
      [
        'Rooms correlate with price at 0.744 and with age at 0.14.',
        (t) => [
          [t.at('rooms', 'price'), 0.744],
          [t.at('rooms', 'age'), 0.14],
        ],
      ],
    ],
  }),
  ...asked('Did the new checkout convert better?', ['checkout experiment'], {
    right: [
      [
        'Yes. Variant B converted 6.92 % of its visitors, variant A 6.20 %. The difference of 0.72 percentage points is significant (z = 2.775, p = 0.0055).',
        (t) => [
          [100 * t.at('conversion rate B', 'value'), 6.92],
          [100 * t.at('conversion rate A', 'value'), 6.2, 2],
          [100 * t.at('absolute lift', 'value'), 0.72],
          [t.at('z', 'value'), 2.775],
          [t.at('p', 'value'), 0.0055],
        ],
      ],
      ['In relative terms the new checkout is 11.6 % better.', (t) => [[100 * t.at('relative lift', 'value'), 11.6]]],
      [
        'A: 1,131 conversions from 18,240 visitors. B: 1,267 conversions from 18,311 visitors, 136 more.',
        (t) => [
          [t.at('conversions A', 'value'), 1131],
          [t.at('visitors A', 'value'), 18_240],
          [t.at('conversions B', 'value'), 1267],
          [t.at('visitors B', 'value'), 18_311],
          [t.at('conversions B', 'value') - t.at('conversions A', 'value'), 136],
        ],
      ],
      [
        'The 95 % confidence interval of the lift runs from 0.21 to 1.23 percentage points and excludes zero.',
        (t) => [
          [100 * t.at('95% ci low', 'value'), 0.21],
          [100 * t.at('95% ci high', 'value'), 1.23],
        ],
      ],
      [
        'Altogether 36,551 people took part, and 2,398 of them bought something.',
        (t) => [
          [t.at('visitors A', 'value') + t.at('visitors B', 'value'), 36_551],
          [t.at('conversions A', 'value') + t.at('conversions B', 'value'), 2398],
        ],
      ],
      [
        'The p-value (0.0055) is below 0.01, so I would roll out B.',
        (t) => [
          [t.at('p', 'value'), 0.0055],
          [t.at('p', 'value') < 0.01, true],
        ],
      ],
    ],
    wrong: [
      [
        'B lifted the conversion rate by 0.72 points, from 6.20 % to 6.29 %.',
        (t) => [
          [100 * t.at('conversion rate A', 'value'), 6.2, 2],
          [100 * t.at('conversion rate B', 'value'), 6.29],
        ],
      ],
      [
        'With 18,311 visitors, variant A had slightly more traffic than variant B.',
        (t) => [[t.at('visitors A', 'value'), 18_311]],
      ],
      [
        'The z statistic is 2.775 and the p-value 0.055, just short of significance.',
        (t) => [
          [t.at('z', 'value'), 2.775],
          [t.at('p', 'value'), 0.055],
        ],
      ],
      [
        'Variant B brought 1,276 conversions, compared with 1,131 for variant A.',
        (t) => [
          [t.at('conversions B', 'value'), 1276],
          [t.at('conversions A', 'value'), 1131],
        ],
      ],
    ],
  }),
]
