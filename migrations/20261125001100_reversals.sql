-- A reversal is an entry of the ledger: that of the redemption it takes back, with the discount negative and
-- on the same day.
alter table redemptions
    add column reverses bigint,
    add column reason   text,
    drop constraint redemptions_discount_check,
    add constraint redemptions_discount_check check (case when reverses is null then discount >= 0 else discount <= 0 end);

-- Once only.
create unique index redemptions_reverses on redemptions (offer_id, reverses) where reverses is not null;

-- To find the offer of a redemption. Ids come in the order of the rows, so that a summary of blocks does, which
-- costs a redemption nothing.
create index redemptions_id on redemptions using brin (id) with (pages_per_range = 16, autosummarize = on);
