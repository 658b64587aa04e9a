-- The set of make_set.py as a database would keep it to be followed: each interval once, found by account and position.
create table accounts (id int primary key, party text not null, fund text not null, asset text not null, role text not null);
create table payments (id int primary key, payer int not null, payee int not null, amount bigint not null, day date not null,
                       to_position bigint not null, purpose text not null);
create table pieces (account int not null, low bigint not null, high bigint not null, payee int not null,
                     to_position bigint not null, payment int not null);
\copy accounts from 'accounts.tsv'
\copy payments from 'payments.tsv'
\copy pieces from 'pieces.tsv'
-- A walk needs nothing but this index of the pieces.
create unique index pieces_by_position on pieces (account, low) include (high, payee, to_position, payment);
cluster pieces using pieces_by_position;
vacuum (freeze, analyze) accounts;
vacuum (freeze, analyze) payments;
vacuum (freeze, analyze) pieces;
