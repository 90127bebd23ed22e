-- What the offer added up to after each entry of its ledger, so that the chain can be proved entry by entry
-- and an answer be given again exactly. Nullable only for as long as a program may run that does not write
-- them.
alter table redemptions
    add column redeemed_after bigint,
    add column spent_after    numeric(20, 4),
    -- The budget by which the entry was decided, null without one and for recorded facts.
    add column budget         numeric(17, 4);

update redemptions r
set redeemed_after = t.redeemed_after, spent_after = t.spent_after
from (select offer_id, id, count(*) over entries as redeemed_after, sum(discount) over entries as spent_after
      from redemptions
      window entries as (partition by offer_id order by id rows unbounded preceding)) t
where r.offer_id = t.offer_id and r.id = t.id;
