-- What an import does, by a procedure: each payment is checked against what its payer holds, chained by SHA-256 to the one before
-- it, and posted with its interval. A hundred share a commit. No signature is checked, since PostgreSQL knows none.
create table holdings (account int primary key, received bigint not null, drawn bigint not null, is_source boolean not null);
create table posted (id int primary key, payer int not null, payee int not null, amount bigint not null, day date not null,
                     purpose text not null, hash bytea not null);
create table posted_pieces (account int not null, low bigint not null, high bigint not null, payee int not null,
                            to_position bigint not null, payment int not null, primary key (account, low));
create procedure post_all() language plpgsql as $$
declare
  payment record;
  drawn_to bigint;
  left_over bigint;
  received_to bigint;
  last bytea := '';
begin
  insert into holdings select id, 0, 0, role = 'SOURCE' from accounts;
  for payment in select * from incoming order by id loop
    update holdings set drawn = drawn + payment.amount, received = received + case when is_source then payment.amount else 0 end
      where account = payment.payer returning drawn, received - drawn into drawn_to, left_over;
    if left_over is null or left_over < 0 then
      raise exception 'payment % pays more than its payer holds', payment.id;
    end if;
    update holdings set received = received + payment.amount where account = payment.payee returning received into received_to;
    last := sha256(last || convert_to(concat_ws('|', payment.id, payment.payer, payment.payee, payment.amount, payment.day,
                                                payment.purpose), 'UTF8'));
    insert into posted values (payment.id, payment.payer, payment.payee, payment.amount, payment.day, payment.purpose, last);
    insert into posted_pieces values (payment.payer, drawn_to - payment.amount, drawn_to, payment.payee,
                                      received_to - payment.amount, payment.id);
    if payment.id % 100 = 0 then
      commit;
    end if;
  end loop;
end
$$;
