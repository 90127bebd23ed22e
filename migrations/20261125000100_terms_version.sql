-- Counts the changes of an offer's row, by whatever hand, in the row that every redemption changes: what was
-- decided on remembered terms is written only if they are still the offer's. It stands here and not in
-- `offers` because a statement that waited for a row sees the newest state of that row alone.
alter table offer_counters add column terms_version bigint not null default 1;

create function offercast_terms_changed() returns trigger language plpgsql as $$
begin
    update offer_counters set terms_version = terms_version + 1 where offer_id = new.id;
    return null;
end
$$;

create trigger offercast_terms_changed after update on offers
    for each row execute function offercast_terms_changed();
