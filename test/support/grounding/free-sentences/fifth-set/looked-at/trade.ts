import { change, share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

const quarters = ['Q1', 'Q2', 'Q3', 'Q4']

export const answersAboutTrade: readonly AnalystAnswer[] = [
  ...asked('How did our furniture sales develop by region last year?', ['furniture by region and quarter'], {
    right: [
      [
        '**West** is the strongest region with revenue of 989,265 for the year, i.e. 34.5 % of the total of 2,866,110. North comes second with 826,330.',
        (t) => [
          [t.sum('revenue', { region: 'West' }), 989_265],
          [share(t.sum('revenue', { region: 'West' }), t.sum('revenue')), 34.5],
          [t.sum('revenue'), 2_866_110],
          [t.sum('revenue', { region: 'North' }), 826_330],
        ],
      ],
      [
        'All four regions had their best quarter in Q4. Together they sold 6,746 units in that quarter, up from 5,088 in Q3 (+32.6 %).',
        (t) => [
          [t.sum('units', { quarter: 'Q4' }), 6746],
          [t.sum('units', { quarter: 'Q3' }), 5088],
          [change(t.sum('units', { quarter: 'Q3' }), t.sum('units', { quarter: 'Q4' })), 32.6],
          [
            ['North', 'South', 'East', 'West'].every((region) => t.highest('quarter', 'revenue', { region }) === 'Q4'),
            true,
          ],
        ],
      ],
      [
        'South has grown in every single quarter: 142,310 → 150,890 → 161,075 → 198,640.',
        (t) =>
          [142_310, 150_890, 161_075, 198_640].map((written, at) => [
            t.at(['South', quarters[at] ?? ''], 'revenue'),
            written,
          ]),
      ],
      [
        'Returns are mainly a problem of the North. 408 of its 6,287 units came back, which is 6.5 %; in the South it was 230 of 5,083 (4.5 %).',
        (t) => [
          [t.sum('returns', { region: 'North' }), 408],
          [t.sum('units', { region: 'North' }), 6287],
          [share(t.sum('returns', { region: 'North' }), t.sum('units', { region: 'North' })), 6.5],
          [t.sum('returns', { region: 'South' }), 230],
          [t.sum('units', { region: 'South' }), 5083],
          [share(t.sum('returns', { region: 'South' }), t.sum('units', { region: 'South' })), 4.5],
        ],
      ],
      [
        'The East brought in just under 0.4 million (397,600), less than half of what the North made.',
        (t) => [
          [t.sum('revenue', { region: 'East' }), 397_600],
          [2 * t.sum('revenue', { region: 'East' }) < t.sum('revenue', { region: 'North' }), true],
        ],
      ],
      [
        '| Quarter | Revenue | Units |\n|---|---:|---:|\n| Q1 | 645,860 | 5,009 |\n| Q2 | 680,320 | 5,257 |\n| Q3 | 655,710 | 5,088 |\n| Q4 | 884,220 | 6,746 |\n\nThe dip in Q3 was 24,610.',
        (t) => [
          [t.sum('revenue', { quarter: 'Q1' }), 645_860],
          [t.sum('revenue', { quarter: 'Q2' }), 680_320],
          [t.sum('revenue', { quarter: 'Q3' }), 655_710],
          [t.sum('revenue', { quarter: 'Q4' }), 884_220],
          [t.sum('units', { quarter: 'Q1' }), 5009],
          [t.sum('units', { quarter: 'Q2' }), 5257],
          [t.sum('units', { quarter: 'Q3' }), 5088],
          [t.sum('units', { quarter: 'Q4' }), 6746],
          [t.sum('revenue', { quarter: 'Q2' }) - t.sum('revenue', { quarter: 'Q3' }), 24_610],
        ],
      ],
    ],
    wrong: [
      [
        'North started the year with 184,200 and ended it with 236,480 in the fourth quarter.',
        (t) => [
          [t.at(['North', 'Q1'], 'revenue'), 184_200],
          [t.at(['North', 'Q4'], 'revenue'), 236_480],
        ],
      ],
      [
        'In the East, revenue rose from 91,200 in Q2 to 88,640 in Q3.',
        (t) => [
          [t.at(['East', 'Q2'], 'revenue'), 91_200],
          [t.at(['East', 'Q3'], 'revenue'), 88_640],
          [t.at(['East', 'Q3'], 'revenue') > t.at(['East', 'Q2'], 'revenue'), true],
        ],
      ],
      [
        'Across the year we sold 22,100 units, of which 1,176 were returned.',
        (t) => [
          [t.sum('units'), 22_100],
          [t.sum('returns'), 1176],
        ],
      ],
      [
        'The average quarter of the West brought 247,316 in revenue; its weakest one was Q3.',
        (t) => [
          [t.mean('revenue', { region: 'West' }), 247_316],
          [t.lowest('quarter', 'revenue', { region: 'West' }), 'Q3'],
        ],
      ],
    ],
  }),
  ...asked('What do we have in stock, and what has to be ordered?', ['stock on hand'], {
    right: [
      [
        'Three products are below their reorder level:\n\n- Office chair: 58 left, reorder at 60\n- Monitor arm: 32 left, reorder at 75\n- Filing cabinet: 17 left, reorder at 20',
        (t) => [
          [t.rows.filter(([, name = '']) => t.at(name, 'stock') < t.at(name, 'reorder_level')).length, 3],
          [t.at('Office chair', 'stock'), 58],
          [t.at('Office chair', 'reorder_level'), 60],
          [t.at('Monitor arm', 'stock'), 32],
          [t.at('Monitor arm', 'reorder_level'), 75],
          [t.at('Filing cabinet', 'stock'), 17],
          [t.at('Filing cabinet', 'reorder_level'), 20],
        ],
      ],
      [
        'The 21 standing desks are worth €9,429 at €449 apiece.',
        (t) => [
          [t.at('Standing desk', 'stock'), 21],
          [t.at('Standing desk', 'stock') * t.at('Standing desk', 'unit_price'), 9429],
          [t.at('Standing desk', 'unit_price'), 449],
        ],
      ],
      [
        'We hold 1,958 items altogether. Almost two thirds of them (1,250) are cable trays, our cheapest article at 12.75.',
        (t) => [
          [t.sum('stock'), 1958],
          [t.at('Cable tray', 'stock'), 1250],
          [share(t.at('Cable tray', 'stock'), t.sum('stock')), 64],
          [t.lowest('product', 'unit_price'), 'Cable tray'],
          [t.at('Cable tray', 'unit_price'), 12.75],
        ],
      ],
      [
        'The monitor arm (C-310) is 43 units short of its reorder level.',
        (t) => [
          [t.text('Monitor arm', 'sku'), 'C-310'],
          [t.at('Monitor arm', 'reorder_level') - t.at('Monitor arm', 'stock'), 43],
        ],
      ],
      [
        'The oldest count is that of the cable trays, January 26, 2026; whiteboards were counted last, on March 11.',
        (t) => [
          [t.text('Cable tray', 'last_counted'), '2026-01-26'],
          [t.text('Whiteboard', 'last_counted'), '2026-03-11'],
          [t.texts('last_counted').toSorted()[0] ?? '', '2026-01-26'],
          [t.texts('last_counted').toSorted().at(-1) ?? '', '2026-03-11'],
        ],
      ],
      [
        'Only three articles cost more than 150 EUR: the standing desk (449.00), the office chair (189.00) and the filing cabinet (159.00).',
        (t) => [
          [t.count({ unit_price: (value) => value > 150 }), 3],
          [t.at('Standing desk', 'unit_price'), 449, 2],
          [t.at('Office chair', 'unit_price'), 189, 2],
          [t.at('Filing cabinet', 'unit_price'), 159, 2],
        ],
      ],
    ],
    wrong: [
      [
        'There are 340 desk lamps in stock, more than three times the reorder level of 120.',
        (t) => [
          [t.at('Desk lamp', 'stock'), 340],
          [t.at('Desk lamp', 'reorder_level'), 120],
          [t.at('Desk lamp', 'stock') > 3 * t.at('Desk lamp', 'reorder_level'), true],
        ],
      ],
      [
        'The most expensive product is the standing desk at 449.00; the footrest costs 53.00.',
        (t) => [
          [t.highest('product', 'unit_price'), 'Standing desk'],
          [t.at('Standing desk', 'unit_price'), 449, 2],
          [t.at('Footrest', 'unit_price'), 53, 2],
        ],
      ],
      [
        'Office chairs and filing cabinets were both counted on 9 March, monitor arms on 14 March 2026.',
        (t) => [
          [t.text('Office chair', 'last_counted'), '2026-03-09'],
          [t.text('Filing cabinet', 'last_counted'), '2026-03-09'],
          [t.text('Monitor arm', 'last_counted'), '2026-03-14'],
        ],
      ],
      [
        'Four of the eight products have fewer than 50 pieces left.',
        (t) => [
          [t.count(), 8],
          [t.count({ stock: (value) => value < 50 }), 4],
        ],
      ],
    ],
  }),
  ...asked('Where do our visits come from, by device?', ['visits by country and device'], {
    right: [
      [
        'Overall there were 88,736 desktop visits, 37,931 from phones and 6,526 from tablets, so 133,193 in all.',
        (t) => [
          [t.sum('desktop'), 88_736],
          [t.sum('mobile'), 37_931],
          [t.sum('tablet'), 6526],
          [t.sum('desktop') + t.sum('mobile') + t.sum('tablet'), 133_193],
        ],
      ],
      [
        'Austria is the only country where mobile comes close to desktop (19,390 vs. 22,204). It accounts for 51 % of all mobile visits.',
        (t) => [
          [t.at('Austria', 'mobile'), 19_390],
          [t.at('Austria', 'desktop'), 22_204],
          [share(t.at('Austria', 'mobile'), t.sum('mobile')), 51],
        ],
      ],
      [
        'Germany is odd: tablets (1,910) lead there, ahead of mobile with 1,461 and desktop with 1,090.',
        (t) => [
          [t.at('Germany', 'tablet'), 1910],
          [t.at('Germany', 'mobile'), 1461],
          [t.at('Germany', 'desktop'), 1090],
          [t.at('Germany', 'tablet') > t.at('Germany', 'mobile'), true],
          [t.at('Germany', 'mobile') > t.at('Germany', 'desktop'), true],
        ],
      ],
      [
        'Poland has the most desktop visits, about 25.1k, followed by France at 24.0k.',
        (t) => [
          [t.ranked('country', 'desktop').slice(0, 2).join(), 'Poland,France'],
          [t.at('Poland', 'desktop') / 1000, 25.1],
          [t.at('France', 'desktop') / 1000, 24, 1],
        ],
      ],
      [
        'In Poland, 4,269 visits were mobile, which is 14 % of the 30,047 from that country.',
        (t) => [
          [t.at('Poland', 'mobile'), 4269],
          [t.at('Poland', 'desktop') + t.at('Poland', 'mobile') + t.at('Poland', 'tablet'), 30_047],
          [share(t.at('Poland', 'mobile'), 30_047), 14],
        ],
      ],
      [
        'Italy had 2.4 times as many desktop visits (16,268) as mobile ones (6,680).',
        (t) => [
          [t.at('Italy', 'desktop') / t.at('Italy', 'mobile'), 2.4],
          [t.at('Italy', 'desktop'), 16_268],
          [t.at('Italy', 'mobile'), 6680],
        ],
      ],
    ],
    wrong: [
      [
        'France sent 24,035 desktop visits and 1,740 mobile visits.',
        (t) => [
          [t.at('France', 'desktop'), 24_035],
          [t.at('France', 'mobile'), 1740],
        ],
      ],
      [
        'Two thirds of all traffic (66.6 %) is desktop, 28.5 % mobile, and tablets make up the remaining 9.4 %.',
        (t) => [
          [share(t.sum('desktop'), t.sum('desktop') + t.sum('mobile') + t.sum('tablet')), 66.6],
          [share(t.sum('mobile'), t.sum('desktop') + t.sum('mobile') + t.sum('tablet')), 28.5],
          [share(t.sum('tablet'), t.sum('desktop') + t.sum('mobile') + t.sum('tablet')), 9.4],
        ],
      ],
      [
        'Germany has the fewest mobile visits (1,461) and also the fewest tablet visits.',
        (t) => [
          [t.at('Germany', 'mobile'), 1461],
          [t.lowest('country', 'mobile'), 'Germany'],
          [t.lowest('country', 'tablet'), 'Germany'],
        ],
      ],
      [
        'Across the five countries, the mean number of tablet visits is 1,305 and the median 1,740.',
        (t) => [
          [t.count(), 5],
          [t.mean('tablet'), 1305],
          [t.median('tablet'), 1740],
        ],
      ],
    ],
  }),
]
