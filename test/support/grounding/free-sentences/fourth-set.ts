import { change, said, share, type CheckedSentence } from './checked-sentence.ts'

const [stock, flights, clinics, campaigns] = ['stock by warehouse', 'flights by airline in July', 'clinic visits by quarter', 'campaigns in spring'] as const // prettier-ignore
const [loans, bikes, exported, survey] = ['loans by grade', 'bike stations in June', 'exports by country in thousand euros', 'survey of employees'] as const // prettier-ignore
const quarters = ['Q1', 'Q2', 'Q3', 'Q4']
const years = ['exports_2021', 'exports_2022', 'exports_2023', 'exports_2024']

/** As the third set, by the same hand, about other tables. These are counted alone: nobody who makes the checker better looks at a row. */
export const fourthFreeSentences: readonly CheckedSentence[] = [
  ...said(stock, {
    right: [
      [
        'Stock is worth $26.6 million in seven warehouses. Rotterdam holds the most by far: 184,500 units, or 29.4 % of all.',
        (t) => [
          [t.sum('value_usd') / 1e6, 26.6],
          [t.count(), 7],
          [t.highest('warehouse', 'units'), 'Rotterdam'],
          [t.at('Rotterdam', 'units'), 184_500],
          [share(t.at('Rotterdam', 'units'), t.sum('units')), 29.4],
        ],
      ],
      [
        'Turin covers 62 days of demand while Porto runs dry after 27.',
        (t) => [
          [t.at('Turin', 'days_of_cover'), 62],
          [t.at('Porto', 'days_of_cover'), 27],
        ],
      ],
      [
        'A third of the damaged units (720 of 2,115) are in Leipzig, although it stores only 22.5 % of the goods.',
        (t) => [
          [t.at('Leipzig', 'damaged_units'), 720],
          [t.sum('damaged_units'), 2115],
          [share(720, t.sum('damaged_units')), 34],
          [share(t.at('Leipzig', 'units'), t.sum('units')), 22.5],
        ],
      ],
      [
        'Lyon is the odd one out. It has 76,940 units worth $4.42 million, so a unit there costs $57.45, the highest of all sites.',
        (t) => [
          [t.at('Lyon', 'units'), 76_940],
          [t.at('Lyon', 'value_usd') / 1e6, 4.42],
          [t.at('Lyon', 'value_usd') / t.at('Lyon', 'units'), 57.45],
          [t.rows.every(([name = '']) => t.at(name, 'value_usd') / t.at(name, 'units') < 57.46), true],
        ],
      ],
      [
        'In Rotterdam liegen 3.120 Artikel im Wert von 7,9 Mio. US-Dollar, in Danzig (Gdansk) sind es 2.244.',
        (t) => [
          [t.at('Rotterdam', 'skus'), 3120],
          [t.at('Rotterdam', 'value_usd') / 1e6, 7.9],
          [t.at('Gdansk', 'skus'), 2244],
        ],
      ],
    ],
    wrong: [
      [
        'Lyon, Porto and Turin hold 76,940, 31,205 and 52,870 units respectively.',
        (t) => [
          [t.at('Lyon', 'units'), 76_940],
          [t.at('Porto', 'units'), 31_205],
          [t.at('Turin', 'units'), 52_870],
        ],
      ],
      [
        'Brno keeps 52,870 units and Turin 44,108.',
        (t) => [
          [t.at('Brno', 'units'), 52_870],
          [t.at('Turin', 'units'), 44_108],
        ],
      ],
      [
        'Rotterdam and Leipzig together hold 51.9 % of the units and 59.5 % of the value.',
        (t) => [
          [share(t.at('Rotterdam', 'units') + t.at('Leipzig', 'units'), t.sum('units')), 51.9],
          [share(t.at('Rotterdam', 'value_usd') + t.at('Leipzig', 'value_usd'), t.sum('value_usd')), 59.5],
        ],
      ],
      ['On average a warehouse has 49 days of cover.', (t) => [[t.mean('days_of_cover'), 49]]],
      [
        'Gdansk has stock for 33 days, worth 3.1 million euros.',
        (t) => [
          [t.at('Gdansk', 'days_of_cover'), 33],
          [t.at('Gdansk', 'value_usd') / 1e6, 3.1],
          [t.columns.includes('value_eur'), true],
        ],
      ],
    ],
  }),
  ...said(flights, {
    right: [
      [
        'Skylark cancelled 9 flights and Corsair Blue 4; the other four airlines cancelled 208 between them.',
        (t) => [
          [t.at('Skylark', 'cancelled'), 9],
          [t.at('Corsair Blue', 'cancelled'), 4],
          [t.count() - 2, 4],
          [t.sum('cancelled') - 13, 208],
        ],
      ],
      [
        'Volare Due cancelled 95 of its 2,108 flights, 4.5 %. No other airline comes near that rate; the whole field is at 2.1 %.',
        (t) => [
          [t.at('Volare Due', 'cancelled'), 95],
          [t.at('Volare Due', 'flights'), 2108],
          [share(95, 2108), 4.5],
          [t.rows.filter(([name = '']) => t.at(name, 'cancelled') / t.at(name, 'flights') > 0.025).length, 1],
          [share(t.sum('cancelled'), t.sum('flights')), 2.1],
        ],
      ],
      [
        '**Aerolux** carried 431,870 passengers, more than the two smallest airlines put together (207,521).',
        (t) => [
          [t.at('Aerolux', 'passengers'), 431_870],
          [t.at('Skylark', 'passengers') + t.at('Corsair Blue', 'passengers'), 207_521],
          [t.ranked('airline', 'passengers').slice(-2).join(), 'Skylark,Corsair Blue'],
        ],
      ],
      [
        'Of 10,302 flights in July, 2,168 were late. Aerolux and Volare Due account for 63 % of these delays.',
        (t) => [
          [t.sum('flights'), 10_302],
          [t.sum('delayed'), 2168],
          [share(t.at('Aerolux', 'delayed') + t.at('Volare Due', 'delayed'), t.sum('delayed')), 63],
        ],
      ],
      [
        'Delays were shortest at Corsair Blue, 12.8 minutes on average, and longest at Volare Due with 31.7.',
        (t) => [
          [t.lowest('airline', 'avg_delay_min'), 'Corsair Blue'],
          [t.at('Corsair Blue', 'avg_delay_min'), 12.8],
          [t.highest('airline', 'avg_delay_min'), 'Volare Due'],
          [t.at('Volare Due', 'avg_delay_min'), 31.7],
        ],
      ],
      [
        'Seats were 88 % full at Volare Due, but only 69.3 % at Corsair Blue, a gap of 18.7 percentage points.',
        (t) => [
          [t.at('Volare Due', 'load_factor'), 88],
          [t.at('Corsair Blue', 'load_factor'), 69.3],
          [88 - 69.3, 18.7],
        ],
      ],
    ],
    wrong: [
      [
        'In July 1.41 million passengers flew, 246,310 of them with Nordwind and 139,404 with Meridian.',
        (t) => [
          [t.sum('passengers') / 1e6, 1.41],
          [t.at('Nordwind', 'passengers'), 246_310],
          [t.at('Meridian', 'passengers'), 139_404],
        ],
      ],
      [
        'Nordwind flew 1,840 times, cancelled 22 flights and was late on 289.',
        (t) => [
          [t.at('Nordwind', 'flights'), 1840],
          [t.at('Nordwind', 'cancelled'), 22],
          [t.at('Nordwind', 'delayed'), 289],
        ],
      ],
      [
        'The average delay at Skylark is 14.1 hours.',
        (t) => [
          [t.at('Skylark', 'avg_delay_min'), 14.1],
          [t.columns.includes('avg_delay_hours'), true],
        ],
      ],
      [
        'Meridian is the third largest airline with 205,915 passengers.',
        (t) => [
          [t.ranked('airline', 'passengers')[2] ?? '', 'Meridian'],
          [t.at('Meridian', 'passengers'), 205_915],
        ],
      ],
      [
        'Four of the six airlines filled at least 80 % of their seats.',
        (t) => [
          [t.count({ load_factor: (value) => value >= 80 }), 4],
          [t.count(), 6],
        ],
      ],
    ],
  }),
  ...said(clinics, {
    right: [
      [
        'Per doctor, Harbour Street saw 1,902 patients in the year and Old Mill 1,865.',
        (t) => [
          [quarters.reduce((sum, quarter) => sum + t.at('Harbour Street', quarter), 0) / 9, 1902],
          [t.at('Harbour Street', 'doctors'), 9],
          [quarters.reduce((sum, quarter) => sum + t.at('Old Mill', quarter), 0) / t.at('Old Mill', 'doctors'), 1865],
        ],
      ],
      [
        'Riverside is the busiest clinic in every quarter; over the year it saw 21,053 patients.',
        (t) => [
          [['Q1', 'Q2', 'Q3', 'Q4'].every((quarter) => t.highest('clinic', quarter) === 'Riverside'), true],
          [quarters.reduce((sum, quarter) => sum + t.at('Riverside', quarter), 0), 21_053],
        ],
      ],
      [
        'Visits dipped to 15,981 in the third quarter, then recovered to 18,433 in the fourth. That is 15.3 % more.',
        (t) => [
          [t.sum('Q3'), 15_981],
          [t.sum('Q4'), 18_433],
          [change(t.sum('Q3'), t.sum('Q4')), 15.3],
        ],
      ],
      [
        'St. Anne, with four doctors, handled 6,685 visits and had 298 no-shows.',
        (t) => [
          [t.at('St. Anne', 'doctors'), 4],
          [quarters.reduce((sum, quarter) => sum + t.at('St. Anne', quarter), 0), 6685],
          [t.at('St. Anne', 'no_shows'), 298],
        ],
      ],
      [
        'Old Mill went from 2,790 visits in Q2 to 2,544 in Q3, and West Park from 3,120 to 2,960.',
        (t) => [
          [t.at('Old Mill', 'Q2'), 2790],
          [t.at('Old Mill', 'Q3'), 2544],
          [t.at('West Park', 'Q2'), 3120],
          [t.at('West Park', 'Q3'), 2960],
        ],
      ],
    ],
    wrong: [
      [
        'The second quarter brought 17,341 visits, 208 more than the first.',
        (t) => [
          [t.sum('Q2'), 17_341],
          [t.sum('Q2') - t.sum('Q1'), 208],
        ],
      ],
      [
        'Harbour Street had 4,385 visits in the first quarter and 4,620 in the last.',
        (t) => [
          [t.at('Harbour Street', 'Q1'), 4385],
          [t.at('Harbour Street', 'Q4'), 4620],
        ],
      ],
      [
        'Riverside has 1,871 no-shows, 30.4 % of the total of 4,961.',
        (t) => [
          [t.at('Riverside', 'no_shows'), 1871],
          [share(1871, t.sum('no_shows')), 30.4],
          [t.sum('no_shows'), 4961],
        ],
      ],
      [
        'All five clinics lost visits between the first and the second quarter.',
        (t) => [
          [t.count(), 5],
          [t.rows.every(([name = '']) => t.at(name, 'Q2') < t.at(name, 'Q1')), true],
        ],
      ],
      [
        'The 38 doctors made 68,988 visits possible, about 2,185 each.',
        (t) => [
          [t.sum('doctors'), 38],
          [quarters.reduce((sum, quarter) => sum + t.sum(quarter), 0), 68_988],
          [quarters.reduce((sum, quarter) => sum + t.sum(quarter), 0) / t.sum('doctors'), 2185],
        ],
      ],
    ],
  }),
  ...said(campaigns, {
    right: [
      [
        'Refer a Friend was the cheapest way to a customer: 118 of them for €3,100, which is €26 apiece. Brand Lift paid €2,412.',
        (t) => [
          [t.at('Refer a Friend', 'customers'), 118],
          [t.at('Refer a Friend', 'spend_eur'), 3100],
          [3100 / 118, 26],
          [t.at('Brand Lift', 'spend_eur') / t.at('Brand Lift', 'customers'), 2412],
          [t.rows.every(([name = '']) => t.at(name, 'spend_eur') / t.at(name, 'customers') >= 3100 / 118), true],
        ],
      ],
      [
        'We spent €127,550 and won 499 customers. About a third of the money went into Brand Lift, which brought 17.',
        (t) => [
          [t.sum('spend_eur'), 127_550],
          [t.sum('customers'), 499],
          [share(t.at('Brand Lift', 'spend_eur'), t.sum('spend_eur')) / 100, 0.3, 1],
          [t.at('Brand Lift', 'customers'), 17],
        ],
      ],
      [
        'Click-through was 3.2 % for Fresh Start and 4.9 % for Refer a Friend; video managed 0.3 %.',
        (t) => [
          [share(t.at('Fresh Start', 'clicks'), t.at('Fresh Start', 'impressions')), 3.2],
          [share(t.at('Refer a Friend', 'clicks'), t.at('Refer a Friend', 'impressions')), 4.9],
          [share(t.sum('clicks', { medium: 'video' }), t.sum('impressions', { medium: 'video' })), 0.3],
        ],
      ],
      [
        'Both e-mail campaigns together cost 5,500 euros and produced 717 leads.',
        (t) => [
          [t.sum('spend_eur', { medium: 'email' }), 5500],
          [t.sum('leads', { medium: 'email' }), 717],
        ],
      ],
      [
        'The top three by customers are Fresh Start (140), Refer a Friend (118) and Lookalikes (96); together they make 354, or 71 % of all.',
        (t) => [
          [t.ranked('campaign', 'customers').slice(0, 3).join(), 'Fresh Start,Refer a Friend,Lookalikes'],
          [t.at('Fresh Start', 'customers'), 140],
          [t.at('Refer a Friend', 'customers'), 118],
          [t.at('Lookalikes', 'customers'), 96],
          [140 + 118 + 96, 354],
          [share(354, t.sum('customers')), 71],
        ],
      ],
    ],
    wrong: [
      [
        'Every lead of Last Chance cost €13.87 and every customer €87.42.',
        (t) => [
          [t.at('Last Chance', 'spend_eur') / t.at('Last Chance', 'leads'), 13.87],
          [t.at('Last Chance', 'spend_eur') / t.at('Last Chance', 'customers'), 87.42],
        ],
      ],
      [
        'Fresh Start cost €24,500 for 1,092 leads.',
        (t) => [
          [t.at('Fresh Start', 'spend_eur'), 24_500],
          [t.at('Fresh Start', 'leads'), 1092],
        ],
      ],
      [
        'Social media got 32.1 % of the budget, €40,950.',
        (t) => [
          [t.sum('spend_eur', { medium: 'social' }), 40_950],
          [share(t.sum('spend_eur', { medium: 'social' }), t.sum('spend_eur')), 31.1],
        ],
      ],
      [
        'Competitors turned 391 leads into 45 customers, a conversion of 8.7 %.',
        (t) => [
          [t.at('Competitors', 'leads'), 391],
          [t.at('Competitors', 'customers'), 45],
          [share(45, 391), 8.7],
        ],
      ],
      [
        'Spring Clean reached 2.94 million people in impressions and 52 thousand customers.',
        (t) => [
          [t.at('Spring Clean', 'impressions') / 1e6, 2.94],
          [t.at('Spring Clean', 'customers') / 1000, 52],
        ],
      ],
    ],
  }),
  ...said(loans, {
    right: [
      [
        'The book has 20,700 loans with a balance of €463 million. Grades A and B make up 69 % of it.',
        (t) => [
          [t.sum('loans'), 20_700],
          [t.sum('balance_meur'), 463],
          [share(t.at('A', 'balance_meur') + t.at('B', 'balance_meur'), t.sum('balance_meur')), 69],
        ],
      ],
      [
        'Risk rises with every grade, from a default rate of 0.9 % in A to 24.4 % in F.',
        (t) => [
          [t.at('A', 'default_rate_pct'), 0.9],
          [t.at('F', 'default_rate_pct'), 24.4],
          [t.ranked('grade', 'default_rate_pct').join(''), 'FEDCBA'],
        ],
      ],
      [
        'Only in grades E and F do we lose more than the interest pays for: 15.6 % default at 15.5 % interest, and 24.4 at 19.8.',
        (t) => [
          [t.rows.filter(([name = '']) => t.at(name, 'default_rate_pct') > t.at(name, 'interest_rate_pct')).length, 2],
          [t.at('E', 'default_rate_pct'), 15.6],
          [t.at('E', 'interest_rate_pct'), 15.5],
          [t.at('F', 'default_rate_pct'), 24.4],
          [t.at('F', 'interest_rate_pct'), 19.8],
        ],
      ],
      [
        '808 loans defaulted, 3.9 % of the portfolio; grade C contributed 237 of them, more than any other.',
        (t) => [
          [t.sum('defaulted'), 808],
          [share(t.sum('defaulted'), t.sum('loans')), 3.9],
          [t.at('C', 'defaulted'), 237],
          [t.highest('grade', 'defaulted'), 'C'],
        ],
      ],
    ],
    wrong: [
      [
        'Grade B lends €171.6 million at 5.2 % to 5,210 borrowers.',
        (t) => [
          [t.at('B', 'balance_meur'), 171.6],
          [t.at('B', 'interest_rate_pct'), 5.2],
          [t.at('B', 'loans'), 5210],
        ],
      ],
      [
        'An average loan of grade A is worth about €28,400; of grade F, €12,000. The interest rate differs by 15.4 points.',
        (t) => [
          [(t.at('A', 'balance_meur') * 10_000) / t.at('A', 'loans'), 284],
          [(t.at('F', 'balance_meur') * 1000) / t.at('F', 'loans'), 12],
          [t.at('F', 'interest_rate_pct') - t.at('A', 'interest_rate_pct'), 15.4],
        ],
      ],
      [
        'Grades D to F hold 46.8 million euros, 11.1 % of the balance.',
        (t) => [
          [t.sum('balance_meur') - ['A', 'B', 'C'].reduce((sum, grade) => sum + t.at(grade, 'balance_meur'), 0), 46.8],
          [share(46.8, t.sum('balance_meur')), 11.1],
        ],
      ],
      [
        'The default rate more than doubles from B (2.1 %) to C (4.8 %) and again from C to D (9.3 %).',
        (t) => [
          [t.at('B', 'default_rate_pct'), 2.1],
          [t.at('C', 'default_rate_pct'), 4.8],
          [t.at('D', 'default_rate_pct'), 9.3],
          [t.at('D', 'default_rate_pct') > 2 * t.at('C', 'default_rate_pct'), true],
        ],
      ],
    ],
  }),
  ...said(bikes, {
    right: [
      [
        'Central is the busiest of the eight stations (14,820 trips), ahead of University (12,088) and Opera (9,435). Every fifth trip starts there.',
        (t) => [
          [t.ranked('station', 'trips').slice(0, 3).join(), 'Central,University,Opera'],
          [t.count(), 8],
          [t.at('Central', 'trips'), 14_820],
          [t.at('University', 'trips'), 12_088],
          [t.at('Opera', 'trips'), 9435],
          [share(t.at('Central', 'trips'), t.sum('trips')) / 100, 0.2, 1],
        ],
      ],
      [
        'Rides from Lakeside take 27.4 minutes, almost three times as long as those from the University (9.7).',
        (t) => [
          [t.at('Lakeside', 'avg_minutes'), 27.4],
          [t.at('University', 'avg_minutes'), 9.7],
          [27.4 / 9.7, 2.8],
        ],
      ],
      [
        'Half of all trips, 33,122 of 66,502, begin in Mitte.',
        (t) => [
          [t.sum('trips', { district: 'Mitte' }), 33_122],
          [t.sum('trips'), 66_502],
          [share(t.sum('trips', { district: 'Mitte' }), t.sum('trips')) / 100, 0.5, 1],
        ],
      ],
      [
        'Members make 83 % of the trips at University and 34 % at Lakeside; non-members therefore 66 % there.',
        (t) => [
          [t.at('University', 'member_share') * 100, 83],
          [t.at('Lakeside', 'member_share') * 100, 34],
          [(1 - t.at('Lakeside', 'member_share')) * 100, 66],
        ],
      ],
      [
        'Depot is the smallest station. It has 18 bikes, and each made 164 trips in June.',
        (t) => [
          [t.lowest('station', 'bikes'), 'Depot'],
          [t.at('Depot', 'bikes'), 18],
          [t.at('Depot', 'trips') / t.at('Depot', 'bikes'), 164],
        ],
      ],
    ],
    wrong: [
      [
        'The median station has 27 bikes and 8,867 trips.',
        (t) => [
          [t.median('bikes'), 27],
          [t.median('trips'), 8867],
        ],
      ],
      [
        'At the Zoo, 6,502 trips lasted 27.4 minutes on average.',
        (t) => [
          [t.at('Zoo', 'trips'), 6502],
          [t.at('Zoo', 'avg_minutes'), 27.4],
        ],
      ],
      [
        'The two stations in Ost count 11,836 trips and 62 bikes.',
        (t) => [
          [t.sum('trips', { district: 'Ost' }), 11_836],
          [t.sum('bikes', { district: 'Ost' }), 62],
        ],
      ],
      [
        'Stadium (4,126 trips) sees more traffic than Zoo, though members only make 49 % of it.',
        (t) => [
          [t.at('Stadium', 'trips'), 4126],
          [t.at('Stadium', 'trips') > t.at('Zoo', 'trips'), true],
          [t.at('Stadium', 'member_share') * 100, 49],
        ],
      ],
      [
        'Nord had 15,042 trips, 26.2 % of the total.',
        (t) => [
          [t.sum('trips', { district: 'Nord' }), 15_042],
          [share(t.sum('trips', { district: 'Nord' }), t.sum('trips')), 26.2],
        ],
      ],
    ],
  }),
  ...said(exported, {
    right: [
      [
        'Exports grew from €68.6 million in 2021 to €85.8 million in 2024, a plus of 25 %.',
        (t) => [
          [t.sum('exports_2021') / 1000, 68.6],
          [t.sum('exports_2024') / 1000, 85.8],
          [change(t.sum('exports_2021'), t.sum('exports_2024')), 25],
        ],
      ],
      [
        'Poland nearly doubled to 13,975 thousand euros (+90 %), overtaking Italy. The latter stands at 12,120.',
        (t) => [
          [t.at('Poland', 'exports_2024'), 13_975],
          [change(t.at('Poland', 'exports_2021'), t.at('Poland', 'exports_2024')), 90],
          [t.at('Poland', 'exports_2024') > t.at('Italy', 'exports_2024'), true],
          [t.at('Italy', 'exports_2024'), 12_120],
        ],
      ],
      [
        'The USA replaced France as the largest market in 2024: 22.5 against 20.8 million euros.',
        (t) => [
          [t.highest('country', 'exports_2024'), 'USA'],
          [t.highest('country', 'exports_2023'), 'France'],
          [t.at('USA', 'exports_2024') / 1000, 22.5],
          [t.at('France', 'exports_2024') / 1000, 20.8],
        ],
      ],
      [
        'Sweden is the only country whose purchases shrank every single year, from 5,220 to 4,375.',
        (t) => [
          [
            t.rows.filter(([name = '']) =>
              years.every((year, at) => at === 0 || t.at(name, year) < t.at(name, years[at - 1] ?? '')),
            ).length,
            1,
          ],
          [t.at('Sweden', 'exports_2021'), 5220],
          [t.at('Sweden', 'exports_2024'), 4375],
        ],
      ],
      [
        'Die Ausfuhren nach Spanien (Spain) stiegen 2024 um 9,8 % auf 8,13 Mio. Euro.',
        (t) => [
          [change(t.at('Spain', 'exports_2023'), t.at('Spain', 'exports_2024')), 9.8],
          [t.at('Spain', 'exports_2024') / 1000, 8.13],
        ],
      ],
    ],
    wrong: [
      [
        '2023 was a weak year for four markets: Italy, Sweden, the USA and Spain all bought less than in 2022.',
        (t) => [
          [
            ['Italy', 'Sweden', 'USA', 'Spain'].every(
              (name) => t.at(name, 'exports_2023') < t.at(name, 'exports_2022'),
            ),
            true,
          ],
        ],
      ],
      [
        'Turkey bought goods for 3.36 million euros in 2023 and for 3.91 million in 2024.',
        (t) => [
          [t.at('Turkey', 'exports_2023') / 1000, 3.36],
          [t.at('Turkey', 'exports_2024') / 1000, 3.91],
        ],
      ],
      [
        'Shipments to the USA jumped by 30.5 % in 2024, after a fall of 8.3 % in 2023.',
        (t) => [
          [change(t.at('USA', 'exports_2023'), t.at('USA', 'exports_2024')), 30.5],
          [change(t.at('USA', 'exports_2022'), t.at('USA', 'exports_2023')), -8.3],
        ],
      ],
      [
        'France, Italy and the USA took 66 % of the exports of 2024.',
        (t) => [
          [
            share(
              ['France', 'Italy', 'USA'].reduce((sum, name) => sum + t.at(name, 'exports_2024'), 0),
              t.sum('exports_2024'),
            ),
            66,
          ],
        ],
      ],
      [
        'Italy peaked in 2021 at 12,610 thousand euros.',
        (t) => [
          [t.at('Italy', 'exports_2021'), 12_610],
          [years.every((year) => t.at('Italy', year) <= 12_610), true],
        ],
      ],
    ],
  }),
  ...said(survey, {
    right: [
      [
        'Work is seen as meaningful by 78 % of the staff, up four points on 2025, whereas just 42 % find their pay fair (2025: 47 %).',
        (t) => [
          [t.at('My work is meaningful', 'agree_pct'), 78],
          [78 - t.at('My work is meaningful', 'agree_2025_pct'), 4],
          [t.at('Pay is fair', 'agree_pct'), 42],
          [t.at('Pay is fair', 'agree_2025_pct'), 47],
        ],
      ],
      [
        'The biggest gain is in planning one’s own day, from 58 % to 66 %. Nothing moved on managers: 70 % in both years.',
        (t) => [
          [t.at('I can plan my day', 'agree_2025_pct'), 58],
          [t.at('I can plan my day', 'agree_pct'), 66],
          [t.rows.every(([name = '']) => t.at(name, 'agree_pct') - t.at(name, 'agree_2025_pct') <= 8), true],
          [t.at('My manager listens', 'agree_pct'), 70],
          [t.at('My manager listens', 'agree_2025_pct'), 70],
        ],
      ],
      [
        'More people think meetings are useless (39 %) than useful (33 %); 28 % are undecided.',
        (t) => [
          [t.at('Meetings are useful', 'disagree_pct'), 39],
          [t.at('Meetings are useful', 'agree_pct'), 33],
          [t.at('Meetings are useful', 'neutral_pct'), 28],
        ],
      ],
    ],
    wrong: [
      [
        'Only 1,187 people answered the question on pay, 27 fewer than the one on meaningful work (1,204).',
        (t) => [
          [t.at('Pay is fair', 'answers'), 1187],
          [t.at('My work is meaningful', 'answers') - t.at('Pay is fair', 'answers'), 27],
          [t.at('My work is meaningful', 'answers'), 1204],
        ],
      ],
      [
        'Would people recommend us? 61 % agree and 23 % do not.',
        (t) => [
          [t.at('I would recommend us', 'agree_pct'), 61],
          [t.at('I would recommend us', 'disagree_pct'), 23],
        ],
      ],
      [
        'The willingness to recommend us fell by 5 %, from 66 % to 61 %.',
        (t) => [
          [t.at('I would recommend us', 'agree_2025_pct'), 66],
          [t.at('I would recommend us', 'agree_pct'), 61],
          [change(66, 61), -5],
        ],
      ],
      [
        'Five of the six questions found a majority that agrees.',
        (t) => [
          [t.count({ agree_pct: (value) => value > 50 }), 5],
          [t.count(), 6],
        ],
      ],
      [
        'Fairness of pay has the most critics, 37 %.',
        (t) => [
          [t.at('Pay is fair', 'disagree_pct'), 37],
          [t.highest('question', 'disagree_pct'), 'Pay is fair'],
        ],
      ],
    ],
  }),
  ...said('1-14889048-2', {
    right: [
      [
        'Cerro Porteño won the league with 38 points from 18 games, seven more than Libertad.',
        (t) => [
          [t.at('cerro porteño', 'points'), 38],
          [t.at('cerro porteño', 'played'), 18],
          [t.at('cerro porteño', 'points') - t.at('libertad', 'points'), 7],
        ],
      ],
      [
        'Tacuary drew twelve of its 18 matches, twice as many as Nacional, and let in only 14 goals.',
        (t) => [
          [t.at('tacuary', 'draws'), 12],
          [t.at('tacuary', 'played'), 18],
          [t.at('tacuary', 'draws') / t.at('nacional', 'draws'), 2],
          [t.at('tacuary', 'conceded'), 14],
        ],
      ],
      [
        'Last was 12 de Octubre. They won three times and scored 19 goals.',
        (t) => [
          [t.at('12 de octubre', 'position'), 9],
          [t.count(), 9],
          [t.at('12 de octubre', 'wins'), 3],
          [t.at('12 de octubre', 'scored'), 19],
        ],
      ],
    ],
    wrong: [
      [
        'Libertad had a record of 9 wins, 5 draws and 4 losses.',
        (t) => [
          [t.at('libertad', 'wins'), 9],
          [`${t.at('libertad', 'draws')}-${t.at('libertad', 'losses')}`, '5-4'],
        ],
      ],
      [
        'Guaraní conceded 29 goals and scored 22, a difference of −8.',
        (t) => [
          [t.at('guaraní', 'conceded'), 29],
          [t.at('guaraní', 'scored'), 22],
          [t.at('guaraní', 'scored') - t.at('guaraní', 'conceded'), -8],
        ],
      ],
      [
        'Sol de América and Sportivo Luqueño both ended on 21 points.',
        (t) => [[t.at('sol de américa', 'points') === 21 && t.at('sportivo luqueño', 'points') === 21, true]],
      ],
    ],
  }),
  ...said('1-24781886-2', {
    right: [
      [
        'Gary Uses His Veto had 8.82 million viewers, the best of the 19 episodes; the weakest was Gary Meets the Gang with 6.44 million.',
        (t) => [
          [t.highest('title', 'viewers'), 'gary uses his veto'],
          [t.at('gary uses his veto', 'viewers'), 8.82],
          [t.count(), 19],
          [t.lowest('title', 'viewers'), 'gary meets the gang'],
          [t.at('gary meets the gang', 'viewers'), 6.44],
        ],
      ],
      [
        'The first season averaged 7.42 million. Four of its episodes passed 8 million.',
        (t) => [
          [t.mean('viewers'), 7.42],
          [t.count({ viewers: (value) => value > 8 }), 4],
        ],
      ],
    ],
    wrong: [
      [
        'The pilot aired on September 24, 2008 in front of 6.97 million people.',
        (t) => [
          [t.text('pilot', 'air date'), 'september 24 , 2008'],
          [t.at('pilot', 'viewers'), 6.97],
        ],
      ],
      [
        'The audience grew by 0.18 million from the first to the last episode.',
        (t) => [
          [t.at('gary and his half brother', 'viewers') - t.at('pilot', 'viewers') > 0, true],
          [Math.abs(t.at('gary and his half brother', 'viewers') - t.at('pilot', 'viewers')), 0.18],
        ],
      ],
    ],
  }),
  ...said('1-23685152-2', {
    right: [
      [
        'The largest crowd, 33,549, saw the 38–21 loss against the Eskimos in week 10.',
        (t) => [
          [t.max('attendance'), 33_549],
          [t.text('33549', 'final score'), 'l 38 - 21'],
          [t.text('33549', 'opponent'), 'eskimos'],
          [t.at('33549', 'week'), 10],
        ],
      ],
      [
        'The team won 13 of its 17 games (76 %) in front of 22,817 spectators on average.',
        (t) => [
          [t.texts('final score').filter((score) => score.startsWith('w')).length, 13],
          [t.count(), 17],
          [share(13, 17), 76],
          [t.mean('attendance'), 22_817],
        ],
      ],
    ],
    wrong: [
      [
        'Against the Lions on August 11 they won 24–12, with an attendance of 21,846.',
        (t) => [
          [t.text('august 11', 'opponent'), 'lions'],
          [t.text('august 11', 'final score'), 'w 24 - 12'],
          [t.at('august 11', 'attendance'), 21_846],
        ],
      ],
      ['Nine games were played at Exhibition Stadium.', (t) => [[t.count({ location: 'exhibition stadium' }), 9]]],
    ],
  }),
  ...said('oecd_education_spending', {
    right: [
      [
        'In 2013 the United States spent 2.6 % of GDP on tertiary education (TRY), the highest value of all, slightly below its 2.7 % of 2012.',
        (t) => [
          [t.at(['USA', 'TRY', '2013'], 'Value'), 2.6],
          [t.highest('LOCATION', 'Value', { SUBJECT: 'TRY', TIME: '2013' }), 'USA'],
          [t.at(['USA', 'TRY', '2012'], 'Value'), 2.7],
        ],
      ],
      [
        'For GBR, spending on primary to non-tertiary education (PRY_NTRY) went up from 4.4 in 2012 to 4.8 in 2013.',
        (t) => [
          [t.at(['GBR', 'PRY_NTRY', '2012'], 'Value'), 4.4],
          [t.at(['GBR', 'PRY_NTRY', '2013'], 'Value'), 4.8],
        ],
      ],
    ],
    wrong: [
      [
        'Japan (JPN) put 1.6 % of GDP into tertiary education in 2012.',
        (t) => [[t.at(['JPN', 'TRY', '2012'], 'Value'), 1.6]],
      ],
      [
        'Norway (NOR) is far above the 2013 average of 3.67 for PRY_NTRY: it spent 4.6.',
        (t) => [
          [t.mean('Value', { SUBJECT: 'PRY_NTRY', TIME: '2013' }), 3.67],
          [t.at(['NOR', 'PRY_NTRY', '2013'], 'Value'), 4.6],
        ],
      ],
    ],
  }),
  ...said('microsoft', {
    right: [
      [
        'The share closed at $90.00 on 19 January 2018, 43 % above its $62.96 of a year earlier (23 January 2017).',
        (t) => [
          [t.at('19-Jan-18', 'Close'), 90],
          [t.at('23-Jan-17', 'Close'), 62.96],
          [change(62.96, 90), 43],
        ],
      ],
      [
        'Trading peaked on 27 October 2017 with 71 million shares; a normal day had 22.6 million.',
        (t) => [
          [t.highest('Date', 'Volume'), '27-Oct-17'],
          [t.max('Volume') / 1e6, 71],
          [t.mean('Volume') / 1e6, 22.6],
        ],
      ],
      [
        'Over the 251 trading days the closing price averaged $73.32, with a median of $72.47.',
        (t) => [
          [t.count(), 251],
          [t.mean('Close'), 73.32],
          [t.median('Close'), 72.47],
        ],
      ],
    ],
    wrong: [
      [
        'On 29 December 2017 the stock opened at 85.63 and closed at 85.50.',
        (t) => [
          [t.at('29-Dec-17', 'Open'), 85.63],
          [t.at('29-Dec-17', 'Close'), 85.5, 2],
        ],
      ],
      [
        'The highest price of the period, $90.79, was paid on 19 January 2018.',
        (t) => [
          [t.max('High'), 90.79],
          [t.highest('Date', 'High'), '19-Jan-18'],
        ],
      ],
      [
        'The quietest day was 24 November 2017: 7.43 billion shares.',
        (t) => [
          [t.lowest('Date', 'Volume'), '24-Nov-17'],
          [t.min('Volume') / 1e9, 7.43],
        ],
      ],
    ],
  }),
]
