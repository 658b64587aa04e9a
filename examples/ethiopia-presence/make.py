#!/usr/bin/env python3
"""Makes the registers of this example from the three files of others: places, presence_2025-08 and poverty_mpi_2019 .csv.

python3 make.py          writes et-places, et-categories, et-parties, et-deployments and et-needs .csv
python3 make.py --check  writes nothing, and fails when a file is not as it would be

What is ours and not OCHA's or OPHI's is said in README.md: how names become ids, and what stands for severity.
"""
import collections
import csv
import decimal
import io
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
COUNTRY = 'ET'
OWNER = 'ocha-ethiopia'
VERIFIER = 'ophi'
MONTH_END = '2025-08-31'  # what the rows of August call completed, ended then or before

POVERTY = 'MPI'
CLUSTERS = {  # as the files of the presence call them, and their codes in the Humanitarian Programme Cycle
    'Agriculture': 'AGR',
    'CCCM': 'CCM',
    'ESNFI': 'SHL',
    'Education': 'EDU',
    'Health': 'HEA',
    'Nutrition': 'NUT',
    'Protection': 'PRO',
    'WASH': 'WSH',
}
KINDS = {'International NGO': 'ngo', 'National NGO': 'ngo', 'UN Agency': 'un', 'Government': 'government'}
STATUSES = {'On-going': 'active', 'Completed': 'ended', 'Planned': 'planned', 'Suspended': 'suspended'}
SEVERITIES = [(50, 5), (30, 4), (15, 3), (5, 2), (0, 1)]  # from so many per cent in severe poverty on


def read(name):
    with open(HERE / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def clean(text):
    """One space, and a plain one, wherever there is white space: the files have no-break spaces at the end of names."""
    return ' '.join(text.split())


def slug(text):
    plain = ''.join(sign for sign in unicodedata.normalize('NFKD', text) if not unicodedata.combining(sign))
    return re.sub('[^a-z0-9]+', '-', plain.lower()).strip('-')


def pcode(code):
    return 'pcode:' + code


def places(presence):
    """The country, its regions, its zones, and of its woredas those with a row of presence; each after what is above it."""
    rows = read('places.csv')
    regions = {row['P-Code']: row['Name'] for row in rows if row['Admin Level'] == '1'}
    zones = {row['P-Code']: (row['Name'], row['Parent P-Code'], '') for row in rows if row['Admin Level'] == '2'}
    codes_of_name = collections.defaultdict(list)
    for code, (name, _, _) in zones.items():
        codes_of_name[name].append(code)
    woredas = {}
    for row in presence:
        code = row['WoredaPcod']
        zone, region = code[:6], code[:4]
        woredas[code] = (clean(row['Woreda']), zone)
        if zone in zones:
            continue
        if row['Region'] == 'Contested':
            region = COUNTRY
        elif region not in regions:  # made after 2021, and so are its zones: some have the name of one in another region
            regions[region] = clean(row['Region'])
        name = clean(row['Zone'])
        before = codes_of_name[name]
        zones[code[:6]] = (name, region, before[0] if len(before) == 1 else '')
    table = [['id', 'name', 'parent', 'level', 'succeeds'], [pcode(COUNTRY), 'Ethiopia', '', 0, '']]
    table += [[pcode(code), name, pcode(COUNTRY), 1, ''] for code, name in sorted(regions.items())]
    for code, (name, above, before) in sorted(zones.items()):
        table.append([pcode(code), name, pcode(above), 2, pcode(before) if before else ''])
    table += [[pcode(code), name, pcode(zone), 3, ''] for code, (name, zone) in sorted(woredas.items())]
    return table


def categories():
    scheme = 'clusters of the Humanitarian Programme Cycle'
    table = [['id', 'name', 'parent', 'scheme', 'code']]
    table.append([POVERTY, 'Multidimensional poverty', '', 'global Multidimensional Poverty Index', POVERTY])
    return table + [[code, name, POVERTY, scheme, code] for name, code in CLUSTERS.items()]


# The two ways in which a row names a body: the columns of the acronym, the name and the type.
IMPLEMENTING = ('Implementing Partner Acronym', 'Implementing Partner Name', 'Implementing Partner Type')
PROGRAM = ('Program partner Acronym', 'Program Partner Name', None)


class Bodies:
    """Bodies by their acronyms, since a name is spelt in several ways, or is not there. Acronyms with one name are one body."""

    def __init__(self, presence):
        self.uses = collections.Counter()  # of each acronym
        acronyms_of_name = collections.defaultdict(set)
        labels = []
        for row in presence:
            for acronym, name, kind in (IMPLEMENTING, PROGRAM):
                if not slug(row[acronym]):
                    continue
                labels.append((slug(row[acronym]), clean(row[acronym]), clean(row[name]), KINDS[row[kind]] if kind else ''))
                self.uses[labels[-1][0]] += 1
                if slug(row[name]):
                    acronyms_of_name[slug(row[name])].add(labels[-1][0])
        self.same = {}
        for together in acronyms_of_name.values():
            first = min(together, key=lambda acronym: (-self.uses[acronym], acronym))
            for acronym in together - {first}:
                assert self.same.setdefault(acronym, first) == first, acronym
        assert not set(self.same) & set(self.same.values())
        names, kinds, acronyms = (collections.defaultdict(collections.Counter) for _ in range(3))
        for acronym, written, name, kind in labels:
            body = self.same.get(acronym, acronym)
            acronyms[body][written] += 1
            if name:
                names[body][name] += 1
            if kind:
                kinds[body][kind] += 1
        self.rows = []
        for body in sorted(acronyms):
            assert len(kinds[body]) < 2, body
            self.rows.append([body, most(names[body] or acronyms[body]), most(kinds[body]), ''])

    def id(self, row, columns):
        acronym = slug(row[columns[0]])
        return self.same.get(acronym, acronym)


def most(counter):
    """What there is most of; of equals, the first by alphabet; nothing of nothing."""
    return min(counter, key=lambda text: (-counter[text], text), default='')


def parties(bodies):
    table = [['id', 'name', 'kind', 'place', 'role']]
    table.append([OWNER, 'OCHA Ethiopia', 'un', pcode(COUNTRY), 'holder'])
    table.append([VERIFIER, 'Oxford Poverty and Human Development Initiative', 'academic', pcode(COUNTRY), 'holder'])
    assert not {OWNER, VERIFIER} & {row[0] for row in bodies.rows}
    return table + [row + ['holder'] for row in bodies.rows]


def deployments(presence, bodies):
    table = [['id', 'owner', 'party', 'on_behalf_of', 'place', 'category', 'activity', 'to', 'status']]
    for line, row in enumerate(presence, 2):
        party, program = bodies.id(row, IMPLEMENTING), bodies.id(row, PROGRAM)
        if not party:
            continue
        status = STATUSES[row['Activity status']]
        table.append([
            f'presence-{line}', OWNER, party, program if program != party else '', pcode(row['WoredaPcod']),
            CLUSTERS[row['Cluster']], clean(row['Activity']), MONTH_END if status == 'ended' else '', status
        ])
    return table


def needs():
    """One of each region. The file has parts of the people and not how many they are, so a need says so many of 10,000."""
    table = [['id', 'owner', 'place', 'category', 'severity', 'quantity', 'unit', 'from', 'source']]
    for row in read('poverty_mpi_2019.csv'):
        code = row['Admin 1 PCode']
        if not code:  # the country: the same people once more
            continue
        severe = decimal.Decimal(row['In Severe Poverty'])
        of_10000 = (severe * 100).quantize(decimal.Decimal(1), rounding=decimal.ROUND_HALF_UP)
        severity = next(number for least, number in SEVERITIES if severe >= least)
        source = (f'global MPI, OPHI, {row["Survey"]} 2019: {row["Admin 1 Name"]}: headcount ratio {row["Headcount Ratio"]} %, '
                  f'intensity of deprivation {row["Intensity of Deprivation"]} %, in severe poverty {severe} %')
        table.append([
            'mpi-2019-' + code.lower(), OWNER, pcode(code), POVERTY, severity, of_10000,
            'of 10,000 people in severe multidimensional poverty', row['Start Date'][:10], source
        ])
    return table


def tables():
    presence = read('presence_2025-08.csv')
    bodies = Bodies(presence)
    return {
        'et-places.csv': places(presence),
        'et-categories.csv': categories(),
        'et-parties.csv': parties(bodies),
        'et-deployments.csv': deployments(presence, bodies),
        'et-needs.csv': needs(),
    }


def text_of(table):
    text = io.StringIO()
    csv.writer(text, lineterminator='\n').writerows(table)
    return text.getvalue()


def main():
    check = sys.argv[1:] == ['--check']
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    wrong = []
    for name, table in tables().items():
        path = HERE / name
        if not check:
            path.write_text(text_of(table), encoding='utf-8')
        elif not path.exists() or path.read_text(encoding='utf-8') != text_of(table):
            wrong.append(name)
    if wrong:
        sys.exit('not as make.py makes it: ' + ', '.join(wrong))


if __name__ == '__main__':
    main()
