import { change, share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutEnergyAndAdvertising: readonly AnalystAnswer[] = [
  ...asked('How has the energy use of the office developed over the year?', ['office energy by month'], {
    right: [
      [
        'In 2025 the office used 426,095 kWh and paid €100,086.70 for it, an average of 23.5 cents per kWh.',
        (t) => [
          [t.sum('kwh'), 426_095],
          [t.sum('cost_eur'), 100_086.7, 2],
          [(100 * t.sum('cost_eur')) / t.sum('kwh'), 23.5],
        ],
      ],
      [
        'Consumption was highest in January (48,210 kWh) and lowest in September (26,115 kWh).',
        (t) => [
          [t.highest('month', 'kwh'), '2025-01'],
          [t.at('2025-01', 'kwh'), 48_210],
          [t.lowest('month', 'kwh'), '2025-09'],
          [t.at('2025-09', 'kwh'), 26_115],
        ],
      ],
      [
        'There is a second, smaller peak in summer: July reached 30,575 kWh, although only 4 degree days were recorded. That is cooling, not heating.',
        (t) => [
          [t.at('2025-07', 'kwh'), 30_575],
          [t.at('2025-07', 'degree_days'), 4],
          [t.at('2025-07', 'kwh') > t.at('2025-06', 'kwh') && t.at('2025-07', 'kwh') > t.at('2025-08', 'kwh'), true],
        ],
      ],
      [
        'From September to December the bill climbed by 80 %, from €6,267.60 to €11,253.60.',
        (t) => [
          [change(t.at('2025-09', 'cost_eur'), t.at('2025-12', 'cost_eur')), 80],
          [t.at('2025-09', 'cost_eur'), 6267.6, 2],
          [t.at('2025-12', 'cost_eur'), 11_253.6, 2],
        ],
      ],
      [
        'Peak load stayed between 104 kW (May) and 142 kW (January); in seven of the twelve months it was 130 kW or more.',
        (t) => [
          [t.min('peak_kw'), 104],
          [t.lowest('month', 'peak_kw'), '2025-05'],
          [t.max('peak_kw'), 142],
          [t.highest('month', 'peak_kw'), '2025-01'],
          [t.count({ peak_kw: (value) => value >= 130 }), 7],
          [t.count(), 12],
        ],
      ],
      [
        'The first quarter alone accounts for 30.9 % of the annual consumption: 131,640 kWh.',
        (t) => [
          [
            share(
              t
                .numbers('kwh')
                .slice(0, 3)
                .reduce((sum, one) => sum + one, 0),
              t.sum('kwh'),
            ),
            30.9,
          ],
          [
            t
              .numbers('kwh')
              .slice(0, 3)
              .reduce((sum, one) => sum + one, 0),
            131_640,
          ],
        ],
      ],
    ],
    wrong: [
      [
        'The most expensive month was January with €11,088.30.',
        (t) => [
          [t.highest('month', 'cost_eur'), '2025-01'],
          [t.at('2025-01', 'cost_eur'), 11_088.3, 2],
        ],
      ],
      [
        'In February the office used 43,980 kWh at a peak of 131 kW.',
        (t) => [
          [t.at('2025-02', 'kwh'), 43_980],
          [t.at('2025-02', 'peak_kw'), 131],
        ],
      ],
      [
        'Between January and June consumption dropped by 42.1 %, from 48,210 to 26,910 kWh.',
        (t) => [
          [change(t.at('2025-01', 'kwh'), t.at('2025-06', 'kwh')), -42.1],
          [t.at('2025-01', 'kwh'), 48_210],
          [t.at('2025-06', 'kwh'), 26_910],
        ],
      ],
      [
        'October cost us €8,097.60 and November €9,913.20, which makes €18,110.80 for the two months.',
        (t) => [
          [t.at('2025-10', 'cost_eur'), 8097.6, 2],
          [t.at('2025-11', 'cost_eur'), 9913.2, 2],
          [t.at('2025-10', 'cost_eur') + t.at('2025-11', 'cost_eur'), 18_110.8, 2],
        ],
      ],
    ],
  }),
  ...asked('Fit a linear model of sales on the three advertising budgets.', ['advertising regression'], {
    right: [
      [
        'The model explains 91.1 % of the variance (adjusted R² = 0.908) with a root mean square error of about 1.51.',
        (t) => [
          [100 * t.at('r_squared', 'value'), 91.1],
          [t.at('adj_r_squared', 'value'), 0.908],
          [t.at('rmse', 'value'), 1.51],
        ],
      ],
      [
        'Each additional unit of TV budget goes along with 0.0475 more sales, each unit of radio with 0.184.',
        (t) => [
          [t.at('coef_tv', 'value'), 0.0475],
          [t.at('coef_radio', 'value'), 0.184],
        ],
      ],
      [
        'Newspaper advertising has no detectable effect: its coefficient is −0.0021 with a p-value of 0.66.',
        (t) => [
          [t.at('coef_newspaper', 'value'), -0.0021],
          [t.at('p_newspaper', 'value'), 0.66],
        ],
      ],
      [
        'Radio pays off almost four times as much per unit as TV (0.184 compared to 0.048).',
        (t) => [
          [t.at('coef_radio', 'value') / t.at('coef_tv', 'value'), 3.9],
          [t.at('coef_radio', 'value'), 0.184],
          [t.at('coef_tv', 'value'), 0.048],
        ],
      ],
      [
        'With n = 96, TV is strongly correlated with sales (r = 0.81), and both TV (p ≈ 5.4e-45) and radio (p ≈ 4.0e-28) are highly significant. The intercept is 3.03.',
        (t) => [
          [t.at('observations', 'value'), 96],
          [t.at('correlation_tv_sales', 'value'), 0.81],
          [Number(t.text('p_tv', 'value')) * 1e45, 5.4],
          [Number(t.text('p_radio', 'value')) * 1e28, 4, 1],
          [t.at('intercept', 'value'), 3.03],
        ],
      ],
    ],
    wrong: [
      [
        'R² is 0.911, and after adjustment it is 0.981.',
        (t) => [
          [t.at('r_squared', 'value'), 0.911],
          [t.at('adj_r_squared', 'value'), 0.981],
        ],
      ],
      [
        'TV has the largest coefficient (0.0475), radio comes second with 0.0184.',
        (t) => [
          [t.at('coef_tv', 'value'), 0.0475],
          [t.at('coef_radio', 'value') * 10, 0.184 * 10],
          [t.at('coef_tv', 'value') > t.at('coef_radio', 'value'), true],
        ],
      ],
      [
        'The newspaper coefficient is positive, 0.0021, but not significant (p = 0.660).',
        (t) => [
          [t.at('coef_newspaper', 'value'), 0.0021],
          [t.at('p_newspaper', 'value'), 0.66],
        ],
      ],
      [
        'The regression is based on 196 observations and has an intercept of 3.0338.',
        (t) => [
          [t.at('observations', 'value'), 196],
          [t.at('intercept', 'value'), 3.0338],
        ],
      ],
      [
        'Of the three budgets, only radio (p = 0.660) is not significant.',
        (t) => [[t.text('p_radio', 'value') === '0.660', true]],
      ],
    ],
  }),
]
