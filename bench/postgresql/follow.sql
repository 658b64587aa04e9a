with recursive walk (payer, account, low, high, payment) as (
  select 0, payee, to_position, to_position + amount, 0 from payments where id = any (:asked)
  union all
  select walk.account, piece.payee, piece.to_position + greatest(walk.low, piece.low) - piece.low,
         piece.to_position + least(walk.high, piece.high) - piece.low, piece.payment
  from walk
  cross join lateral (
    select * from pieces
    where pieces.account = walk.account and pieces.low < walk.high
      and pieces.low >= coalesce((select before.low from pieces as before
                                  where before.account = walk.account and before.low <= walk.low
                                  order by before.low desc limit 1), walk.low)
  ) as piece
  where piece.high > walk.low
), flows as (
  select walk.payer, account, sum(high - low)::bigint as amount, count(distinct payment) as payments, min(day) as first, max(day) as last
  from walk join payments on payments.id = walk.payment
  group by walk.payer, account
)
select payer.party, payer.fund, payer.asset, payee.party, payee.fund, payee.asset, amount, payments, first, last
from flows join accounts as payer on payer.id = flows.payer join accounts as payee on payee.id = flows.account
