-- What an offer asks of an order, and the most that it gives for one.
alter table offers
    add column min_order_amount numeric(17, 4) check (min_order_amount > 0),
    add column max_discount     numeric(17, 4) check (max_discount > 0);
