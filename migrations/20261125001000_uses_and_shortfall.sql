-- How often one customer may redeem, and what becomes of an order for which the budget has not enough left.
alter table offers
    add column max_redemptions_per_customer bigint check (max_redemptions_per_customer > 0),
    add column on_budget_shortfall text not null default 'reject'
        check (on_budget_shortfall in ('reject', 'partial'));

-- What the terms give, where the budget had less left; null where that was given.
alter table redemptions add column discount_asked numeric(17, 4);

-- Standing redemptions and open reservations by customer, of those offers alone that limit them: it is a fold of
-- the ledger, made when the limit is set and kept with every redemption.
create table offer_customers (
    offer_id    bigint not null references offers (id) on delete cascade,
    customer_id text not null,
    uses        bigint not null check (uses >= 0),
    primary key (offer_id, customer_id)
) with (fillfactor = 80);
