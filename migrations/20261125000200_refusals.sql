-- Customers who were turned away, by the day in the offer's zone: how many, why, and what they would have
-- been given. Counted with the batch that refused them; a refusal that is only repeated is not counted again.
create table offer_refusals (
    offer_id bigint not null references offers (id) on delete cascade,
    day      date not null,
    reason   text not null,
    refusals bigint not null,
    discount numeric(24, 4) not null,
    primary key (offer_id, day, reason)
) with (fillfactor = 80);
