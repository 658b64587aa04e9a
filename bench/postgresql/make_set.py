#!/usr/bin/python3
"""Makes the set that fundtrail and PostgreSQL stand beside each other on: make_set.py FOLDER [ROUNDS]

Four levels: one donor, 125 departments, 2,000 counties, 6,000 services and 13,874 homes, so 22,000 accounts. A round has one grant
and the 399 payments that pass it on; 500 rounds make 200,000 payments. None is earmarked. The same call makes the same bytes.

It writes payments.csv for `fundtrail import csv`. For PostgreSQL it writes accounts.tsv, payments.tsv and pieces.tsv: the same
payments, and the intervals that first in, first out gives them. asks.tsv has three traces with what a walk of its own found:
a name, the payments that are asked about, the party where they are all that it received, how many flows there are and how many units they carry.
"""
import csv
import datetime
import os
import sys

LEVELS = [('d', 125, 1), ('county', 2000, 21), ('service', 6000, 3), ('home', 13874, 5)]  # how many a payer of a round pays
PART = 97  # of 100 units that came in with the round are paid on, so that payments take parts of older receipts
GRANT = 100_000_000
WANTED = [('15 flows', 15), ('400 flows', 400), ('1,600 flows', 1600)]


class Account:
    def __init__(self, number, name, role):
        self.number, self.name, self.role = number, name, role
        self.received = self.drawn = 0
        self.pieces = []  # from, to, payee, where it begins there, payment


def make(rounds):
    accounts, payments = [], []

    def open_account(name, role):
        accounts.append(Account(len(accounts) + 1, name, role))
        return accounts[-1]

    donor = open_account('donor', 'SOURCE')
    levels = []
    for depth, (name, count, _) in enumerate(LEVELS):
        role = 'RECIPIENT' if depth == len(LEVELS) - 1 else 'HOLDER'
        levels.append([open_account('%s%d' % (name, n), role) for n in range(count)])

    def pay(payer, payee, amount, day):
        if payer is donor:
            payer.received += amount
        assert payer.drawn + amount <= payer.received, 'nobody pays more than it holds'
        number = len(payments) + 1
        payer.pieces.append((payer.drawn, payer.drawn + amount, payee, payee.received, number))
        payments.append((number, payer, payee, amount, day, payee.received))
        payer.drawn += amount
        payee.received += amount

    state = 20261130
    for turn in range(rounds):
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=turn)
        payers = [(donor, GRANT)]
        for depth, (_, count, times) in enumerate(LEVELS):
            paid = []
            for payer, brought in payers:
                share = (brought if depth == 0 else brought * PART // 100) // times
                for _ in range(times):
                    amount = share - len(paid)  # no two of a round alike, or an import would ask whether they are one
                    if depth == 0:
                        chosen = turn % count
                    else:
                        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                        chosen = (state >> 33) % count
                    payee = levels[depth][chosen]
                    pay(payer, payee, amount, day)
                    paid.append((payee, amount))
            payers = paid
    return accounts, payments


def follow(payments, asked):
    """The flows (payer, payee) of what these payments brought, with their units: each piece of a walk by itself."""
    flows = {}
    waiting = []
    for number in asked:
        _, _, payee, amount, _, at = payments[number - 1]
        waiting.append((payee, at, at + amount))
    while waiting:
        account, low, high = waiting.pop()
        for begin, end, payee, at, _ in account.pieces:
            if begin < high and end > low:
                first, last = max(begin, low), min(end, high)
                key = (account.number, payee.number)
                flows[key] = flows.get(key, 0) + last - first
                waiting.append((payee, at + first - begin, at + last - begin))
    return flows


def nearest(payments, wanted):
    """Payments whose trace has about so many flows: to a county, a grant, or several grants of one department."""
    middle = [p for p in payments[len(payments) // 3:len(payments) * 2 // 3]]
    grants = [p for p in payments if p[1].name == 'donor']
    if wanted < 100:
        candidates = [[p[0]] for p in middle if p[2].name.startswith('county')][:300]
    elif wanted < 1000:
        candidates = [[p[0]] for p in middle if p[1].name == 'donor']
    else:
        by_department = {}
        for p in grants:
            by_department.setdefault(p[2].name, []).append(p[0])
        candidates = list(by_department.values())
    found = [(abs(len(follow(payments, asked)) - wanted), asked) for asked in candidates]
    return min(found)[1]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit('usage: make_set.py FOLDER [ROUNDS]')
    folder = sys.argv[1]
    accounts, payments = make(int(sys.argv[2]) if len(sys.argv) == 3 else 500)
    with open(os.path.join(folder, 'payments.csv'), 'w', encoding='utf-8', newline='') as out:
        rows = csv.writer(out)
        rows.writerow(['date', 'from', 'to', 'amount', 'asset', 'fund', 'from_role', 'to_role', 'purpose'])
        for _, payer, payee, amount, day, _ in payments:
            units = '%d.%02d' % divmod(amount, 100)
            rows.writerow([day, payer.name, payee.name, units, 'CNY', 'relief', payer.role, payee.role, 'winter relief'])
    tables = {
        'accounts': ([a.number, a.name, 'relief', 'CNY', a.role] for a in accounts),
        'payments': ([n, p.number, q.number, amount, day, at, 'winter relief'] for n, p, q, amount, day, at in payments),
        'pieces': ([a.number, low, high, payee.number, at, n] for a in accounts for low, high, payee, at, n in a.pieces),
        'asks': None,
    }
    asks = []
    for name, wanted in WANTED:
        asked = nearest(payments, wanted)
        flows = follow(payments, asked)
        party = payments[asked[0] - 1][2].name if len(asked) > 1 else ''
        asks.append([name, ','.join(map(str, asked)), party, len(flows), sum(flows.values())])
    tables['asks'] = asks
    for name, rows in tables.items():
        with open(os.path.join(folder, name + '.tsv'), 'w', encoding='utf-8') as out:
            for row in rows:
                out.write('\t'.join(map(str, row)) + '\n')
    print('%d accounts, %d payments' % (len(accounts), len(payments)))


if __name__ == '__main__':
    main()
