-- Answers of calls that are no decisions about an order, as they went over the wire. The key of a call that names no
-- offer is that of offer 0. The body is there from the moment at which the row can be seen.
alter table redemption_keys
    add column status  smallint,
    add column headers text,
    add column body    text,
    drop constraint redemption_keys_check,
    add constraint redemption_keys_check
        check (refusal is not null or redemption_id is not null or reservation_id is not null
               or status is not null);
