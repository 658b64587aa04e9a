#!/usr/bin/env python3
"""Makes the registers of this example from OCHA's two files: flows.csv and requirements.csv.

python3 make.py          writes assets, places, parties, categories, programme, projects and needs .csv, and published.tsv
python3 make.py --check  writes nothing, and fails when a file or the [replace.project] of fts.toml is not as it would be

What is not in OCHA's files is said in README.md: the codes of the clusters, and who proposes and approves.
"""
import collections
import csv
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PLAN = 'Afghanistan 2020'
PROGRAMME = 'HAFG20'  # the plan's code in requirements.csv
PLACE = 'AFG'
OWNER = 'afg-icct'
YEAR = ('2020-01-01', '2020-12-31')  # the plan's, in requirements.csv

# The clusters of the plan: code, name in requirements.csv. The line "… COVID-19" of each is a category below it.
CLUSTERS = {
    'EDU': 'Education in Emergencies',
    'FSC': 'Food Security',
    'HEA': 'Health',
    'NUT': 'Nutrition',
    'PRO': 'Protection',
    'SHL': 'Emergency Shelter and NFIs',
    'WSH': 'Water, Sanitation and Hygiene',
    'LOG': 'Aviation',
    'COO': 'Coordination',
}
# What else the clusters' classification has: code, name, what it is a part of.
OTHERS = [
    ('CPN', 'Child Protection', 'PRO'),
    ('GBV', 'Gender Based Violence', 'PRO'),
    ('HLP', 'Housing, Land and Property', 'PRO'),
    ('MIN', 'Mine Action', 'PRO'),
    ('CCM', 'Camp Coordination and Camp Management', ''),
    ('MS', 'Multi-sector', ''),
]
# What flows.csv calls a cluster, and which code that is.
GLOBAL = {
    'Food Security': 'FSC',
    'Agriculture': 'FSC',
    'COVID-19': 'C19',
    'Emergency Shelter and NFI': 'SHL',
    'Nutrition': 'NUT',
    'Education': 'EDU',
    'Coordination and support services': 'COO',
    'Logistics': 'LOG',
    'Protection': 'PRO',
    'Child Protection': 'CPN',
    'Gender Based Violence': 'GBV',
    'Housing, Land and Property': 'HLP',
    'Mine Action': 'MIN',
    'Multi-sector': 'MS',
    'Health': 'HEA',
    'Water Sanitation Hygiene': 'WSH',
}
PARENT = {code: parent for code, _, parent in OTHERS}


def read(name):
    with open(HERE / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def number(text):
    return int(float(text or 0))


def lines_of_plan():
    """The 16 lines with a requirement: category, name, requirement and published funding."""
    names = {name: code for code, name in CLUSTERS.items()}
    lines = []
    for row in read('requirements.csv'):
        covid = row['cluster'].endswith(' COVID-19')
        code = names.get(row['cluster'].removesuffix(' COVID-19'))
        if code and number(row['requirements']) > 0:
            lines.append((code + ('-C19' if covid else ''), row['cluster'], number(row['requirements'])))
    assert len(lines) == 16, lines
    return lines


def categories_of(cell):
    """The categories of a set of clusters as flows.csv writes it, in the order of codes."""
    codes = {GLOBAL[name] for name in cell.split('; ')}
    if 'C19' in codes:  # stands with one cluster alone, and means its line for COVID-19
        codes.remove('C19')
        codes = {code + '-C19' for code in codes}
    # OCHA counts what is multi-sector and protection as protection; a part beside its whole is the whole.
    if codes == {'MS', 'PRO'}:
        return ['PRO']
    return sorted(code for code in codes if PARENT.get(code) not in codes)


def project_ids():
    """What [replace.project] of fts.toml says: each set of clusters in a flow of the plan, and its project."""
    cells = sorted({row['destCluster'] for row in read('flows.csv') if row['destPlan'] == PLAN and row['destCluster']})
    # The set itself and not its categories: so a project says what the flow said. Two orders are one set.
    return {cell: 'hafg20-' + '-'.join(sorted({word_of(name) for name in cell.split('; ')})) for cell in cells}


def word_of(name):
    return {'COVID-19': 'c19', 'Agriculture': 'agr'}.get(name, GLOBAL[name].lower())


def tables():
    lines = lines_of_plan()
    asked = {code: amount for code, _, amount in lines}
    whole = sum(asked.values())
    out = {}
    out['assets.csv'] = [['code', 'name', 'decimals'], ['USD', 'US dollar', 2]]
    out['places.csv'] = [['id', 'name', 'level'], [PLACE, 'Afghanistan', 0]]
    out['parties.csv'] = [
        ['id', 'name', 'kind', 'place'],
        [OWNER, 'Inter-Cluster Coordination Team, Afghanistan', 'other', PLACE],
        ['afg-hct', 'Humanitarian Country Team, Afghanistan', 'other', PLACE],
    ]
    scheme = 'clusters of the Humanitarian Programme Cycle'
    categories = [['id', 'name', 'parent', 'scheme', 'code']]
    categories += [[code, name, '', scheme, code] for code, name in CLUSTERS.items()]
    categories += [[code, name, parent, scheme, code] for code, name, parent in OTHERS]
    categories += [[code, name, code.removesuffix('-C19'), PLAN, ''] for code, name, _ in lines if '-C19' in code]
    out['categories.csv'] = categories
    out['programme.csv'] = [
        ['id', 'name', 'owner', 'from', 'until'],
        [PROGRAMME, 'Humanitarian plan ' + PLAN, OWNER, *YEAR],
    ]

    def requirement(code):  # of the cluster that the category belongs to, with its line for COVID-19
        top = PARENT.get(code) or code
        return asked.get(top, 0) + asked.get(top + '-C19', 0)

    projects = [['id', 'name', 'programme', 'owner', 'places', 'categories', 'asset', 'targets', 'from', 'until']]
    cells = collections.defaultdict(list)
    for cell, project in project_ids().items():
        cells[project].append(cell)
    for project, same in sorted(cells.items()):
        codes = categories_of(same[0])
        assert all(categories_of(cell) == codes for cell in same), same
        target = sum(requirement(code) for code in codes) or whole  # multi-sector: the plan asks for no such line
        name = PLAN + ': ' + '; '.join(sorted(same[0].split('; ')))
        targets = f'requirement of the plan funded={target}=USD'
        projects.append([project, name, PROGRAMME, OWNER, PLACE, '; '.join(codes), 'USD', targets, *YEAR])
    out['projects.csv'] = projects

    needs = [['id', 'owner', 'place', 'category', 'asset', 'amount', 'from', 'until', 'source']]
    for code, name, amount in lines:
        source = f'OCHA FTS, requirements of plan {PROGRAMME}: {name}'
        needs.append(['hafg20-need-' + code.lower(), OWNER, PLACE, code, 'USD', f'{amount}.00', *YEAR, source])
    out['needs.csv'] = needs
    out['published.tsv'] = published()
    return out


def published():
    """What OCHA published: of each cluster with its line for COVID-19, and of these lines alone."""
    rows = {row['cluster']: (number(row['requirements']), number(row['funding'])) for row in read('requirements.csv')}
    table = [['category', 'asked', 'funded', 'name']]
    for code, name in CLUSTERS.items():
        own, covid = rows[name], rows.get(name + ' COVID-19', (0, 0))
        table.append([code, own[0] + covid[0], own[1] + covid[1], name])
        if covid[0]:
            table.append([code + '-C19', *covid, name + ' COVID-19'])
    return table


def text_of(name, table):
    text = io.StringIO()
    tabs = name.endswith('.tsv')
    csv.writer(text, delimiter='\t' if tabs else ',', lineterminator='\n').writerows(table)
    return text.getvalue()


def main():
    check = sys.argv[1:] == ['--check']
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    wrong = []
    for name, table in tables().items():
        path = HERE / name
        if not check:
            path.write_text(text_of(name, table), encoding='utf-8')
        elif not path.exists() or path.read_text(encoding='utf-8') != text_of(name, table):
            wrong.append(name)
    lines = ''.join(f'"{cell}" = "{project}"\n' for cell, project in project_ids().items())
    if f'\n[replace.project]\n{lines}\n' not in (HERE / 'fts.toml').read_text(encoding='utf-8'):
        print('fts.toml must have:\n\n[replace.project]\n' + lines)
        wrong.append('fts.toml')
    if wrong:
        sys.exit('not as make.py makes it: ' + ', '.join(wrong))


if __name__ == '__main__':
    main()
